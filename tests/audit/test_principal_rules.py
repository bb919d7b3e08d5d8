"""The rules about the AWS principals of a trust policy: whom an Allow lets in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from audit_policies import ACCOUNT, ACTION, ARN, AUD, HOST, SUB, Json, estate, rules
from raw_estate import read_raw_estate

from deploy_access.audit.estate_audit import audit_estate

CASE = Path(__file__).parent / "everybody.json"
OTHER = "444455556666"
ROOT = f"arn:aws:iam::{OTHER}:root"
OWN = f"arn:aws:iam::{ACCOUNT}:root"
ORGANIZATION = {"StringEquals": {"aws:PrincipalOrgID": "o-example123"}}
EXTERNAL = {"StringEquals": {"sts:ExternalId": "7c2a"}}


def statement(
    principal: Any, condition: Json | None = None, action: Any = "sts:AssumeRole"
) -> Json:
    """Let *principal* assume the role."""
    made: Json = {"Effect": "Allow", "Principal": principal, "Action": action}
    return {**made, "Condition": condition} if condition else made


def deny(condition: Json | None = None, principal: Any = "*", **more: Any) -> Json:
    """Keep *principal* out."""
    made: Json = {"Effect": "Deny", "Action": "sts:AssumeRole", **more}
    made |= {} if "NotPrincipal" in more else {"Principal": principal}
    return {**made, "Condition": condition} if condition else made


def found(*statements: Json) -> list[str]:
    """List severity and rule of what is found in a trust policy."""
    policy = {"Version": "2012-10-17", "Statement": list(statements)}
    return [f"{p.finding.severity} {p.finding.rule}" for p in estate(trusting=policy).findings]


def listed(*cases: tuple[str, *tuple[Any, ...]]) -> list[Any]:
    """Give each case its name."""
    return [pytest.param(*case[1:], id=case[0]) for case in cases]


OPEN: list[tuple[str, Json]] = [
    ("text", statement("*")),
    ("of AWS", statement({"AWS": "*"})),
    ("in a list", statement({"AWS": [f"arn:aws:iam::{ACCOUNT}:role/a", "*"]})),
    ("any organization", statement("*", {"StringLike": {"aws:PrincipalOrgID": "o-*"}})),
    ("any organization by pattern", statement("*", {"StringLike": {"aws:PrincipalOrgID": "*"}})),
    ("its own organization", statement("*", {"StringEquals": {
        "aws:PrincipalOrgID": "${aws:PrincipalOrgID}"}})),
    ("organization, if any",
     statement("*", {"StringEqualsIfExists": ORGANIZATION["StringEquals"]})),
    ("all organizations of none",
     statement("*", {"ForAllValues:StringEquals": ORGANIZATION["StringEquals"]})),
    ("another organization", statement("*", {"StringNotEquals": ORGANIZATION["StringEquals"]})),
    ("one open value of two",
     statement("*", {"StringLike": {"aws:PrincipalOrgID": ["o-example123", "*"]}})),
    ("a role of any account",
     statement("*", {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/deploy"}})),
    ("a tag that any account may give",
     statement("*", {"StringEquals": {"aws:PrincipalTag/team": "web"}})),
    ("a kind of principal", statement("*", {"StringEquals": {"aws:PrincipalType": "User"}})),
    ("a second factor", statement("*", {"Bool": {"aws:MultiFactorAuthPresent": "true"}})),
    ("the name of the session",
     statement("*", {"StringEquals": {"sts:RoleSessionName": "deploy"}})),
    ("the whole network", statement("*", {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}})),
    ("any external id", statement("*", {"StringLike": {"sts:ExternalId": "*"}})),
    ("there is an external id", statement("*", {"Null": {"sts:ExternalId": "false"}})),
    ("an instance", statement("*", {"ArnLike": {
        "ec2:SourceInstanceARN": f"arn:aws:ec2:eu-central-1:{OTHER}:instance/i-1"}})),
]  # fmt: skip
HALF_OPEN: list[tuple[str, Json]] = [
    ("external id", statement({"AWS": "*"}, EXTERNAL)),
    ("network", statement("*", {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}})),
    ("endpoint", statement("*", {"StringEquals": {"aws:SourceVpce": "vpce-1"}})),
]
NARROWED: list[tuple[str, Json]] = [
    ("organization", statement("*", ORGANIZATION)),
    ("one of two organizations",
     statement("*", {"StringEquals": {"aws:PrincipalOrgID": ["o-1", "o-2"]}})),
    ("any of an organization",
     statement("*", {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-1/*"}})),
    ("the role's organization",
     statement("*", {"StringEquals": {"aws:PrincipalOrgID": "${aws:ResourceOrgID}"}})),
    ("organization known to Terraform",
     statement("*", {"StringEquals": {"aws:PrincipalOrgID": "${data.aws_x.this.id}"}})),
    ("account", statement("*", {"StringEquals": {"aws:PrincipalAccount": [ACCOUNT, OTHER]}})),
    ("roles of an account", statement("*", {"ArnLike": {
        "aws:PrincipalArn": f"arn:aws:iam::{OTHER}:role/*"}})),
    ("role", statement("*", {"ArnEquals": {"aws:PrincipalArn": f"arn:aws:iam::{OTHER}:role/a"}})),
    ("role by text", statement("*", {"StringEquals": {
        "AWS:principalARN": "arn:aws:iam::*:role/never"}})),
    ("a service for an account", statement("*", {"StringEquals": {"aws:SourceAccount": ACCOUNT}})),
    ("a service for a bucket", statement("*", {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::logs"}})),
    ("sessions of a role", statement("*", {"StringLike": {"aws:userid": "AROAEXAMPLE:*"}})),
    ("assertions", statement("*", {"StringEquals": {"SAML:iss": "https://idp.example.com"}})),
    ("tags only", statement("*", action="sts:TagSession")),
    ("a `*` that is a text",
     statement("*", {"StringEquals": {"aws:PrincipalOrgID": "o-*"}})),
    ("any provider, by another action", statement({"Federated": "*"})),
    ("source identity only", statement({"AWS": "*"}, action=["sts:SetSourceIdentity"])),
]  # fmt: skip


@pytest.mark.parametrize("open_", listed(*OPEN))
def test_open(open_: Json) -> None:
    """Any AWS account gets in, where no condition asks whose it is."""
    assert found(open_) == ["error open-role"]


@pytest.mark.parametrize("half_open", listed(*HALF_OPEN))
def test_half_open(half_open: Json) -> None:
    """Any AWS account gets in that knows an id, or calls from a network."""
    assert found(half_open) == ["warning open-role"]


@pytest.mark.parametrize("narrowed", listed(*NARROWED))
def test_narrowed(narrowed: Json) -> None:
    """Callers of known owners get in, or none."""
    assert found(narrowed) == []


@pytest.mark.parametrize(
    ("denied", "left"),
    listed(
        ("others than an organization", deny({"StringNotEquals": {
            "aws:PrincipalOrgID": "o-1"}}), []),
        ("others, if they have one", deny({"StringNotEqualsIfExists": {
            "aws:PrincipalOrgID": "o-1"}}), []),
        ("others, but services", deny({
            "StringNotEquals": {"aws:PrincipalOrgID": "o-1"},
            "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}), []),
        ("others than roles of an account", deny({"ArnNotLike": {
            "aws:PrincipalArn": f"arn:aws:iam::{OTHER}:role/*"}}), []),
        ("all but a role", deny(NotPrincipal={"AWS": f"arn:aws:iam::{OTHER}:role/a"}), []),
        ("all", deny(), []),
        ("all actions of sts", deny(Action="sts:*"), []),
        ("others without the key of an id", deny({"StringNotEquals": {
            "sts:ExternalId": "7c2a"}}), ["warning open-role"]),
        ("another action", deny(Action="sts:TagSession"), ["error open-role"]),
        ("one account", deny(principal={"AWS": ROOT}), ["error open-role"]),
        ("one organization", deny({"StringEquals": {"aws:PrincipalOrgID": "o-1"}}),
         ["error open-role"]),
        ("others with a key", deny({"ForAnyValue:StringNotEquals": {
            "aws:PrincipalOrgID": "o-1"}}), ["error open-role"]),
        ("others, elsewhere", deny({
            "StringNotEquals": {"aws:PrincipalOrgID": "o-1"},
            "NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}}), ["error open-role"]),
        ("all but all", deny(NotPrincipal={"AWS": "*"}), ["error open-role"]),
        ("all but a role, sometimes", deny(
            {"Bool": {"aws:SecureTransport": "false"}},
            NotPrincipal={"AWS": f"arn:aws:iam::{OTHER}:role/a"}), ["error open-role"]),
    ),
)  # fmt: skip
def test_denied(denied: Json, left: list[str]) -> None:
    """A Deny of the trust policy counts where it spares callers of known owners only."""
    assert found(statement({"AWS": "*"}), denied) == left


@pytest.mark.parametrize(
    ("other", "left"),
    listed(
        ("root", statement({"AWS": ROOT}), ["warning other-account"]),
        ("number", statement({"AWS": OTHER}), ["warning other-account"]),
        ("two", statement({"AWS": [ROOT, "777788889999"]}), ["warning other-account"] * 2),
        ("its own number again", statement({"AWS": ROOT}, {"StringEquals": {
            "aws:PrincipalAccount": OTHER}}), ["warning other-account"]),
        ("a second factor", statement({"AWS": ROOT}, {"Bool": {
            "aws:MultiFactorAuthPresent": "true"}}), ["warning other-account"]),
        ("external id, if any", statement({"AWS": ROOT}, {"StringEqualsIfExists": {
            "sts:ExternalId": "7c2a"}}), ["warning other-account"]),
        ("any external id", statement({"AWS": ROOT}, {"StringLike": {"sts:ExternalId": "*"}}),
         ["warning other-account"]),
        ("external id", statement({"AWS": ROOT}, EXTERNAL), []),
        ("organization", statement({"AWS": ROOT}, ORGANIZATION), []),
        ("roles of a name", statement({"AWS": ROOT}, {"ArnLike": {
            "aws:PrincipalArn": "arn:aws:iam::*:role/deploy-*"}}), []),
        ("a tag", statement({"AWS": ROOT}, {"StringEquals": {"aws:PrincipalTag/team": "web"}}), []),
        ("a user", statement({"AWS": ROOT}, {"StringLike": {"aws:username": "ci-*"}}), []),
        ("role", statement({"AWS": f"arn:aws:iam::{OTHER}:role/ci"},
                           action=["sts:AssumeRole", "sts:TagSession"]), []),
        ("session", statement({"AWS": f"arn:aws:sts::{OTHER}:assumed-role/ci/x"}), []),
        ("tags only", statement({"AWS": ROOT}, action="sts:TagSession"), []),
        ("a service", statement({"Service": "ecs-tasks.amazonaws.com"}), []),
        ("two services", statement({"Service": [
            "lambda.amazonaws.com", "edgelambda.amazonaws.com"]}), []),
        ("claims that it lacks", statement({"AWS": ROOT}, {"StringEquals": {
            f"{HOST}:sub": SUB}}), []),
        ("known to Terraform", statement({"AWS": "arn:aws:iam::${var.account}:root"}),
         ["note other-account"]),
        ("a role known to Terraform", statement({"AWS": "${aws_iam_role.first.arn}"}), []),
        ("own", statement({"AWS": OWN}), ["note own-account"]),
        ("own by number", statement({"AWS": ACCOUNT}), ["note own-account"]),
        ("own, one role", statement({"AWS": OWN}, {"ArnEquals": {
            "aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/a"}}), []),
        ("some of its roles", statement({"AWS": f"arn:aws:iam::{OTHER}:role/*"}),
         ["error wrong-principal"]),
        ("some services", statement({"Service": "*.amazonaws.com"}), ["error wrong-principal"]),
    ),
)  # fmt: skip
def test_accounts(other: Json, left: list[str]) -> None:
    """A whole account is found, as its own administrators then decide who gets in."""
    assert found(other) == left


def test_an_account_that_is_denied() -> None:
    """A Deny for an account counts by its number and by its root."""
    external = deny({"StringNotEquals": {"sts:ExternalId": "7c2a"}}, principal={"AWS": OTHER})

    assert found(statement({"AWS": ROOT}), external) == []
    assert found(statement({"AWS": OWN}), external) == ["note own-account"]


@pytest.mark.parametrize(
    ("name", "severity"),
    [
        ("OrganizationAccountAccessRole", "note"),
        ("AWSControlTowerExecution", "note"),
        ("AWSCloudFormationStackSetExecutionRole", "note"),
        ("Deploy", "warning"),
    ],
)
def test_roles_of_an_organization(name: str, severity: str) -> None:
    """A role that AWS makes so for the management account is no alarm."""
    assert [p.finding.severity for p in by_itself(statement({"AWS": ROOT}), name, ACCOUNT)] == [
        severity
    ]


@pytest.mark.parametrize(
    ("account", "severity", "rule"),
    [
        (None, "note", "other-account"),
        (OTHER, "note", "own-account"),
        (ACCOUNT, "warning", "other-account"),
    ],
)
def test_whose_account(account: str | None, severity: str, rule: str) -> None:
    """The role's ARN says which account is its own; without it, either may be true."""
    (placed,) = by_itself(statement({"AWS": ROOT}), "deploy", account)

    assert (placed.finding.severity, placed.finding.rule) == (severity, rule)
    assert ("may be another account" in placed.finding.why) == (account is None)


def test_a_provider_says_whose_account() -> None:
    """An identity provider in the policy is in the role's account."""
    web = statement({"Federated": ARN}, {"StringEquals": {
        f"{HOST}:sub": SUB, f"{HOST}:aud": AUD}}, action=ACTION)  # fmt: skip

    both = [by_itself(web, statement({"AWS": root}), "x", None) for root in (OWN, ROOT)]

    assert [[p.finding.rule for p in one] for one in both] == [["own-account"], ["other-account"]]
    assert [one[0].finding.severity for one in both] == ["note", "warning"]


@pytest.mark.parametrize(
    ("statement_", "left"),
    listed(
        ("tokens", statement("*", action=ACTION),
         ["no-aud", "no-sub", "wrong-principal"]),
        ("assertions", statement("*", action="sts:AssumeRoleWithSAML"), ["wrong-principal"]),
        ("either", statement("*", action=["sts:AssumeRole", "sts:AssumeRoleWithSAML"]),
         ["open-role"]),
        ("of another service", statement("*", action="lambda:InvokeFunction"), []),
        ("all of sts", statement("*", action="sts:*"),
         ["no-aud", "no-sub", "open-role", "wrong-action"]),
        ("all actions but one",
         {"Effect": "Allow", "Principal": "*", "NotAction": "sts:TagSession"},
         ["no-aud", "no-sub", "open-role", "wrong-action"]),
        ("the policy of a bucket", {**statement("*", action="s3:*"), "Resource": "*"}, []),
        ("everything", statement("*", action="*"),
         ["no-aud", "no-sub", "open-role", "wrong-action"]),
    ),
)  # fmt: skip
def test_ways_in(statement_: Json, left: list[str]) -> None:
    """What `*` stands for depends on the action."""
    assert rules(estate(trusting={"Version": "2012-10-17", "Statement": statement_})) == left


def test_the_reported_case() -> None:
    """A policy by itself that lets everybody in is an error."""
    audit = audit_estate(read_raw_estate(CASE.read_bytes(), CASE.name))

    (placed,) = audit.findings
    assert (placed.finding.severity, placed.finding.rule, placed.path, placed.key) == (
        *("error", "open-role"),
        *("Statement[0].Principal", "AWS"),
    )
    assert placed.finding.why == (
        "Whoever has an AWS account may assume the role: no condition asks whose it is."
    )


def by_itself(*given: Any) -> Any:
    """Audit a role as `aws iam get-role` shows it, or its policy alone where it has no account."""
    *statements, name, account = given
    policy = {"Version": "2012-10-17", "Statement": statements}
    role = {
        "Path": "/",
        "RoleName": name,
        "Arn": f"arn:aws:iam::{account}:role/{name}",
        "AssumeRolePolicyDocument": policy,
    }
    shown = {"Role": role} if account else policy
    return audit_estate(read_raw_estate(json.dumps(shown).encode(), "role.json")).findings
