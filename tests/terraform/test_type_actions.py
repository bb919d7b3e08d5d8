"""The calls that Terraform makes for each type: AWS lists them, and they read or change."""

from __future__ import annotations

from typing import Any

import pytest

from constructs_lib import provider  # isort: skip - before cdktf: it makes Node start fast
from cdktf import TerraformResource

from deploy_access.iam.actions import is_listed, is_reading, resource_types
from deploy_access.terraform.type_actions import (
    LIBRARY_TYPES,
    TYPE_ACTIONS,
    actions_of,
    check_types,
    finds_of,
    reads_of,
)

# They read, and only an apply calls them: before it deletes.
READ_TO_DELETE = {"iam:ListInstanceProfilesForRole", "iam:ListPolicyVersions"}


def test_all_that_the_constructs_make() -> None:
    """The table has each type of resource that the constructs make, and no other."""
    classes: list[Any] = [getattr(provider, name) for name in provider.__all__]
    resources: list[Any] = [one for one in classes if issubclass(one, TerraformResource)]
    made = {str(one.TF_RESOURCE_TYPE) for one in resources}

    assert set(LIBRARY_TYPES) == made


@pytest.mark.parametrize("one", LIBRARY_TYPES)
def test_actions_are_what_they_say(one: str) -> None:
    """Reads only read, finds take no resource, and changes change."""
    calls = TYPE_ACTIONS[one]

    assert all(map(is_listed, (*calls.reads, *calls.finds, *calls.changes)))
    assert all(map(is_reading, (*calls.reads, *calls.finds)))
    assert not any(map(resource_types, calls.finds))
    assert not any(is_reading(action) for action in {*calls.changes} - READ_TO_DELETE)
    assert not {*calls.reads} & {*calls.changes}


@pytest.mark.parametrize("one", [t for t in LIBRARY_TYPES if TYPE_ACTIONS[t].place != "registry"])
def test_actions_take_their_place(one: str) -> None:
    """What is about a resource of an account can be limited to resources of its type."""
    calls = TYPE_ACTIONS[one]
    wanted = {"role": {"role"}, "policy": {"policy"}, "repository": {"repository"}}
    place = wanted.get(calls.place, {"oidc-provider"})

    for action in (*calls.reads, *calls.changes):
        assert place <= set(resource_types(action)), action


def test_sums() -> None:
    """What several types call about one place is said once, and other places stay out."""
    types = ["aws_iam_role_policy", "aws_iam_role_policy_attachment", "aws_ecr_repository"]

    assert reads_of(types, "role") == ["iam:GetRolePolicy", "iam:ListAttachedRolePolicies"]
    assert actions_of(types, "role") == [
        "iam:AttachRolePolicy",
        "iam:DeleteRolePolicy",
        "iam:DetachRolePolicy",
        "iam:GetRolePolicy",
        "iam:ListAttachedRolePolicies",
        "iam:PutRolePolicy",
    ]
    assert finds_of(types, "oidc-provider") == []


def test_an_unknown_type() -> None:
    """A type whose calls are not known is named with the nearest that is."""
    (problem,) = check_types(["aws_iam_roles", "aws_iam_role"])

    assert (problem.given, problem.fix) == ("aws_iam_roles", "Did you mean 'aws_iam_role'?")
