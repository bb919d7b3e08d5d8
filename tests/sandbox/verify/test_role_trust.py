"""
Who may assume a role, read from its trust policy.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from sandbox_estates import ISSUER, NONPROD, trust_policy

from sandbox.verify.role_trust import read_trust

AUDIENCE = {"aud": ("sts.amazonaws.com",)}


def rows(policy: dict[str, Any]) -> list[tuple[str, str, dict[str, tuple[str, ...]]]]:
    """
    Return subject, match and claims of each row.
    """
    found = read_trust(NONPROD, "web", policy)
    return [(trust.subject, trust.match, trust.claims) for trust in found]


@pytest.mark.parametrize(
    ("operator", "match"),
    [
        ("StringEquals", "exact"),
        ("StringLike", "pattern"),
        ("ForAnyValue:StringLike", "ForAnyValue:StringLike"),
    ],
)
def test_each_subject_has_a_row(operator: str, match: str) -> None:
    """
    Every subject is a row that says how it is matched; an unusual operator shows as it is.
    """
    policy = json.loads(trust_policy(NONPROD, "repo:a/b:*", "repo:a/c:*", operator=operator))

    assert rows(policy) == [("repo:a/b:*", match, AUDIENCE), ("repo:a/c:*", match, AUDIENCE)]


def test_further_claims() -> None:
    """
    A claim that the token has to carry as well stands beside the subject.
    """
    policy = json.loads(trust_policy(NONPROD, "repo:a/b:x"))
    policy["Statement"][0]["Condition"]["StringEquals"][f"{ISSUER}:ref"] = "refs/heads/main"

    assert rows(policy) == [("repo:a/b:x", "exact", {**AUDIENCE, "ref": ("refs/heads/main",)})]


def test_statement_without_a_subject() -> None:
    """
    A statement that asks for no subject trusts every subject, and says so.
    """
    policy = json.loads(trust_policy(NONPROD, "x"))
    del policy["Statement"][0]["Condition"]["StringEquals"][f"{ISSUER}:sub"]

    assert rows(policy) == [("*", "any subject", AUDIENCE)]


def test_other_statements() -> None:
    """
    What is denied, and what is not about web identity, is no row.
    """
    policy = json.loads(trust_policy(NONPROD, "x"))
    denied = {**policy["Statement"][0], "Effect": "Deny"}
    other = {**policy["Statement"][0], "Action": "sts:AssumeRole"}

    assert rows({"Statement": [denied, other]}) == []
