"""A value that comes once is never proposed: the next run has another one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from explain_cases import (
    AUDIENCE,
    HOST,
    MAIN,
    Json,
    conditioned,
    explain,
    policy,
    run_of,
    statement,
    trusting,
)

WORKFLOW = ":job_workflow_ref:acme/ci/.github/workflows/d.yml@refs/heads/main"
QUEUE = "ref:refs/heads/gh-readonly-queue/main/pr-42-0123456789abcdef"
PULL = "ref:refs/pull/42/merge"
CONTEXTS = {
    QUEUE: ("merge-queue", "GitHub makes a new branch for each merge"),
    PULL: ("pull-request", "each pull request has a number of its own"),
    "ref:refs/pull/7/head": ("pull-request", "each pull request has a number of its own"),
    "ref:refs/tags/v1.2.3": ("release", "a tag comes once"),
    "ref:refs/tags/release-2026.1": ("release", "a tag comes once"),
    "ref:refs/tags/1.2": ("release", "a tag comes once"),
    "ref:refs/tags/latest": ("release", "a tag comes once"),
}
REPOSITORIES = ["repo:acme/web", "repo:acme@1/web@2"]


def trusted(change: Any) -> str:
    """Return the values of a policy after a change as text."""
    return json.dumps(change.policy["Statement"]) if change.policy else ""


@pytest.mark.parametrize("after", ["", WORKFLOW], ids=["default", "template"])
@pytest.mark.parametrize("repository", REPOSITORIES)
@pytest.mark.parametrize("wanted", ["ref:refs/heads/main", "environment:prod", "pull_request"])
@pytest.mark.parametrize("context", CONTEXTS)
def test_each_shape(context: str, wanted: str, repository: str, after: str) -> None:
    """In every form of `sub` an environment is offered, with the reason, and no exact value."""
    if context.startswith("ref:refs/pull/") and after:
        return  # Such a `sub` is in one report alone, and that is of the default template.
    environment, why = CONTEXTS[context]
    held = f"{repository}:{context}{after}"

    changes = explain(run_of(held), trusting(f"{repository}:{wanted}{after}")).cause.changes

    assert all(held not in trusted(change) for change in changes)
    (offered,) = [one for one in changes if f"trust that, as {why}." in one.text]
    assert f"{repository}:environment:{environment}{after}" in trusted(offered)
    assert ("YAML", f"environment: {environment}") in offered.forms
    assert offered.run is not None
    assert explain(offered.run, dict(offered.policy or {})).answer == "allowed"


@pytest.mark.parametrize("repository", REPOSITORIES)
def test_pattern_of_tags_in_a_template(repository: str) -> None:
    """Tags that look alike are trusted with the same pin of the workflow."""
    held = f"{repository}:ref:refs/tags/v1{WORKFLOW}"
    trust = trusting(f"{repository}:ref:refs/heads/main{WORKFLOW}")

    last = explain(run_of(held), trust).cause.changes[-1]

    assert f'"{repository}:ref:refs/tags/v*{WORKFLOW}"' in trusted(last)


@pytest.mark.parametrize(
    ("context", "cause"),
    [
        ("ref:refs/heads/main", "pull-request"),
        ("ref:refs/tags/v1", "pull-request"),
        ("environment:prod", "environment-in-policy"),
        ("pull_request", "other-subject"),
    ],
)
def test_cause_of_a_pull_request_with_its_number(context: str, cause: str) -> None:
    """A `sub` with the ref of a pull request, of which one report tells, is a pull request's."""
    assert (
        explain(run_of(f"repo:acme/web:{PULL}"), trusting(f"repo:acme/web:{context}")).cause.id
        == cause
    )


def claiming(claim: str, value: str, sub: str) -> Json:
    """Write a policy with a condition on another claim."""
    wanted = {**AUDIENCE, f"{HOST}:{claim}": value}
    return conditioned({"StringEquals": wanted, "StringLike": {f"{HOST}:sub": sub}})


@pytest.mark.parametrize(
    ("sub", "claim", "held", "wanted", "names"),
    [
        pytest.param(
            "repo:acme/web:pull_request", "ref", "refs/pull/42/merge", "refs/pull/41/merge",
            "pull request has a number", id="pull request",
        ),
        pytest.param(
            "repo:acme/web:environment:prod", "ref", "refs/tags/v1.2.3", "refs/heads/main",
            "`ref` is not proposed for the policy, as a tag comes once.",
            id="tag of an environment",
        ),
        pytest.param(
            "repo:acme/web:environment:prod", "ref", "refs/pull/4/merge", "refs/heads/main",
            "`ref` is not proposed for the policy, as each pull request has",
            id="pull request of an environment",
        ),
        pytest.param(
            "repo:acme/web:pull_request", "job_workflow_ref",
            "acme/web/.github/workflows/ci.yml@refs/pull/42/merge",
            "acme/web/.github/workflows/ci.yml@refs/heads/main",
            "`job_workflow_ref` is not proposed", id="workflow of a pull request",
        ),
        pytest.param(
            f"repo:acme/web:{QUEUE}", "ref", QUEUE.removeprefix("ref:"), "refs/heads/main",
            "GitHub makes a new branch for each merge", id="merge queue",
        ),
    ],
)  # fmt: skip
def test_other_claims(sub: str, claim: str, held: str, wanted: str, names: str) -> None:
    """Another claim that comes once is not proposed either, and that is said."""
    run = run_of(sub, claims={claim: held}, complete=True)
    finding = explain(run, claiming(claim, wanted, "repo:acme/web:*"))

    assert all(held not in trusted(change) for change in finding.cause.changes)
    assert names in f"{finding.cause.changes} {finding.notes}"


def test_workflow_at_a_tag() -> None:
    """A workflow that is called at a tag is trusted so: all its callers call it there."""
    held = "acme/ci/.github/workflows/d.yml@refs/tags/v2"
    trust = claiming("job_workflow_ref", held.replace("v2", "v1"), MAIN)
    changes = explain(run_of(claims={"job_workflow_ref": held}), trust).cause.changes

    assert held in trusted(changes[-1])


def test_branch_of_an_environment() -> None:
    """A job that stays in its environment is run on the ref that the policy wants."""
    run = run_of(
        "repo:acme/web:environment:prod",
        claims={"ref": "refs/heads/x", "environment": "prod"},
        complete=True,
    )
    first, *_ = explain(run, claiming("ref", "refs/heads/main", "repo:acme/web:*")).cause.changes

    assert (first.text, first.policy) == ("Run the workflow on the branch 'main'.", None)
    assert first.run is not None
    assert first.run.subject == run.subject


def test_pattern_of_tags_beside_a_ref() -> None:
    """Where the policy compares `ref` too, the pattern stands in `sub` alone."""
    run = run_of("repo:acme/web:ref:refs/tags/v2", claims={"ref": "refs/tags/v2"}, complete=True)
    last = explain(run, claiming("ref", "refs/tags/v1", "repo:acme/web:*")).cause.changes[-1]

    like = {
        "StringEquals": AUDIENCE,
        "StringLike": {f"{HOST}:sub": "repo:acme/web:ref:refs/tags/v*"},
    }
    assert last.policy is not None
    assert last.policy["Statement"][-1] == statement(Condition=like)  # pyright: ignore[reportIndexIssue]


@pytest.mark.parametrize(
    ("context", "cause"),
    [
        ("environment:*ref:refs/heads/main", "two-contexts"),
        ("environment:prod*ref:refs/heads/main", "two-contexts"),
        ("*environment:prod*ref:refs/heads/*", "two-contexts"),
        ("ref:refs/heads/main*environment:prod", "two-contexts"),
        ("environment:*pull_request", "environment-in-policy"),
        ("environment:prod:ref:refs/heads/main", "custom-template"),
        ("environment:*:ref:refs/heads/main", "custom-template"),
        ("environment:ref", "environment-in-policy"),
        ("environment:pull_request*", "environment-in-policy"),
        ("ref:refs/heads/environment", "other-branch"),
        ("environment:*", "environment-in-policy"),
    ],
)
def test_two_contexts_in_one_value(context: str, cause: str) -> None:
    """A `sub` holds one of environment, ref and event, unless a template has both."""
    finding = explain(run_of(), trusting(f"repo:acme/web:{context}", operator="StringLike"))

    assert finding.cause.id == cause
    if cause == "two-contexts":
        assert f"`{context}`" in finding.cause.text
        assert finding.cause.changes


def test_the_other_repository_comes_first() -> None:
    """A value of another repository is told as such, whatever follows."""
    value = "repo:acme/api:environment:*ref:refs/heads/main"
    finding = explain(run_of(), trusting(value, operator="StringLike"))

    assert (finding.cause.id, finding.besides) == ("other-repository", ("two-contexts",))


def test_main_stays() -> None:
    """A policy that lets main in is left as it is."""
    assert explain(run_of(), policy(statement())).notes == ()
