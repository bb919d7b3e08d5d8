"""A new stack says only what no other stack of its account has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from adversary_sides import noticed, reviewed_stacks
from review_sides import ACCOUNT, PROD, stack

if TYPE_CHECKING:
    from pathlib import Path

Json = dict[str, Any]


def acting_as(name: str, account: str = ACCOUNT, **more: Any) -> Json:
    """Write a stack whose provider assumes a role of its account."""
    role = {"role_arn": f"arn:aws:iam::{account}:role/{name}", **more}
    return stack(account=account, provider={"assume_role": [role]})


SIBLINGS = {
    "a": acting_as("terraform", session_name="a"),
    "b": acting_as("terraform", session_name="b"),
    "c": acting_as("prod-terraform", PROD),
}
LIKE = {
    "role-of-the-account": acting_as("terraform", session_name="new"),
    "role-of-the-other-account": acting_as("prod-terraform", PROD),
    "role-of-that-name-in-a-new-account": acting_as("terraform", "999988887777"),
}
UNLIKE = {
    "another-role": acting_as("admin"),
    "role-of-another-account": acting_as("prod-terraform"),
    "another-role-in-a-new-account": acting_as("admin", "999988887777"),
    "no-role": stack(),
    "a-role-before-it": stack(
        provider={
            "assume_role": [
                {"role_arn": f"arn:aws:iam::{ACCOUNT}:role/admin"},
                {"role_arn": f"arn:aws:iam::{ACCOUNT}:role/terraform"},
            ]
        }
    ),
    "a-profile": stack(provider={"profile": "admin"}),
    "credentials": stack(provider={"shared_credentials_files": ["x"]}),
    "web-identity": stack(
        provider={
            "assume_role_with_web_identity": [{"role_arn": f"arn:aws:iam::{ACCOUNT}:role/admin"}]
        }
    ),
    "any-account": {"provider": {"aws": [{"region": "eu-central-1"}]}, "resource": {}},
    "endpoints": stack(provider={"endpoints": [{"sts": "https://evil.example"}]}),
    "a-provider-of-a-local": {
        **stack(provider={"assume_role": [{"role_arn": "${local.r}"}]}),
        "locals": {"r": f"arn:aws:iam::{ACCOUNT}:role/admin"},
    },
}


@pytest.mark.parametrize("new", LIKE.values(), ids=LIKE)
def test_a_stack_that_acts_as_the_others(new: Json, tmp_path: Path) -> None:
    """A new stack that assumes the role of its account's stacks is no news."""
    found = reviewed_stacks(tmp_path, SIBLINGS, {**SIBLINGS, "new": new})

    assert noticed(found, "steering") == []


@pytest.mark.parametrize("new", UNLIKE.values(), ids=UNLIKE)
def test_a_stack_that_acts_as_another(new: Json, tmp_path: Path) -> None:
    """A new stack that acts as another than its account's stacks is one notice."""
    found = reviewed_stacks(tmp_path, SIBLINGS, {**SIBLINGS, "new": new})

    assert noticed(found, "steering") == ["provider.aws"]


def test_the_first_stacks_are_no_news(tmp_path: Path) -> None:
    """Where all stacks are new, each acts as it does."""
    assert noticed(reviewed_stacks(tmp_path, {}, SIBLINGS), "steering") == []


def test_the_state_of_a_new_stack_is_kept_as_the_others(tmp_path: Path) -> None:
    """A new stack has a key of its own, and the role that keeps its state is that of the others."""
    state = {"bucket": "b", "key": "a", "role_arn": "keeper"}
    base, like, unlike = (
        stack(terraform={"backend": {"s3": {**state, **more}}})
        for more in ({}, {"key": "new"}, {"key": "new", "role_arn": "evil"})
    )
    sides = [reviewed_stacks(tmp_path, {"a": base}, {"a": base, "n": n}) for n in (like, unlike)]

    assert [noticed(found, "steering") for found in sides] == [[], ["terraform.backend"]]
