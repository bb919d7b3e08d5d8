"""Subjects of GitHub Enterprise Server, which have no ids."""

from __future__ import annotations

import pytest
from audit_policies import ACCOUNT, AUD, Json, estate, trust

SERVER = "github.acme.example/_services/token"
GHE = "token.actions.acme.ghe.com"


def findings(sub: str, *, host: str = SERVER, operator: str = "StringEquals") -> list[str]:
    """Return the rules that find something in a subject of a server."""
    values: Json = {operator: {f"{host}:sub": sub}}
    values.setdefault("StringEquals", {})[f"{host}:aud"] = AUD
    provider = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{host}"
    found = estate(trusting=trust({"Principal": {"Federated": provider}, "Condition": values}))
    return sorted(one.finding.rule for one in found.findings)


@pytest.mark.parametrize(
    ("sub", "operator"),
    [
        ("repo:acme@1/web@2:ref:refs/heads/main", "StringEquals"),
        ("repo:acme@1/web@2:environment:prod", "StringLike"),
        ("repo:acme@*/web@*:environment:prod", "StringLike"),
        ("repo:acme@1/*", "StringLike"),
        ("repo:acme@*", "StringLike"),
    ],
)
def test_ids_never_match(sub: str, operator: str) -> None:
    """A value with ids is dead there, and nothing else is said of it."""
    assert findings(sub, operator=operator) == ["bad-ref"]


@pytest.mark.parametrize(
    ("sub", "operator", "expected"),
    [
        ("repo:acme/web:ref:refs/heads/main", "StringEquals", []),
        ("repo:acme/web:environment:a@b", "StringEquals", ["env-unprotected"]),
        ("repo:acme/*", "StringLike", ["org-wide"]),
        ("repo:acme/web:ref:main", "StringEquals", ["bad-ref"]),
    ],
)
def test_names_are_all_that_there_is(sub: str, operator: str, expected: list[str]) -> None:
    """No advice asks for ids, and the other rules hold."""
    assert findings(sub, operator=operator) == expected


@pytest.mark.parametrize(
    ("sub", "expected"),
    [
        ("repo:acme@1/web@2:ref:refs/heads/main", []),
        ("repo:acme/web:ref:refs/heads/main", ["legacy-name"]),
    ],
)
def test_ghe_com_is_open(sub: str, expected: list[str]) -> None:
    """At ghe.com both forms may be right."""
    assert findings(sub, host=GHE) == expected
