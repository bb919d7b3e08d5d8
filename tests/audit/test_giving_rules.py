"""What gives permissions, why, and under which conditions it gives little."""

from __future__ import annotations

from typing import Any

import pytest
from audit_other_cases import IMAGE, ROLE
from audit_policies import ACCOUNT, allow, estate, rules

KEY = f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/1"
STACK = f"arn:aws:cloudformation:eu-central-1:{ACCOUNT}:stack/web/*"
FUNCTION = f"arn:aws:lambda:eu-central-1:{ACCOUNT}:function:web"
SITE = "arn:aws:s3:::site/*"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/boundary"
OF_AWS = "arn:aws:iam::aws:policy"
HIMSELF = "Whoever may change permissions may give himself all of them."
LETS_IN = "It says who may use a resource: another account can be let in, or everybody."
TAKES = "It takes permissions away from others, or what holds them back: a boundary, a Deny."
TAKES_ACCESS = "It takes access away from others, or what keeps them out: a policy may deny."
CREDENTIALS = "It makes credentials that can be handed on, and stay when the run is over."
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
        (allow("iam:*Role", ROLE), "error", f"It means iam:CreateRole: w{HIMSELF[1:]}"),
        (allow("iam:DeleteRolePermissionsBoundary", ROLE), "error", TAKES),
        (allow("iam:TagRole", ROLE), "error",
            "Policies can ask for tags, so whoever sets them decides who may do what."),
        (allow("iam:CreateAccessKey"), "error", CREDENTIALS),
        (allow("ecr:SetRepositoryPolicy", IMAGE), "error", LETS_IN),
        (allow("ecr:Set*", IMAGE), "error", f"It means ecr:SetRepositoryPolicy: i{LETS_IN[1:]}"),
        (allow("ecr:DeleteRepositoryPolicy", IMAGE), "error", TAKES_ACCESS),
        (allow("kms:RetireGrant", KEY), "error", TAKES_ACCESS),
        (allow("s3:PutObject*", SITE), "warning", f"It means s3:PutObjectAcl: i{PUBLIC[1:]}"),
        (allow("kms:CreateGrant", KEY), "error", LETS_IN),
        (allow("s3:PutObjectAcl", SITE), "warning", PUBLIC),
        (allow("s3:PutObjectAcl", "arn:aws:s3:::*/*"), "error", PUBLIC),
        (
            allow("eks:CreateAccessEntry"),
            "error",
            "It lets roles into the cluster, as its administrators too.",
        ),
        (allow("sts:GetFederationToken"), "error", CREDENTIALS),
    ],
)  # fmt: skip
def test_found(policy: Any, severity: str, why: str) -> None:
    """The reason is true for the action."""
    assert found(policy) == [("permissions-management", severity, why)]


@pytest.mark.parametrize(
    "policy",
    [
        allow("kms:CreateGrant", KEY, Bool={"kms:GrantIsForAWSResource": "true"}),
        allow("kms:CreateGrant", KEY, Bool={"kms:grantisforawsresource": ["True"]}),
        allow(["kms:ListGrants", "kms:RevokeGrant"], KEY,
              Bool={"kms:GrantIsForAWSResource": "true"}),
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
        allow("cloudformation:SetStackPolicy", STACK),
        allow("lambda:EnableReplication*", FUNCTION),
        allow("rds-db:connect", "arn:aws:rds-db:eu-central-1:111122223333:dbuser:db-1/deploy"),
        allow("secretsmanager:ValidateResourcePolicy"),
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
        allow("kms:RetireGrant", KEY, Bool={"kms:GrantIsForAWSResource": "true"}),
        allow("iam:CreateRole", ROLE, StringLike={"iam:PermissionsBoundary": "*"}),
        allow("iam:CreateRole", ROLE,
              ArnLike={"iam:PermissionsBoundary": f"arn:aws:iam::{ACCOUNT}:policy/*"}),
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
            allow("ec2:*", f"arn:aws:ec2:eu-central-1:{ACCOUNT}:instance/i-1"),
            ("error", "Every action of ec2 is allowed, deleting too."),
        ),
        (
            allow("logs:*", f"arn:aws:logs:eu-central-1:{ACCOUNT}:log-group:/web:log-stream:*"),
            ("error", "Every action of logs is allowed, deleting too."),
        ),
        (
            allow("kms:*", KEY),
            ("error", "Every action of kms is allowed, deleting and giving access too."),
        ),
        (
            allow("cloudtrail:*", f"arn:aws:cloudtrail:eu-central-1:{ACCOUNT}:channel/1"),
            ("error", "Every action of cloudtrail is allowed, deleting and giving access too."),
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
            allow("sts:AssumeRole", "arn:aws:iam::*:role/*-deploy"),
            "warning",
            "Any role whose name matches '*-deploy' and that trusts this account",
        ),
        (
            allow("sts:AssumeRole", ["arn:aws:iam::1:role/web-*", "arn:aws:iam::1:role/*"]),
            "error",
            "Any role that trusts this account",
        ),
        (
            allow("sts:AssumeRole", StringEquals={"iam:ResourceTag/team": "web"}),
            "warning",
            "Any role with these tags that trusts this account",
        ),
        (allow("sts:AssumeRole", ROLE), "warning", "What that role may do"),
        (allow("sts:AssumeRole", [ROLE, SITE]), "warning", "What that role may do"),
        (allow("sts:AssumeRole", [ROLE, f"{ROLE}-2"]), "warning", "What those roles may do"),
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
        (["iam:PassRole", "batch:SubmitJob"], "ecs-tasks.amazonaws.com"),
        (["iam:PassRole", "apprunner:UpdateService"], "tasks.apprunner.amazonaws.com"),
        (["iam:PassRole", "scheduler:CreateSchedule"], "scheduler.amazonaws.com"),
    ],
)
def test_the_service_that_a_role_is_passed_to(actions: list[str], service: str) -> None:
    """The help names the service that the policy is about."""
    (passing,) = estate(allowing=allow(actions, ROLE)).findings

    assert passing.finding.help == f'Add `"StringEquals": {{"iam:PassedToService": "{service}"}}`.'


def reasons(policy: Any) -> list[tuple[str, str, str]]:
    """List the rule, the evidence and the reason of each finding."""
    return [
        (p.finding.rule, p.finding.evidence, p.finding.why)
        for p in estate(allowing=policy).findings
    ]


def written(**statement: Any) -> dict[str, Any]:
    """Make a policy with one statement that allows."""
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow"} | statement]}


def test_passing_all_but_some() -> None:
    """The value that is shown is the one that is there."""
    to_tasks = {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}
    why = "A task can be started with every role of the account but what is listed, the strongest "

    assert reasons(written(Action="iam:PassRole", NotResource=ROLE, Condition=to_tasks)) == [
        ("pass-role-star", ROLE, f"{why}of them too.")
    ]


@pytest.mark.parametrize(
    ("resource", "which"),
    [
        ("*", "of AWS"),
        ([SITE, "*"], "of AWS"),
        (SITE, "that these resources take"),
        ([SITE, ROLE], "that these resources take"),
    ],
)
def test_all_actions_but_some(resource: Any, which: str) -> None:
    """On named resources, it is what these take."""
    why = f"Every other action {which} is allowed, also those that are added tomorrow."

    assert reasons(written(NotAction="s3:DeleteBucket", Resource=resource)) == [
        ("not-action", "s3:DeleteBucket", why)
    ]


@pytest.mark.parametrize(
    ("name", "severity", "which"),
    [
        ("web-*", "warning", "whose name begins with 'web-', also tomorrow's"),
        ("*-task", "warning", "whose name matches '*-task', also tomorrow's"),
        ("web-*-task", "warning", "whose name matches 'web-*-task', also tomorrow's"),
        ("web-?", "warning", "whose name matches 'web-?', also tomorrow's"),
        ("teams/*", "warning", "whose name begins with 'teams/', also tomorrow's"),
        ("*", "error", "of the account"),
        ("**?", "error", "of the account"),
    ],
)
def test_passing_roles_by_a_pattern(name: str, severity: str, which: str) -> None:
    """A pattern means the roles that match it, and no others."""
    to_tasks = {"iam:PassedToService": "ecs-tasks.amazonaws.com"}
    resource = f"arn:aws:iam::{ACCOUNT}:role/{name}"
    why = f"A task can be started with every role {which}, the strongest of them too."

    assert found(allow("iam:PassRole", resource, StringEquals=to_tasks)) == [
        ("pass-role-star", severity, why)
    ]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ({}, ["malformed-policy"]),
        ({"Effect": "Deny"}, ["malformed-policy"]),
        ({"Resource": "*"}, []),
        ({"NotResource": SITE}, []),
        ({"Resource": "${var.bucket}"}, []),
    ],
)
def test_a_statement_without_a_resource(statement: dict[str, Any], expected: list[str]) -> None:
    """IAM takes no statement of permissions without a resource, also one that denies."""
    policy = written(Action="sts:GetCallerIdentity", **statement)

    assert rules(estate(allowing=policy)) == expected
