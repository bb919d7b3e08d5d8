"""
Trust policies of the shapes that public guides and modules give, and what the audit says of them.

Names and accounts are made up. Only the rules about principals, actions, operators, keys and
audiences are looked at here; the subjects have their own tests.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from audit_policies import ACCOUNT as OWN
from audit_policies import conditions, estate, trust
from raw_estate import read_raw_estate

from deploy_access.audit.estate_audit import audit_estate

OTHER = "444455556666"
GITHUB = "token.actions.githubusercontent.com"
BITBUCKET = "api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc"
CIRCLECI = "oidc.circleci.com/org/1b2c3d4e"
EKS = "oidc.eks.eu-central-1.amazonaws.com/id/0123456789ABCDEF"
TOKEN = "sts:AssumeRoleWithWebIdentity"
SAML = "sts:AssumeRoleWithSAML"
TAGS = "sts:TagSession"
EXACT = {"aud": "sts.amazonaws.com", "sub": "repo:acme@1/web@2:ref:refs/heads/main"}
OLD_MODULE: Any = {
    "ForAllValues:StringEquals": {"iss": f"https://{GITHUB}", "aud": "sts.amazonaws.com"},
    "StringLike": {"sub": "repo:acme/web:ref:refs/heads/main"},
}
RULES = {
    *("for-all-values", "if-exists", "loose-aud", "no-aud", "not-principal", "open-role"),
    *("other-account", "own-account", "retired-issuer", "shared-issuer", "tag-session"),
    *("wrong-action", "wrong-key", "wrong-principal"),
}


def root(account: str = OWN) -> str:
    """Name a whole account."""
    return f"arn:aws:iam::{account}:root"


def allow(principal: Any, action: Any = "sts:AssumeRole", **condition: Any) -> Any:
    """Let *principal* assume the role."""
    made = {"Effect": "Allow", "Principal": principal, "Action": action}
    return {**made, "Condition": condition} if condition else made


def tokens(issuer: str, action: Any = TOKEN, account: str = OWN, **condition: Any) -> Any:
    """Let tokens of an issuer in; the keys are without the issuer."""
    keys = {
        operator: {f"{issuer}:{claim}": value for claim, value in claims.items()}
        for operator, claims in condition.items()
    }
    provider = {"Federated": f"arn:aws:iam::{account}:oidc-provider/{issuer}"}
    return allow(provider, action, **keys)


CASES: list[tuple[str, list[Any], list[str]]] = [
    ("module of roles, old", [tokens(GITHUB, [TOKEN, TAGS], **OLD_MODULE)],
     ["error for-all-values", "error wrong-key", "warning tag-session"]),
    ("module of roles, new", [tokens(GITHUB, [TOKEN, TAGS], StringEquals=EXACT)],
     ["warning tag-session"]),
    ("module for GitHub", [tokens(GITHUB, StringEquals={"aud": "sts.amazonaws.com"},
                                  StringLike={"sub": ["repo:acme/web:*"]})], []),
    ("readme of the action", [tokens(GITHUB, StringEquals=EXACT)], []),
    ("ids beside it", [tokens(GITHUB, StringEquals={
        **EXACT, "repository_id": "2", "repository_owner_id": "1"})], []),
    ("owner's name beside it", [tokens(GITHUB, StringEquals={
        **EXACT, "repository_owner": "acme"})], ["error wrong-key"]),
    ("workflow only", [tokens(GITHUB, StringEquals={
        "aud": "sts.amazonaws.com",
        "job_workflow_ref": "acme/ci/.github/workflows/d.yml@refs/heads/main"})], []),
    ("repository only", [tokens(GITHUB, StringEquals={
        "aud": "sts.amazonaws.com", "repository": "acme/web"})], ["error shared-issuer"]),
    ("enterprise", [tokens(f"{GITHUB}/acme", StringEquals={"aud": "sts.amazonaws.com"})], []),
    ("tags in a statement of their own", [tokens(GITHUB, StringEquals=EXACT),
                                          tokens(GITHUB, TAGS)], ["warning tag-session"]),
    ("source identity", [tokens(GITHUB, [TOKEN, "sts:SetSourceIdentity"], StringEquals=EXACT)],
     ["warning wrong-action"]),
    ("provider elsewhere", [tokens(GITHUB, account=OTHER, StringEquals=EXACT)],
     ["error wrong-principal"]),
    ("GitLab", [tokens("gitlab.com", StringEquals={
        "sub": "project_path:acme/web:ref_type:branch:ref:main"})], ["warning no-aud"]),
    ("GitLab, audience", [tokens("gitlab.com", StringEquals={"aud": "https://gitlab.com"})],
     ["error shared-issuer"]),
    ("GitLab at home", [tokens("gitlab.example.com", StringEquals={
        "aud": "https://gitlab.example.com"})], []),
    ("GitLab, tags", [tokens("gitlab.com", [TOKEN, TAGS, "sts:SetSourceIdentity"], StringEquals={
        "aud": "https://gitlab.com", "sub": "project_path:acme/web:ref_type:tag:ref:v1"})], []),
    ("Bitbucket", [tokens(BITBUCKET, StringEquals={"aud": "ari:cloud:bitbucket::workspace/6"})],
     []),
    ("CircleCI", [tokens(CIRCLECI, StringLike={"sub": "org/1b2c3d4e/project/aaaa/user/*"})],
     ["warning no-aud"]),
    ("service account", [tokens(EKS, StringEquals={
        "sub": "system:serviceaccount:kube-system:aws-node", "aud": "sts.amazonaws.com"})], []),
    ("service accounts", [tokens(EKS, StringLike={
        "sub": "system:serviceaccount:web:*", "aud": "sts.amazonaws.com"})], ["note loose-aud"]),
    ("HCP Terraform", [tokens("app.terraform.io", StringEquals={"aud": "aws.workload.identity"},
        StringLike={"sub": "organization:acme:project:web:workspace:prod:run_phase:*"})], []),
    ("HCP Terraform, all", [tokens("app.terraform.io", StringEquals={
        "aud": "aws.workload.identity"})], ["error shared-issuer"]),
    ("Buildkite", [tokens("agent.buildkite.com", StringEquals={"aud": "sts.amazonaws.com"},
        StringLike={"sub": "organization:acme:pipeline:web:*"})], []),
    ("Vercel's team", [tokens("oidc.vercel.com/acme", StringEquals={
        "aud": "https://vercel.com/acme"})], []),
    ("Vercel for all", [tokens("oidc.vercel.com", StringEquals={
        "sub": "owner:acme:project:web:environment:production"})],
     ["error shared-issuer", "warning no-aud"]),
    ("Pulumi", [tokens("api.pulumi.com/oidc", StringEquals={"aud": "aws:acme"})], []),
    ("Cognito", [allow({"Federated": "cognito-identity.amazonaws.com"}, TOKEN, **{
        "StringEquals": {"cognito-identity.amazonaws.com:aud": "eu-central-1:x"},
        "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "authenticated"}})], []),
    ("Cognito, any pool", [allow({"Federated": "cognito-identity.amazonaws.com"}, TOKEN)],
     ["error shared-issuer"]),
    ("Google", [allow({"Federated": "accounts.google.com"}, TOKEN, StringEquals={
        "accounts.google.com:aud": "1"})], []),
    ("vendor with an external id", [allow({"AWS": root(OTHER)}, StringEquals={
        "sts:ExternalId": "7c2a"})], []),
    ("vendor with the start of one", [allow({"AWS": root(OTHER)}, StringLike={
        "sts:ExternalId": "acme@*"})], []),
    ("vendor without", [allow({"AWS": root(OTHER)})], ["warning other-account"]),
    ("vendor's user", [allow({"AWS": f"arn:aws:iam::{OTHER}:user/abc1-b-self"}, StringEquals={
        "sts:ExternalId": "x"})], []),
    ("vendor's role and the role itself", [allow({"AWS": [
        f"arn:aws:iam::{OTHER}:role/catalog", f"arn:aws:iam::{OWN}:role/role"]},
        StringEquals={"sts:ExternalId": "x"})], []),
    ("people with a second factor", [allow({"AWS": root()}, Bool={
        "aws:MultiFactorAuthPresent": "true"})], ["note own-account"]),
    ("people of another account", [allow({"AWS": root(OTHER)}, Bool={
        "aws:MultiFactorAuthPresent": "true"})], ["warning other-account"]),
    ("SAML", [allow({"Federated": f"arn:aws:iam::{OWN}:saml-provider/idp"}, SAML, StringEquals={
        "SAML:aud": "https://signin.aws.amazon.com/saml"})], []),
    ("Identity Center", [allow({"Federated": f"arn:aws:iam::{OWN}:saml-provider/AWSSSO_0_x"},
        [SAML, TAGS], StringEquals={"SAML:aud": "https://signin.aws.amazon.com/saml"})], []),
    ("its roles", [allow({"AWS": root()}, ArnLike={"aws:PrincipalArn":
        f"arn:aws:iam::{OWN}:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Admin_*"})], []),
    ("its roles in an organization", [allow({"AWS": "*"},
        ArnLike={"aws:PrincipalArn": "arn:aws:iam::*:role/*/AWSReservedSSO_Admin_*"},
        StringEquals={"aws:PrincipalOrgID": "o-abc123"})], []),
    ("its roles anywhere", [allow({"AWS": "*"}, ArnLike={
        "aws:PrincipalArn": "arn:aws:iam::*:role/*/AWSReservedSSO_Admin_*"})],
     ["error open-role"]),
    ("task", [allow({"Service": "ecs-tasks.amazonaws.com"},
        ArnLike={"aws:SourceArn": f"arn:aws:ecs:eu-central-1:{OWN}:*"},
        StringEquals={"aws:SourceAccount": OWN})], []),
    ("two services", [allow({"Service": ["lambda.amazonaws.com", "edgelambda.amazonaws.com"]})],
     []),
    ("service of China", [allow({"Service": "ec2.amazonaws.com.cn"})], []),
    ("pods", [allow({"Service": "pods.eks.amazonaws.com"}, ["sts:AssumeRole", TAGS])], []),
    ("certificates", [allow({"Service": "rolesanywhere.amazonaws.com"},
        ["sts:AssumeRole", TAGS, "sts:SetSourceIdentity"])], []),
    ("service or a person", [allow({"Service": "ec2.amazonaws.com", "AWS": root()})],
     ["note own-account"]),
    ("organization by a Deny", [allow({"AWS": "*"}), {
        **allow({"AWS": "*"}, StringNotEquals={"aws:PrincipalOrgId": "${aws:ResourceOrgId}"},
                BoolIfExists={"aws:PrincipalIsAWSService": "false"}), "Effect": "Deny"}], []),
    ("bootstrap", [allow({"AWS": OWN})], ["note own-account"]),
    ("bootstrap for another account", [allow({"AWS": OWN}), allow({"AWS": OTHER})],
     ["note own-account", "warning other-account"]),
    ("second role of a chain", [allow({"AWS": f"arn:aws:iam::{OTHER}:role/github"},
        ["sts:AssumeRole", TAGS])], []),
    ("session of a role", [allow({"AWS": f"arn:aws:sts::{OTHER}:assumed-role/Admin/x"})], []),
    ("by a tag", [allow({"AWS": root()}, StringEquals={
        "aws:PrincipalTag/team": "${aws:ResourceTag/team}"})], []),
    ("account and endpoint", [allow({"AWS": "*"}, StringEquals={
        "aws:PrincipalAccount": OWN, "aws:SourceVpce": "vpce-1"})], []),
    ("tokens or a person", [tokens(GITHUB, StringEquals=EXACT),
                            allow({"AWS": f"arn:aws:iam::{OWN}:role/admin"})], []),
    ("principal that was deleted", [allow({"AWS": "AROAEXAMPLEID"})], []),
]  # fmt: skip


def audit(*statements: Any) -> Any:
    """Audit a role as `aws iam get-role` shows it."""
    role = {
        "Path": "/",
        "RoleName": "role",
        "Arn": f"arn:aws:iam::{OWN}:role/role",
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": statements},
    }
    shown = json.dumps({"Role": role}).encode()
    return audit_estate(read_raw_estate(shown, "role.json")).findings


@pytest.mark.parametrize(
    ("statements", "expected"), [pytest.param(*case[1:], id=case[0]) for case in CASES]
)
def test_shape(statements: list[Any], expected: list[str]) -> None:
    """Each shape has the findings that it should have, and no other."""
    found = [p.finding for p in audit(*statements) if p.finding.rule in RULES]

    assert sorted(f"{one.severity} {one.rule}" for one in found) == expected


def why(rule: str, *statements: Any) -> str:
    """Return the reason of the one finding of a rule."""
    (found,) = [p.finding for p in audit(*statements) if p.finding.rule == rule]
    return found.why


@pytest.mark.parametrize(
    ("operator", "value", "effect"),
    [
        ("StringEquals", "x", "never holds, so nobody gets in"),
        ("ForAnyValue:StringLike", "x", "never holds, so nobody gets in"),
        ("Null", "false", "never holds, so nobody gets in"),
        ("StringNotEquals", "x", "keeps nobody out"),
        ("StringEqualsIfExists", "x", "keeps nobody out"),
        ("ForAllValues:StringEquals", "x", "keeps nobody out"),
        ("Null", "true", "keeps nobody out"),
    ],
)
def test_why_a_key_is_wrong(operator: str, value: str, effect: str) -> None:
    """What a key that does not exist does depends on the operator."""
    condition: dict[str, Any] = {"StringEquals": dict(EXACT)}
    condition.setdefault(operator, {})["iss"] = value

    assert why("wrong-key", tokens(GITHUB, **condition)) == (
        "AWS has no condition key for the claim 'iss'. A condition on a key that does not exist "
        f"{effect}, with this operator."
    )


BESIDE = {"Federated": f"arn:aws:iam::{OWN}:oidc-provider/{GITHUB}", "AWS": f"{root()[:-4]}role/x"}


@pytest.mark.parametrize(
    ("action", "condition", "expected"),
    [
        (TOKEN, {}, "and no action here lets in a caller without a token"),
        ([TOKEN, "sts:AssumeRole"], {"StringEquals": {f"{GITHUB}:aud": "x"}},
         "and the conditions are about tokens"),
        ([TOKEN, "sts:AssumeRole"], {}, "and gets in by `sts:AssumeRole` without any token"),
    ],
)  # fmt: skip
def test_what_stands_beside_a_provider(action: Any, condition: Any, expected: str) -> None:
    """What a principal without a token can do is said as it is."""
    statement = allow(BESIDE, action, **condition)

    assert why("wrong-principal", statement) == f"It stands beside the OIDC provider, {expected}."
    assert "wrong-action" not in [p.finding.rule for p in audit(statement)]


@pytest.mark.parametrize(
    ("audiences", "severity", "audience"),
    [
        (None, "warning", "sts.amazonaws.com"),
        (["a", "b"], "warning", "sts.amazonaws.com"),
        (["acme"], "note", "acme"),
        (["${var.audience}"], "warning", "sts.amazonaws.com"),
    ],
)
def test_no_audience(audiences: list[str] | None, severity: str, audience: str) -> None:
    """A provider with one audience takes tokens for no other, so that none is let in now."""
    provider = {"url": f"https://{GITHUB}", "client_id_list": audiences}
    made = {"aws_iam_openid_connect_provider": {"Idp": provider}} if audiences else {}

    findings = estate(made, trusting=trust(StringEquals=conditions(aud=None))).findings

    (found,) = [p.finding for p in findings if p.finding.rule == "no-aud"]
    assert (found.severity, found.help) == (
        severity,
        f'Add `"StringEquals": {{"{GITHUB}:aud": "{audience}"}}`.',
    )


@pytest.mark.parametrize(
    ("partition", "issuer", "audience"),
    [
        ("aws", GITHUB, "sts.amazonaws.com"),
        ("aws-cn", GITHUB, "sts.amazonaws.com.cn"),
        ("aws-us-gov", GITHUB, "sts.amazonaws.com"),
        ("aws", "gitlab.com", "..."),
    ],
)
def test_whose_audience(partition: str, issuer: str, audience: str) -> None:
    """The audience that is proposed is that of the partition; another issuer has its own."""
    statement = tokens(issuer, StringEquals={"sub": EXACT["sub"]})
    provider = f"arn:{partition}:iam::{OWN}:oidc-provider/{issuer}"

    helps = [
        p.finding.help
        for p in audit({**statement, "Principal": {"Federated": provider}})
        if p.finding.rule == "no-aud"
    ]

    assert helps == [f'Add `"StringEquals": {{"{issuer}:aud": "{audience}"}}`.']
