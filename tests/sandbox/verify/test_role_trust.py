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
        ("stringlike", "pattern"),
        ("ForAnyValue:StringLike", "pattern"),
        ("StringEqualsIgnoreCase", "exact"),
    ],
)
def test_each_subject_has_a_row(operator: str, match: str) -> None:
    """
    Every subject is a row that says how it is matched, as its operator means in every spelling.
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


@pytest.mark.parametrize("action", ["sts:*", "*", "STS:assumerolewithwebidentity"])
def test_every_action_that_lets_tokens_in(action: str) -> None:
    """
    The action is matched as AWS matches it.
    """
    policy = json.loads(trust_policy(NONPROD, "repo:a/b:x"))
    policy["Statement"][0]["Action"] = action

    assert rows(policy) == [("repo:a/b:x", "exact", AUDIENCE)]


def test_statement_that_excludes_subjects() -> None:
    """
    A statement that only says which subjects it does not mean trusts all others, and says so.
    """
    policy = json.loads(
        trust_policy(NONPROD, "repo:a/b:x", "repo:a/c:x", operator="StringNotEquals")
    )

    assert rows(policy) == [("repo:a/b:x or repo:a/c:x", "anything but", AUDIENCE)]


def test_what_is_denied() -> None:
    """
    A subject that is denied has no row, and one of which some tokens are has that beside it.
    """
    policy = json.loads(trust_policy(NONPROD, "repo:a/b:x", "repo:a/c:x"))
    denying = json.loads(trust_policy(NONPROD, "repo:a/c:*", operator="StringLike"))["Statement"][0]
    policy["Statement"].append({**denying, "Effect": "Deny"})
    beside = {**AUDIENCE, "not denied by": ("Statement[1]",)}

    assert rows(policy) == [("repo:a/b:x", "exact", beside)]


def test_other_operators() -> None:
    """
    A condition that is no comparison of equal texts shows with its operator.
    """
    policy = json.loads(trust_policy(NONPROD, "repo:a/b:x"))
    policy["Statement"][0]["Condition"]["StringNotLike"] = {f"{ISSUER}:ref": "refs/heads/x*"}

    expected = {**AUDIENCE, "StringNotLike ref": ("refs/heads/x*",)}
    assert rows(policy) == [("repo:a/b:x", "exact", expected)]


def test_other_statements() -> None:
    """
    What denies, and what is not about web identity, is no row.
    """
    policy = json.loads(trust_policy(NONPROD, "x"))
    denied = {**policy["Statement"][0], "Effect": "Deny"}
    other = {**policy["Statement"][0], "Action": "sts:AssumeRole"}

    assert rows({"Statement": [denied, other]}) == []


@pytest.mark.parametrize("document", [None, "x", [1], {}, {"Statement": "x"}])
def test_document_that_is_no_policy(document: object) -> None:
    """
    A document that IAM would not take has no row.
    """
    assert list(read_trust(NONPROD, "web", document)) == []
