"""Requests that prove something look like real ones."""

from __future__ import annotations

import pytest
from access_pairs import ACCOUNT, Json, Reading, document

from deploy_access.access_diff.access import compare_access
from deploy_access.report.review_text import render_review_text
from deploy_access.review.model import Review

_ECS = f"arn:aws:ecs:eu-central-1:{ACCOUNT}"


def example(base: Json, head: Json) -> tuple[str, dict[str, str]]:
    """Return the resource and the context that prove that the head allows more."""
    before, after = (Reading(identity=(document(one),)).estate() for one in (base, head))
    (change,) = compare_access(before, after)
    (grant,) = change.permissions.gained
    assert grant.witness is not None
    return grant.witness.resource, dict(grant.witness.context)


def running(resource: str, **conditions: Json) -> Json:
    """Allow running tasks."""
    more = {"Condition": conditions} if conditions else {}
    return {"Effect": "Allow", "Action": "ecs:RunTask", "Resource": resource, **more}


NOTHING = running(f"{_ECS}:task-definition/other:1")


@pytest.mark.parametrize(
    ("pattern", "shown"),
    [
        (f"{_ECS}:task-definition/web:*", f"{_ECS}:task-definition/web:1"),
        (f"{_ECS}:task-definition/prod-*", f"{_ECS}:task-definition/prod-1"),
    ],
    ids=["revision", "name"],
)
def test_a_wildcard_stands_for_something(pattern: str, shown: str) -> None:
    """An ARN that ends before the wildcard is none that there can be."""
    assert example(NOTHING, running(pattern)) == (shown, {})


def test_a_wildcard_of_a_condition_stands_for_something() -> None:
    """The keys of the request are as real as its resource."""
    asked = {"ArnLike": {"ecs:cluster": f"{_ECS}:cluster/*"}}

    assert example(NOTHING, running("*", **asked))[1] == {"ecs:cluster": f"{_ECS}:cluster/1"}


def test_what_was_allowed_before_is_no_example() -> None:
    """An example that proves something comes before one that looks well."""
    base, head = (
        running(f"{_ECS}:task-definition/prod-1"),
        running(f"{_ECS}:task-definition/prod-*"),
    )

    assert example(base, head)[0] != f"{_ECS}:task-definition/prod-1"


def test_an_example_that_only_repeats_is_not_shown() -> None:
    """Where all of a pattern is new, the pattern says it."""
    base, head = (
        Reading(identity=(document(one),)).estate()
        for one in (NOTHING, running(f"{_ECS}:task-definition/prod-*"))
    )

    assert "for example" not in render_review_text(Review(access=compare_access(base, head)))
