"""The code of a pull request gets nothing; what gets something never runs that code."""

from __future__ import annotations

from typing import Any

import pytest
from workflow_files import ACTIONS, WORKFLOWS, Yaml, from_page, parse, read, steps

PAIRS = {
    "ours": (
        (WORKFLOWS / "review.yml").read_text("utf-8"),
        (WORKFLOWS / "review-comment.yml").read_text("utf-8"),
    ),
    "page": (
        from_page()[".github/workflows/review.yml"],
        from_page()[".github/workflows/review-comment.yml"],
    ),
}
SYNTHESIZE = read(ACTIONS / "synthesize" / "action.yml")
OF_THE_HEAD = ("head_sha", "head_branch", "head_ref", "head_repository", "pull/", "pull_request")
MAY_WRITE = {
    "actions": "read",
    "contents": "read",
    "pull-requests": "write",
    "statuses": "write",
}

pairs = pytest.mark.parametrize(("untrusted", "trusted"), PAIRS.values(), ids=PAIRS.keys())


@pairs
def test_the_code_of_a_pull_request_runs_with_nothing(untrusted: str, trusted: str) -> None:
    """The job that runs it may read the repository: no secret, no token in the clone, no AWS."""
    del trusted
    document = parse(untrusted)
    assert list(document["on"]) == ["pull_request"]
    assert [job["permissions"] for job in document["jobs"].values()] == [{"contents": "read"}]
    assert all(word not in untrusted for word in ("secrets", "id-token", "github.token", "write:"))
    assert [clone["with"]["persist-credentials"] for clone in _clones(document)] == [False]


@pairs
def test_both_sides_are_synthesized_by_the_action(untrusted: str, trusted: str) -> None:
    """What is compared is left behind by one action, on both sides."""
    made = [
        step["with"]["artifact"]
        for document in (parse(untrusted), parse(trusted))
        for step in steps(document)
        if step.get("uses", "").partition("@")[0].endswith("/.github/actions/synthesize")
    ]
    assert made == ["head", "base"]


def test_what_it_leaves_behind_is_what_terraform_loads() -> None:
    """The artifact has the manifest and the files of stacks, which is what the other unpacks."""
    [upload] = [found for found in steps(SYNTHESIZE) if "uses" in found]
    assert upload["uses"].startswith("actions/upload-artifact@")
    assert [line.rpartition("}}/")[2] for line in upload["with"]["path"].splitlines()] == [
        "manifest.json",
        *("stacks/*/*.tf", "stacks/*/*.tf.json", "stacks/*/*.tofu", "stacks/*/*.tofu.json"),
        *("stacks/*/*.tfvars", "stacks/*/*.tfvars.json", "stacks/*/.terraform.lock.hcl"),
    ]
    assert upload["with"]["include-hidden-files"] is True


@pairs
def test_the_other_workflow_starts_when_the_first_has_ended(untrusted: str, trusted: str) -> None:
    """It is triggered by the run, so that it is the default branch that says what it does."""
    document = parse(trusted)
    assert document["on"] == {
        "workflow_run": {"workflows": [parse(untrusted)["name"]], "types": ["completed"]}
    }


@pairs
def test_the_job_that_may_write_runs_the_action_and_nothing_else(
    untrusted: str, trusted: str
) -> None:
    """No clone, no script, no other action: the review, which reads the artifacts, or its lack."""
    del untrusted
    jobs = parse(trusted)["jobs"]
    writing = {name: job for name, job in jobs.items() if "write" in job["permissions"].values()}
    assert {name: job["permissions"] for name, job in writing.items()} == {
        "review": MAY_WRITE,
        # It fetches nothing of the run that failed.
        "no-review": {name: may for name, may in MAY_WRITE.items() if name != "actions"},
    }
    for name, job in writing.items():
        [only] = job["steps"]
        assert only["uses"].partition("@")[0].endswith(f"/.github/actions/{name}")
        assert not any(word in str(only.get("with")) for word in OF_THE_HEAD)


@pairs
def test_a_head_without_a_review_is_always_said(untrusted: str, trusted: str) -> None:
    """Whatever failed or was cut off on the way, the last job of the workflow runs."""
    del untrusted
    job = parse(trusted)["jobs"]["no-review"]
    assert job["needs"] == ["base", "review"]
    assert job["if"] == (
        "always() && github.event.workflow_run.event == 'pull_request' "
        "&& needs.review.result != 'success'"
    )


@pairs
def test_only_the_base_is_checked_out(untrusted: str, trusted: str) -> None:
    """What runs beside a token is the commit that GitHub named as the base, and no other."""
    del untrusted
    document = parse(trusted)
    clones = [clone["with"] for clone in _clones(document)]
    assert [clone["ref"] for clone in clones] == ["${{ steps.find.outputs.base-sha }}"]
    assert [clone["persist-credentials"] for clone in clones] == [False]
    assert "allow-unsafe-pr-checkout" not in trusted
    assert not any(word in str(_without_conditions(document)) for word in OF_THE_HEAD)


@pairs
def test_the_job_that_synthesizes_the_base_may_not_write(untrusted: str, trusted: str) -> None:
    """An old base is code too, so it gets no token that writes."""
    del untrusted
    jobs = parse(trusted)["jobs"].values()
    cloning = [job for job in jobs if _clones({"jobs": {"job": job}})]
    assert [set(job["permissions"].values()) for job in cloning] == [{"read"}]


@pytest.mark.parametrize(
    "action", sorted(ACTIONS.glob("*/action.yml")), ids=lambda p: p.parent.name
)
def test_the_actions_run_what_lies_beside_them(action: Any) -> None:
    """An action clones nothing, calls nothing but an upload, and has its scripts beside it."""
    for found in steps(read(action)):
        assert found.get("uses", "actions/upload-artifact@").startswith("actions/upload-artifact@")
        assert "GITHUB_WORKSPACE" not in found.get("run", "")


def _clones(document: Yaml) -> list[Yaml]:
    return [step for step in steps(document) if "actions/checkout@" in step.get("uses", "")]


def _without_conditions(document: Yaml) -> list[Yaml]:
    return [{key: value for key, value in step.items() if key != "if"} for step in steps(document)]
