"""The pull request of a run is found through GitHub, and only where there is one to review."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fake_github import BASE, FORK, HEAD, NEWER, REPOSITORY, FakeGitHub, Json, pull, run_event
from github_server import call, outputs

if TYPE_CHECKING:
    from pathlib import Path

FOUND = {"found": "true", "number": "12", "head-sha": HEAD, "base-sha": BASE}
CLOSED = pull() | {"state": "closed"}
OF_DELETED_FORK = pull()
OF_DELETED_FORK["head"]["repo"] = None


@pytest.mark.parametrize("repository", [FORK, REPOSITORY], ids=["fork", "same-repository"])
def test_it_is_found_by_head_repository_branch_and_commit(
    github: FakeGitHub, tmp_path: Path, repository: str
) -> None:
    """The event of a fork says no number; the head it names is enough."""
    github.pulls = [pull(11, repository="other/deploy-access"), pull(repository=repository)]
    run = call(github, "find", tmp_path, run_event(repository=repository))
    assert (run.returncode, outputs(tmp_path)) == (0, FOUND), run.stderr


def test_what_it_is_compared_with_is_where_it_left_the_branch(
    github: FakeGitHub, tmp_path: Path
) -> None:
    """GitHub is asked for the merge base; a branch with a slash is one part of the path."""
    github.pulls = [pull(base="release/1")]
    event = run_event()
    event["repository"]["default_branch"] = "release/1"
    call(github, "find", tmp_path, event)
    assert f"GET compare/release%2F1...{HEAD}" in github.requests
    assert outputs(tmp_path) == FOUND


def test_an_event_of_the_pull_request_itself_needs_no_search(
    github: FakeGitHub, tmp_path: Path
) -> None:
    """On `pull_request` the event has the pull request."""
    call(github, "find", tmp_path, {"pull_request": pull(repository=REPOSITORY)})
    assert outputs(tmp_path) == FOUND
    assert "GET pulls" not in github.requests


@pytest.mark.parametrize(
    ("found", "event"),
    [
        pytest.param(CLOSED, run_event(), id="closed"),
        pytest.param(pull(sha=NEWER), run_event(), id="newer-commit"),
        pytest.param(pull(base="other"), run_event(), id="other-base"),
        pytest.param(pull(repository="eve/deploy-access"), run_event(), id="other-fork"),
        pytest.param(OF_DELETED_FORK, run_event(), id="deleted-fork"),
        pytest.param(pull(), run_event(repository=None), id="deleted-head-repository"),
        pytest.param(pull(), run_event(event="push"), id="run-of-a-push"),
        pytest.param(pull(), run_event(conclusion="failure"), id="failed-run"),
    ],
)
@pytest.mark.parametrize("filters", [True, False], ids=["filtered", "unfiltered"])
def test_nothing_is_reviewed(
    github: FakeGitHub, tmp_path: Path, found: Json, event: Json, *, filters: bool
) -> None:
    """What is not exactly the pull request of the run is left alone, also if GitHub lists it."""
    github.pulls, github.filters = [found], filters
    run = call(github, "find", tmp_path, event)
    assert (run.returncode, outputs(tmp_path)) == (0, {"found": "false"}), run.stderr


def test_an_answer_without_a_commit_is_refused(github: FakeGitHub, tmp_path: Path) -> None:
    """What is no commit never becomes an output, where a later step would check it out."""
    github.pulls, github.merge_base = [pull()], "main\nfound=true"
    run = call(github, "find", tmp_path)
    assert run.returncode == 1
    assert "has no commit" in run.stdout


def test_an_error_of_github_is_said(github: FakeGitHub, tmp_path: Path) -> None:
    """A token that GitHub does not take stops the step with GitHub's answer."""
    run = call(github, "find", tmp_path, GITHUB_TOKEN="wrong")
    assert run.returncode == 1
    assert run.stdout.startswith("::error::GitHub answers 401 to GET pulls")
