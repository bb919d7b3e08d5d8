"""What is deployed is known from the last run that came to deploying, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fake_github import HEAD, NEWER, RUN, FakeGitHub, Json
from github_server import call, outputs

if TYPE_CHECKING:
    from pathlib import Path

PLAN: Json = {"name": "Plan", "steps": [{"name": "Synthesize both"}]}
WAVE: Json = {"name": "Wave 1 / web-prod (deploy)", "steps": [{"name": "Apply"}]}
WAITING: Json = {"name": "Wave 1 / web-prod (deploy)", "steps": []}


def _run(number: int, conclusion: str | None, sha: str = HEAD, **changed: object) -> Json:
    """Describe a run; a higher number was started later."""
    run: Json = {
        "id": number,
        "event": "push",
        "conclusion": conclusion,
        "head_sha": sha,
        "run_started_at": f"2026-11-21T10:00:{number:02}Z",
    }
    return run | changed


NOW = _run(RUN, None, NEWER)


@pytest.mark.parametrize(
    ("runs", "jobs", "commit"),
    [
        pytest.param([NOW], {}, "none", id="first-run"),
        pytest.param([NOW, _run(5, "success")], {}, HEAD, id="last-went-well"),
        pytest.param(
            [NOW, _run(6, "failure", NEWER), _run(5, "success")],
            {"6": [PLAN, WAVE]},
            "none",
            id="last-failed-while-deploying",
        ),
        pytest.param(
            [NOW, _run(6, "cancelled", NEWER), _run(5, "success")],
            {"6": [PLAN, WAVE]},
            "none",
            id="last-was-cancelled-while-deploying",
        ),
        pytest.param(
            [NOW, _run(6, "failure", NEWER), _run(5, "success")],
            {"6": [PLAN, WAITING]},
            HEAD,
            id="last-failed-before-deploying",
        ),
        pytest.param(
            [NOW, _run(6, "cancelled", NEWER), _run(5, "success")],
            {"6": []},
            HEAD,
            id="last-never-started",
        ),
        pytest.param(
            [NOW, _run(4, "success", NEWER), _run(5, "success")], {}, HEAD, id="older-one-repeated"
        ),
        pytest.param([NOW, _run(6, "failure")], {"6": [PLAN]}, "none", id="nothing-ever-deployed"),
        pytest.param(
            [NOW, _run(6, "success", NEWER, event="schedule"), _run(5, "success")],
            {},
            HEAD,
            id="other-event",
        ),
    ],
)
def test_the_deployed_commit_is_one_that_was_deployed_in_full(
    github: FakeGitHub, tmp_path: Path, runs: list[Json], jobs: dict[str, list[Json]], commit: str
) -> None:
    """A run that failed half-way leaves nobody knowing; then everything is planned."""
    github.runs, github.jobs = runs, jobs
    run = call(github, "deployed", tmp_path, WORKFLOW="deploy.yml", HARMLESS_JOB="Plan")
    assert (run.returncode, outputs(tmp_path)) == (0, {"commit": commit}), run.stderr
