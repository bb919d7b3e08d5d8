"""A role for other principals is reached by one of them, and its trust policy stays."""

from __future__ import annotations

import json

import pytest
from explain_cases import (
    ACCOUNT,
    HOST,
    MAIN,
    PROVIDER,
    ROLE,
    Json,
    explain,
    explain_all,
    policy,
    role_answer,
    run_of,
    statement,
    trusting,
)

FIRST = f"arn:aws:iam::{ACCOUNT}:role/first"
COGNITO = "cognito-identity.amazonaws.com"
NO_TAGS = "role-skip-session-tagging: true"
SAML = f"arn:aws:iam::{ACCOUNT}:saml-provider/okta"


def letting(principal: object, action: object = "sts:AssumeRole", **condition: Json) -> Json:
    """Write a statement for a principal."""
    conditions: Json = {"Condition": condition} if condition else {}
    return {"Effect": "Allow", "Principal": principal, "Action": action, **conditions}


@pytest.mark.parametrize(
    ("statements", "first", "more"),
    [
        pytest.param([letting({"AWS": FIRST})], FIRST, [NO_TAGS], id="role"),
        pytest.param(
            [letting({"AWS": FIRST}, ["sts:AssumeRole", "sts:TagSession"])], FIRST, [],
            id="with tags",
        ),
        pytest.param(
            [letting({"AWS": FIRST}), letting({"AWS": FIRST}, "sts:TagSession")], FIRST, [],
            id="tags in a statement of their own",
        ),
        pytest.param(
            [letting({"AWS": FIRST}, StringEquals={"sts:ExternalId": "7f"})], FIRST,
            ['role-external-id: "7f"', NO_TAGS], id="an external id",
        ),
        pytest.param(
            [letting({"AWS": FIRST}, StringLike={"sts:ExternalId": "7*"})], FIRST,
            [NO_TAGS], id="a pattern of external ids",
        ),
        pytest.param(
            [letting({"AWS": ACCOUNT}, ArnEquals={"aws:PrincipalArn": FIRST})], FIRST,
            [NO_TAGS], id="by a condition",
        ),
        pytest.param(
            [letting({"AWS": f"arn:aws:iam::{ACCOUNT}:root"})], f"arn:aws:iam::{ACCOUNT}:root",
            [NO_TAGS], id="an account",
        ),
        pytest.param([letting("*")], "*", [NO_TAGS], id="everybody"),
        pytest.param([letting({"AWS": FIRST}, "sts:*")], FIRST, [], id="every action of STS"),
        pytest.param(
            [letting({"AWS": "${aws_iam_role.first.arn}"})], "${aws_iam_role.first.arn}",
            [NO_TAGS], id="a reference",
        ),
        pytest.param(
            [letting({"Service": "ecs-tasks.amazonaws.com"}), letting({"AWS": FIRST})], FIRST,
            [NO_TAGS], id="beside a service",
        ),
    ],
)  # fmt: skip
def test_role_chaining(statements: list[Json], first: str, more: list[str]) -> None:
    """A role that another role may assume is reached by a second step, with the policy's wishes."""
    finding = explain(run_of(), policy(*statements))

    assert (finding.answer, finding.cause.id) == ("denied", "no-statement")
    (change,) = finding.cause.changes
    assert (change.side, change.policy) == ("workflow", None)
    assert f"({first!r})" in change.text
    assert dict(change.forms)["YAML"].splitlines() == [
        f"role-to-assume: {ROLE}",
        "role-chaining: true",
        *more,
    ]


@pytest.mark.parametrize(
    ("principal", "action", "condition"),
    [
        ({"Service": "ecs-tasks.amazonaws.com"}, "sts:AssumeRole", {}),
        ({"Service": "ec2.amazonaws.com"}, "sts:AssumeRole", {"aws:SourceAccount": ACCOUNT}),
        ({"Federated": SAML}, "sts:AssumeRoleWithSAML", {"saml:aud": "https://x"}),
        ({"Federated": COGNITO}, "sts:AssumeRoleWithWebIdentity", {f"{COGNITO}:aud": "x"}),
        ({"AWS": f"arn:aws:iam::{ACCOUNT}:user/alice"}, "sts:AssumeRole", {}),
    ],
)
def test_a_role_for_others(principal: Json, action: str, condition: Json) -> None:
    """A role of a service, of people or of an application is opened to no run."""
    finding = explain(run_of(), policy(letting(principal, action, StringEquals=condition)))

    assert finding.cause.id == "no-statement"
    (change,) = finding.cause.changes
    assert (change.side, change.forms, change.policy) == ("workflow", (), None)
    assert repr(next(iter(principal.values()))) in change.text


@pytest.mark.parametrize(
    "trust",
    [
        pytest.param(
            policy(letting({"AWS": FIRST}), *trusting("repo:acme/web:pull_request")["Statement"]),
            id="a provider beside",
        ),
        pytest.param(policy(statement(Principal={"AWS": PROVIDER})), id="a provider as AWS"),
        pytest.param(policy(statement(Principal={"AWS": ACCOUNT})), id="claims of an account"),
        pytest.param(policy(statement(Principal={"Federated": HOST})), id="a bare host"),
        pytest.param(policy(), id="no statement"),
        pytest.param(
            policy(statement(Effect="Deny", Condition={"StringEquals": {f"{HOST}:sub": "x"}})),
            id="a Deny alone",
        ),
    ],
)
def test_a_role_for_tokens(trust: Json) -> None:
    """A statement that is meant for tokens is mended, and a policy without any gets one."""
    changes = explain(run_of(), trust).cause.changes

    assert "role-chaining" not in str(changes)
    assert MAIN in json.dumps(changes[-1].policy)


def test_an_event_of_a_policy_by_itself() -> None:
    """The role that the run asked for stands in the step where the policy does not name it."""
    run = run_of(role_arn=ROLE, error="AccessDenied")
    finding = explain_all(run, policy(letting({"AWS": FIRST}))).findings[0]

    assert f"role-to-assume: {ROLE}" in dict(finding.cause.changes[0].forms)["YAML"]


def test_the_first_of_many_roles() -> None:
    """Of many roles that may assume it three are named."""
    many = [f"{FIRST}-{number}" for number in range(9)]
    (change,) = (
        explain_all(run_of(), role_answer(policy(letting({"AWS": many})))).findings[0].cause.changes
    )

    assert change.text.count(FIRST) == 3
