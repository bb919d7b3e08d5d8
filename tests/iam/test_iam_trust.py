"""Whether a token may assume a role, and what the decision says about it."""

from __future__ import annotations

from typing import Any

import pytest

from deploy_access.iam.context import Context
from deploy_access.iam.decision import Verdict
from deploy_access.iam.documents import read_policy
from deploy_access.iam.outcome import Outcome
from deploy_access.iam.trust import WebIdentity, evaluate_service_trust, evaluate_trust

PREFIX = "token.actions.githubusercontent.com"
PROVIDER = f"arn:aws:iam::111122223333:oidc-provider/{PREFIX}"
REFERENCE = "${aws_iam_openid_connect_provider.github.arn}"
MAIN = "repo:acme/web:ref:refs/heads/main"


def decide(*statements: dict[str, Any], provider: str = PROVIDER, **token: Any) -> Verdict:
    """Decide about a token of the main branch."""
    found = [
        {"Principal": {"Federated": PROVIDER}, "Action": "sts:AssumeRoleWithWebIdentity", **one}
        for one in statements
    ]
    identity: dict[str, Any] = {
        "provider_arn": provider,
        "condition_key_prefix": PREFIX,
        "claims": {"sub": MAIN, "aud": "sts.amazonaws.com"},
    }
    policy = read_policy({"Version": "2012-10-17", "Statement": found}).policy
    return evaluate_trust(policy, WebIdentity(**{**identity, **token})).verdict


def allow(operator: str, key: str, value: str) -> dict[str, Any]:
    """Write a statement with one condition."""
    return {"Effect": "Allow", "Condition": {operator: {key: value}}}


@pytest.mark.parametrize(
    ("statement", "verdict"),
    [
        pytest.param(allow("StringEquals", f"{PREFIX}:sub", MAIN), Verdict.ALLOWED, id="exact"),
        pytest.param(
            allow("StringEquals", f"{PREFIX.upper()}:SUB", MAIN), Verdict.ALLOWED, id="case of key"
        ),
        pytest.param(
            allow("StringEquals", f"{PREFIX}:sub", "repo:acme/web:ref:main"),
            Verdict.DENIED_IMPLICITLY,
            id="ref:main",
        ),
        pytest.param(
            allow("StringEquals", f"{PREFIX}:iss", "x"), Verdict.DENIED_IMPLICITLY, id="no such key"
        ),
        pytest.param(
            allow("IpAddress", "aws:SourceIp", "10.0.0.0/8"), Verdict.UNKNOWN, id="not in the token"
        ),
        pytest.param(
            allow("StringEquals", f"{PREFIX}:sub", "${var.subject}"),
            Verdict.UNKNOWN,
            id="reference",
        ),
        pytest.param({"Effect": "Deny"}, Verdict.DENIED_EXPLICITLY, id="denied"),
        pytest.param(
            {"Effect": "Allow", "Action": "sts:AssumeRole"},
            Verdict.DENIED_IMPLICITLY,
            id="wrong action",
        ),
        pytest.param(
            {"Effect": "Allow", "Principal": {"Federated": f"{PROVIDER}/acme"}},
            Verdict.DENIED_IMPLICITLY,
            id="other provider",
        ),
        pytest.param(
            {"Effect": "Allow", "Principal": {"Federated": REFERENCE}},
            Verdict.UNKNOWN,
            id="provider by reference",
        ),
    ],
)
def test_one_statement(statement: dict[str, Any], verdict: Verdict) -> None:
    """A statement lets the token in, keeps it out, or leaves it open."""
    assert decide(statement) is verdict


def test_a_provider_is_known_by_its_reference() -> None:
    """Who asks for the provider that Terraform makes meets the statement that names it."""
    statement = {"Effect": "Allow", "Principal": {"Federated": REFERENCE}}

    assert decide(statement, provider=REFERENCE) is Verdict.ALLOWED


def test_a_statement_without_principal_is_about_nobody() -> None:
    """IAM refuses a trust policy without a principal, so it lets nobody in."""
    policy = read_policy({"Statement": {"Effect": "Allow", "Action": "*"}}).policy
    token = WebIdentity(provider_arn=PROVIDER, condition_key_prefix=PREFIX, claims={})

    assert evaluate_trust(policy, token).verdict is Verdict.DENIED_IMPLICITLY


def test_claims_that_nobody_has_told_are_unknown() -> None:
    """Of an event that shows `sub` and `aud` only, the other claims are open."""
    statement = allow("StringEquals", f"{PREFIX}:ref", "refs/heads/main")

    assert decide(statement, unknown_claims=["ref"]) is Verdict.UNKNOWN
    assert decide(statement, unknown_claims=["*"]) is Verdict.UNKNOWN
    assert decide(statement) is Verdict.DENIED_IMPLICITLY


def test_a_claim_is_never_a_reference() -> None:
    """A branch may be called like a reference of Terraform; a token holds nothing but text."""
    sub = "repo:acme/web:ref:refs/heads/${x.y}"
    statement = allow("StringEquals", f"{PREFIX}:sub", MAIN)

    assert decide(statement, claims={"sub": sub}) is Verdict.DENIED_IMPLICITLY


def test_a_denial_that_is_unknown_leaves_the_end_open() -> None:
    """What would be allowed is unknown while a denial may apply."""
    denial = {"Effect": "Deny", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}

    assert decide({"Effect": "Allow"}, denial) is Verdict.UNKNOWN
    assert decide(denial) is Verdict.DENIED_IMPLICITLY


def test_one_check_a_condition() -> None:
    """The decision holds both values of every condition side by side."""
    keys = {f"{PREFIX}:sub": "repo:acme/web:ref:main", f"{PREFIX}:aud": "sts.amazonaws.com"}
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": PROVIDER},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": keys},
    }
    policy = read_policy({"Version": "2012-10-17", "Statement": statement}).policy
    token = WebIdentity(
        provider_arn=PROVIDER,
        condition_key_prefix=PREFIX,
        claims={"sub": MAIN, "aud": "sts.amazonaws.com"},
    )
    [result] = evaluate_trust(policy, token).statements

    assert (result.principal, result.action) == (Outcome.PASS, Outcome.PASS)
    assert [(check.held, check.wanted, check.outcome) for check in result.checks] == [
        ((MAIN,), ("repo:acme/web:ref:main",), Outcome.FAIL),
        (("sts.amazonaws.com",), ("sts.amazonaws.com",), Outcome.PASS),
    ]


@pytest.mark.parametrize(
    ("principal", "expected"),
    [
        pytest.param({"Service": "ecs-tasks.amazonaws.com"}, Verdict.ALLOWED, id="itself"),
        pytest.param(
            {"Service": ["ec2.amazonaws.com", "ecs-tasks.amazonaws.com"]},
            Verdict.ALLOWED,
            id="among others",
        ),
        pytest.param({"Service": "ecs.amazonaws.com"}, Verdict.DENIED_IMPLICITLY, id="another"),
        pytest.param({"AWS": "*"}, Verdict.DENIED_IMPLICITLY, id="every AWS principal"),
        pytest.param({"Federated": PROVIDER}, Verdict.DENIED_IMPLICITLY, id="a provider"),
    ],
)
def test_a_service(principal: object, expected: Verdict) -> None:
    """A service assumes a role that names it, and only under the conditions there."""
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    guard = {"StringEquals": {"aws:SourceAccount": "111122223333"}}

    def asked(account: str, *statements: dict[str, Any]) -> Verdict:
        policy = read_policy({"Version": "2012-10-17", "Statement": [*statements]}).policy
        context = Context(values={"aws:SourceAccount": account}, references=False)
        return evaluate_service_trust(policy, "ecs-tasks.amazonaws.com", context).verdict

    assert asked("444455556666", statement) is expected
    assert asked("111122223333", {**statement, "Condition": guard}) is expected
    assert asked("444455556666", {**statement, "Condition": guard}) is Verdict.DENIED_IMPLICITLY
