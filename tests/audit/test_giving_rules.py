"""What gives permissions, why, and under which conditions it gives little."""

from __future__ import annotations

from typing import Any

import pytest
from audit_other_cases import IMAGE, ROLE
from audit_policies import ACCOUNT, allow, estate, rules

KEY = f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/1"
FUNCTION = f"arn:aws:lambda:eu-central-1:{ACCOUNT}:function:web"
SITE = "arn:aws:s3:::site/*"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/boundary"
OF_AWS = "arn:aws:iam::aws:policy"
HIMSELF = "Whoever may change permissions may give himself all of them."
LETS_IN = "It says who may use a resource: another account can be let in, or everybody."
TAKES = "It takes permissions away from others, or what holds them back: a boundary, a Deny."
PUBLIC = "It can make an object public, or let another account read it."


def found(policy: Any) -> list[tuple[str, str, str]]:
    """List the rule, the severity and the reason of each finding."""
    return [
        (p.finding.rule, p.finding.severity, p.finding.why)
        for p in estate(allowing=policy).findings
    ]


@pytest.mark.parametrize(
    ("policy", "severity", "why"),
    [
        (allow("iam:PutRolePolicy", ROLE), "error", HIMSELF),
        (allow("iam:*Role", ROLE), "error", HIMSELF),
        (allow("iam:DeleteRolePermissionsBoundary", ROLE), "error", TAKES),
        (allow("ecr:SetRepositoryPolicy", IMAGE), "error", LETS_IN),
        (allow("kms:CreateGrant", KEY), "error", LETS_IN),
        (allow("s3:PutObjectAcl", SITE), "warning", PUBLIC),
        (allow("s3:PutObjectAcl", "arn:aws:s3:::*/*"), "error", PUBLIC),
        (
            allow("eks:CreateAccessEntry"),
            "error",
            "It lets roles into the cluster, as its administrators too.",
        ),
        (
            allow("sts:GetFederationToken"),
            "error",
            "It makes credentials that can be handed on, and stay when the run is over.",
        ),
    ],
)
def test_found(policy: Any, severity: str, why: str) -> None:
    """The reason is true for the action."""
    assert found(policy) == [("permissions-management", severity, why)]


@pytest.mark.parametrize(
    "policy",
    [
        allow("kms:CreateGrant", KEY, Bool={"kms:GrantIsForAWSResource": "true"}),
        allow("kms:CreateGrant", KEY, Bool={"kms:grantisforawsresource": ["True"]}),
        allow(["iam:CreateRole", "iam:PutRolePolicy"], ROLE,
              StringEquals={"iam:PermissionsBoundary": BOUNDARY}),
        allow("iam:AttachRolePolicy", ROLE,
              ArnEquals={"iam:PolicyARN": f"{OF_AWS}/ReadOnlyAccess"}),
        allow("lambda:AddPermission", FUNCTION,
              StringEquals={"lambda:Principal": "events.amazonaws.com"}),
        allow("s3:PutObjectAcl", SITE,
              StringEquals={"s3:x-amz-acl": "bucket-owner-full-control"}),
        allow("ecr:SetRepositoryPolicy", SITE),
        allow("iam:CreateServiceLinkedRole"),
    ],
)  # fmt: skip
def test_tamed(policy: Any) -> None:
    """With such a condition, or on what it does not take, it gives little or nothing."""
    assert found(policy) == []


@pytest.mark.parametrize(
    "policy",
    [
        allow("kms:CreateGrant", KEY, Bool={"kms:GrantIsForAWSResource": "false"}),
        allow("kms:CreateGrant", KEY, BoolIfExists={"kms:GrantIsForAWSResource": "true"}),
        allow("kms:CreateGrant", KEY, Bool={"kms:GrantIsForAWSResource": ["true", "false"]}),
        allow("kms:PutKeyPolicy", KEY, Bool={"kms:GrantIsForAWSResource": "true"}),
        allow("iam:CreateRole", ROLE, StringLike={"iam:PermissionsBoundary": "*"}),
        allow("iam:CreateRole", ROLE, StringNotEquals={"iam:PermissionsBoundary": BOUNDARY}),
        allow("iam:CreatePolicyVersion", BOUNDARY,
              StringEquals={"iam:PermissionsBoundary": BOUNDARY}),
        allow("iam:AttachRolePolicy", ROLE, ArnLike={"iam:PolicyARN": f"{OF_AWS}/*"}),
        allow("iam:AttachRolePolicy", ROLE,
              ArnEquals={"iam:PolicyARN": f"{OF_AWS}/AdministratorAccess"}),
        allow("iam:PutRolePolicy", ROLE, StringEquals={"aws:ResourceTag/team": "web"}),
        allow("s3:PutObjectAcl", SITE, StringEquals={"s3:x-amz-acl": "public-read"}),
    ],
)  # fmt: skip
def test_not_tamed(policy: Any) -> None:
    """A condition that a request can do without, or meets in any case, changes nothing."""
    assert rules(estate(allowing=policy)) == ["permissions-management"]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (allow("execute-api:*"), ("warning", "Every action of execute-api is allowed.")),
        (
            allow("elasticbeanstalk:*"),
            ("error", "Every action of elasticbeanstalk is allowed, deleting too."),
        ),
        (
            allow(["ecr:*", "s3:*"], SITE),
            ("error", "Every action of s3 is allowed, deleting and giving access too."),
        ),
        (
            allow("brandnew:*"),
            ("error", "Every action of brandnew is allowed, deleting and giving access too."),
        ),
    ],
)
def test_whole_services(policy: Any, expected: tuple[str, str]) -> None:
    """What is said of a whole service is true for it, and for its resources."""
    assert found(policy) == [("service-wildcard", *expected)]


@pytest.mark.parametrize(
    ("policy", "severity", "who"),
    [
        (allow("sts:AssumeRole"), "error", "Any role that trusts this account"),
        (
            allow("sts:AssumeRole", "arn:aws:iam::*:role/cdk-*"),
            "warning",
            "Any role whose name begins with 'cdk-' and that trusts this account",
        ),
        (
            allow("sts:AssumeRole", StringEquals={"iam:ResourceTag/team": "web"}),
            "warning",
            "Any role with these tags that trusts this account",
        ),
        (allow("sts:AssumeRole", ROLE), "warning", "What that role may do"),
    ],
)
def test_assuming(policy: Any, severity: str, who: str) -> None:
    """How many roles are within reach is said as it is."""
    why = f"{who} is within reach of the workflow, however narrow this role is."

    assert found(policy) == [("assume-onwards", severity, why)]


def test_assuming_what_is_no_role() -> None:
    """A statement with another type of resources lets nothing be assumed."""
    assert found(allow("sts:AssumeRole", SITE)) == []


@pytest.mark.parametrize(
    ("actions", "service"),
    [
        (["iam:PassRole"], "ecs-tasks.amazonaws.com"),
        (["iam:PassRole", "ecs:ListTasks", "lambda:ListTags"], "ecs-tasks.amazonaws.com"),
        (["iam:PassRole", "lambda:ListTags"], "lambda.amazonaws.com"),
    ],
)
def test_the_service_that_a_role_is_passed_to(actions: list[str], service: str) -> None:
    """The help names the service that the policy is about."""
    (passing,) = estate(allowing=allow(actions, ROLE)).findings

    assert passing.finding.help == f'Add `"StringEquals": {{"iam:PassedToService": "{service}"}}`.'
