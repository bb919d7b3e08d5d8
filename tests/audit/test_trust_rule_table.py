"""
The rules about principals, actions, operators, keys and audiences, each by examples.

A rule has a policy that it finds, the same policy mended, which is clean, and three policies that
look alike and are clean too.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from audit_policies import ACCOUNT, ACTION, ARN, AUD, HOST, SUB, Json, conditions, estate, trust
from rule_rows import Row

OTHER = "444455556666"
EXACT = {"StringEquals": conditions()}
VALUES = f'"{HOST}:sub": "{SUB}"'


def subs(*values: str) -> Any:
    """Trust these subjects."""
    return trust(StringEquals={f"{HOST}:sub": list(values), f"{HOST}:aud": AUD})


def assume(principal: Any, action: Any = "sts:AssumeRole", /, **condition: Json) -> Json:
    """Let AWS principals assume the role."""
    return trust({"Principal": principal, "Action": action, "Condition": condition})


def gitlab(action: Any = ACTION, **claims: str) -> Json:
    """Let tokens of GitLab in."""
    provider = f"arn:aws:iam::{ACCOUNT}:oidc-provider/gitlab.com"
    keys = {f"gitlab.com:{claim}": value for claim, value in claims.items()}
    condition = {"StringEquals": keys}
    return trust({"Principal": {"Federated": provider}, "Action": action, "Condition": condition})


def with_deny(statement: Json) -> Json:
    """Make a good trust policy with a Deny."""
    deny = {"Effect": "Deny", "Principal": "*", "Action": "sts:*", **statement}
    return {"Version": "2012-10-17", "Statement": [*trust()["Statement"], deny]}


def written(condition: str) -> str:
    """Write a trust policy with a condition as text."""
    return json.dumps(trust({"Condition": "?"})).replace('"?"', condition)


ROOT, OWN = (f"arn:aws:iam::{account}:root" for account in (OTHER, ACCOUNT))
ROLE = f"arn:aws:iam::{OTHER}:role/first"
ORGANIZATION = {"aws:PrincipalOrgID": "o-example123"}
GITLAB_SUB = "project_path:acme/web:ref_type:branch:ref:main"
GITLAB = {"aud": "https://gitlab.com", "sub": GITLAB_SUB}
WORKFLOW = "acme/ci/.github/workflows/deploy.yml@refs/heads/main"
AUDIENCE = f'"{HOST}:aud": "{AUD}"'

TABLE: dict[str, Row] = {
    "dup-key": Row(
        written(f'{{"StringEquals": {{{VALUES}}}, "StringEquals": {{{AUDIENCE}}}}}'),
        written(f'{{"StringEquals": {{{VALUES}, {AUDIENCE}}}}}'),
        (
            written(f'{{"StringEquals": {{{VALUES}}}, "StringLike": {{{VALUES}}}, '
                    f'"ForAnyValue:StringEquals": {{{AUDIENCE}}}}}'),
            written(f'{{"StringEquals": {{{AUDIENCE}}}, "StringLike": {{{VALUES}}}}}'),
            {"Version": "2012-10-17", "Statement": trust()["Statement"] * 2},
        ),
    ),
    "for-all-values": Row(
        trust(**{"ForAllValues:StringEquals": conditions()}),
        trust(),
        (
            trust(**{"ForAnyValue:StringEquals": conditions()}),
            with_deny({"Condition": {"ForAllValues:StringNotLike": {f"{HOST}:sub": "repo:acme*"}}}),
            trust(**EXACT, **{"ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}}),
        ),
    ),
    "if-exists": Row(
        trust(StringEqualsIfExists=conditions()),
        trust(),
        (
            with_deny({"Condition": {"StringNotLikeIfExists": {f"{HOST}:sub": "repo:acme*"}}}),
            trust(**EXACT, BoolIfExists={"aws:SecureTransport": "true"}),
            trust(**EXACT, StringEqualsIfExists={"aws:RequestedRegion": "eu-central-1"}),
        ),
    ),
    "loose-aud": Row(
        trust(StringEquals=conditions(aud=[AUD, "acme"])),
        trust(),
        (
            trust(StringEquals=conditions(aud=[AUD])),
            gitlab(**GITLAB),
            trust(StringEquals=conditions(sub=[SUB, f"{SUB}-2"])),
        ),
    ),
    "malformed-policy": Row(
        trust({"Efect": "Allow"}),
        trust(),
        (trust({"Sid": "Deploy"}), json.dumps(trust()), trust({"Action": [ACTION]})),
    ),
    "no-aud": Row(
        trust(StringEquals=conditions(aud=None)),
        trust(),
        (
            trust(StringEquals={f"{HOST}:AUD": AUD, f"{HOST}:sub": SUB}),
            gitlab(**GITLAB),
            assume({"Service": "ecs-tasks.amazonaws.com"}),
        ),
    ),
    "not-principal": Row(
        {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "NotPrincipal": {"AWS": ROOT}, "Action": "sts:AssumeRole"}]},
        assume({"AWS": ROLE}),
        (
            with_deny({"Principal": {"AWS": ROOT}}),
            {"Version": "2012-10-17", "Statement": [
                *trust()["Statement"],
                {"Effect": "Deny", "NotPrincipal": {"Federated": ARN}, "Action": "sts:*"}]},
            assume({"AWS": [ROLE, f"{ROLE}-2"]}),
        ),
    ),
    "open-role": Row(
        assume({"AWS": "*"}),
        assume({"AWS": ROLE}),
        (
            assume({"AWS": "*"}, StringEquals=ORGANIZATION),
            with_deny({"Condition": {"StringNotEquals": ORGANIZATION}}),
            assume({"AWS": "*"}, "sts:TagSession"),
        ),
    ),
    "other-account": Row(
        assume({"AWS": ROOT}),
        assume({"AWS": ROLE}),
        (
            assume({"AWS": ROOT}, StringEquals={"sts:ExternalId": "7c2a"}),
            assume({"AWS": ROOT}, StringEquals=ORGANIZATION),
            assume({"AWS": ROOT}, ArnLike={"aws:PrincipalArn": f"{ROLE}*"}),
        ),
    ),
    "former-name": Row(
        subs("repo:acme@1/web@2:ref:refs/heads/main", "repo:acme@1/old@2:ref:refs/heads/main"),
        trust(),
        (
            subs("repo:acme@1/web@2:ref:refs/heads/main", "repo:acme@1/old@3:ref:refs/heads/main"),
            subs("repo:acme@1/web@2:ref:refs/heads/main", "repo:acme@1/web@2:ref:refs/tags/v1"),
            subs("repo:acme@1/web@2:ref:refs/heads/main", "repo:octo@3/old@4:ref:refs/heads/main"),
        ),
    ),
    "loose-claim": Row(
        trust(StringEquals=conditions(), StringLike={f"{HOST}:ref": "refs/heads/release/*"}),
        trust(StringEquals=conditions(ref="refs/heads/main")),
        (
            trust(StringEquals=conditions(), StringLike={f"{HOST}:ref": "refs/heads/main"}),
            trust(StringEquals=conditions(), StringLike={f"{HOST}:job_workflow_ref": WORKFLOW}),
            trust(StringEquals=conditions(), StringLike={"aws:SourceIp": "10.*"}),
        ),
    ),
    "people": Row(
        {"Version": "2012-10-17", "Statement": [*trust()["Statement"], *assume(
            {"AWS": OWN}, ArnEquals={"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/a"}
        )["Statement"]]},
        trust(),
        (
            assume({"AWS": OWN}, ArnEquals={"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/a"}),
            assume({"AWS": OWN}, StringEquals={"aws:PrincipalTag/team": "web"}),
            assume({"AWS": f"arn:aws:iam::{ACCOUNT}:role/first"}),
        ),
    ),
    "own-account": Row(
        assume({"AWS": OWN}),
        assume({"AWS": f"arn:aws:iam::{ACCOUNT}:role/first"}),
        (
            assume({"AWS": OWN}, StringEquals={"aws:PrincipalTag/team": "web"}),
            assume({"AWS": OWN}, ArnEquals={"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:user/a"}),
            assume({"AWS": OWN}, "sts:SetSourceIdentity"),
        ),
    ),
    "retired-issuer": Row(
        trust({
            "Principal": {"Federated": ARN.replace(HOST, f"vs{HOST}")},
            "Condition": {"StringEquals": {f"vs{HOST}:sub": SUB, f"vs{HOST}:aud": AUD}},
        }),
        trust(),
        (
            trust({
                "Principal": {"Federated": f"{ARN}/acme"},
                "Condition": {"StringEquals": {f"{HOST}/acme:sub": SUB, f"{HOST}/acme:aud": AUD}},
            }),
            gitlab(**GITLAB),
            with_deny({"Principal": {"Federated": ARN.replace(HOST, f"vs{HOST}")}}),
        ),
    ),
    "shared-issuer": Row(
        gitlab(aud="https://gitlab.com"),
        gitlab(**GITLAB),
        (
            trust(StringLike={f"{HOST}:sub": SUB}, StringEquals={f"{HOST}:aud": AUD}),
            trust(StringEquals=conditions(job_workflow_ref=WORKFLOW)),
            with_deny({"Principal": {"Federated": ARN}, "Action": ACTION}),
        ),
    ),
    "tag-session": Row(
        trust({"Action": [ACTION, "sts:TagSession"]}),
        trust(),
        (
            gitlab([ACTION, "sts:TagSession"], **GITLAB),
            assume({"AWS": ROLE}, ["sts:AssumeRole", "sts:TagSession"]),
            with_deny({"Action": "sts:TagSession"}),
        ),
    ),
    "wrong-action": Row(
        trust({"Action": "sts:AssumeRole"}),
        trust(),
        (
            trust({"Action": ACTION.lower()}),
            gitlab([ACTION, "sts:SetSourceIdentity"], **GITLAB),
            assume({"Federated": f"arn:aws:iam::{ACCOUNT}:saml-provider/x"},
                   "sts:AssumeRoleWithSAML"),
        ),
    ),
    "wrong-key": Row(
        trust(StringEquals=conditions(iss=f"https://{HOST}")),
        trust(),
        (
            trust(StringEquals=conditions(repository_id="2")),
            trust(StringEquals={f"{HOST.upper()}:Sub": SUB, f"{HOST}:aud": AUD}),
            trust(StringEquals={**conditions(), "sts:RoleSessionName": "deploy"}),
        ),
    ),
    "wrong-principal": Row(
        trust({"Principal": {"Federated": HOST}}),
        trust(),
        (
            trust({"Principal": {"Federated": [ARN]}}),
            trust({"Principal": {"Federated": "${data.aws_iam_openid_connect_provider.x.arn}"}}),
            assume({"AWS": ROLE, "Service": "ecs-tasks.amazonaws.com"}),
        ),
    ),
}  # fmt: skip


def found(policy: Any) -> set[str]:
    """Name the rules that find something in a trust policy."""
    return {placed.finding.rule for placed in estate(trusting=policy).findings}


@pytest.mark.parametrize("rule", TABLE)
def test_before(rule: str) -> None:
    """The rule finds the policy that is wrong."""
    assert rule in found(TABLE[rule].before)


@pytest.mark.parametrize("rule", TABLE)
def test_after(rule: str) -> None:
    """The policy that is mended is clean."""
    assert found(TABLE[rule].after) == set()


@pytest.mark.parametrize("near", range(3))
@pytest.mark.parametrize("rule", TABLE)
def test_near(rule: str, near: int) -> None:
    """A policy that looks alike is clean."""
    assert found(TABLE[rule].near[near]) == set()
