"""Statements that let people in, and the ARNs that are refused."""

from __future__ import annotations

from typing import Any

import pytest

from deploy_access.errors import InvalidValue
from deploy_access.iam.people import TrustedRole, check_person, trust_people

HERE, THERE = "111122223333", "444455556666"


def role(name: str, account: str = HERE) -> str:
    """Write the ARN of a role."""
    return f"arn:aws:iam::{account}:role/{name}"


def test_one_statement_a_way_in() -> None:
    """Roles by name, roles with a source identity, and users with MFA."""
    named = TrustedRole(role("b"), source_identity=["bob", "alice"])
    user = f"arn:aws:iam::{HERE}:user/eve"

    found = trust_people([role("a"), role("c", THERE), named], [user])

    assert [one.to_dict() for one in found] == [
        {
            "Sid": "People",
            "Effect": "Allow",
            "Principal": {"AWS": [f"arn:aws:iam::{HERE}:root", f"arn:aws:iam::{THERE}:root"]},
            "Action": "sts:AssumeRole",
            "Condition": {"ArnEquals": {"aws:PrincipalArn": [role("a"), role("c", THERE)]}},
        },
        {
            "Sid": "People2",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{HERE}:root"},
            "Action": ["sts:AssumeRole", "sts:SetSourceIdentity"],
            "Condition": {
                "ArnEquals": {"aws:PrincipalArn": role("b")},
                "StringEquals": {"sts:SourceIdentity": ["alice", "bob"]},
            },
        },
        {
            "Sid": "PeopleWithMfa",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{HERE}:root"},
            "Action": "sts:AssumeRole",
            "Condition": {
                "ArnEquals": {"aws:PrincipalArn": user},
                "Bool": {"aws:MultiFactorAuthPresent": "true"},
            },
        },
    ]


def test_nobody() -> None:
    """Without people there is no statement."""
    assert trust_people([], []) == []


@pytest.mark.parametrize(
    "arn", ["admin", f"arn:aws:iam::{HERE}:role/*", f"arn:aws:iam::{HERE}:root", "", "*"]
)
def test_no_person(arn: str) -> None:
    """A name, a pattern or a whole account is nobody."""
    assert len([*check_person("role", arn)]) == 1
    assert len([*check_person("user", arn)]) == 1


@pytest.mark.parametrize("identity", ["a", "a b", "*", 7, ["alice", "b*"], [None]])
def test_source_identities(identity: Any) -> None:
    """STS takes words, and `*` would let everybody say anything."""
    with pytest.raises(InvalidValue):
        TrustedRole(role("a"), source_identity=identity)
