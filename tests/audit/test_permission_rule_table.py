"""
The rules about permissions, each by examples.

A rule has a policy that it finds, the same policy mended, which is clean, and three policies that
look alike and are clean too: no error, no warning, and nothing of the rule itself.
"""

from __future__ import annotations

from typing import Any

import pytest
from audit_other_cases import AWS, CLUSTER, IMAGE, ROLE, SERVICE, TO_TASKS
from audit_policies import ACCOUNT, Json, allow, estate
from rule_rows import Row, names, wrong

from deploy_access.audit.catalogue import PERMISSION_RULES

REGION = "eu-central-1"
ECS = f"arn:aws:ecs:{REGION}:{ACCOUNT}"
WEB = f"{SERVICE}/prod/web"
MACHINE = f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/i-1"
DOCUMENT = f"arn:aws:ssm:{REGION}::document/AWS-RunShellScript"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:web"
PROJECT = f"arn:aws:codebuild:{REGION}:{ACCOUNT}:project/web"
STACK = f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/web/*"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1"
SITE = ["arn:aws:s3:::site", "arn:aws:s3:::site/*"]
ZONE = "arn:aws:route53:::hostedzone/Z1"
RECORDS = "route53:ChangeResourceRecordSetsNormalizedRecordNames"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/boundary"
IN_CLUSTER: Json = {"ecs:cluster": CLUSTER}
TAG: Json = {"aws:ResourceTag/team": "web"}


def of(*policies: Json) -> Json:
    """Put the statements of policies into one."""
    return {
        "Version": "2012-10-17",
        "Statement": [statement for policy in policies for statement in policy["Statement"]],
    }


def written(**statement: Any) -> Json:
    """Make a policy with one statement, which allows unless it says otherwise."""
    return of({"Statement": [{"Effect": "Allow", **statement}]})


def deny(action: Any, resource: Any = "*") -> Json:
    """Make a policy that pulls an image, and denies *action*."""
    denied = written(Effect="Deny", Action=action, Resource=resource)
    return of(allow("ecr:BatchGetImage", IMAGE), denied)


def passing(service: str, role: Any = ROLE) -> Json:
    """Allow to pass a role to a service."""
    return allow("iam:PassRole", role, StringEquals={"iam:PassedToService": service})


REGISTER, UPDATE = allow("ecs:RegisterTaskDefinition"), allow("ecs:UpdateService", WEB)
PASS = passing("ecs-tasks.amazonaws.com")
CALLER = allow("sts:GetCallerIdentity")

TABLE: dict[str, Row] = {
    "assume-onwards": Row(
        allow("sts:AssumeRole", ROLE),
        CALLER,
        (
            allow(["sts:TagSession", "sts:SetSourceIdentity"], ROLE),
            allow(["sts:AssumeRole", "s3:GetObject"], SITE),
            deny("sts:AssumeRole"),
        ),
    ),
    "cluster-host": Row(
        allow("ecs:RegisterContainerInstance", CLUSTER),
        allow("ecs:DescribeContainerInstances", f"{ECS}:container-instance/prod/*"),
        (
            allow(["ecs:DeregisterContainerInstance", "ecs:ListContainerInstances"], CLUSTER),
            allow(["ecs:RegisterContainerInstance", "ecs:DescribeServices"], WEB),
            deny("ecs:RegisterContainerInstance"),
        ),
    ),
    "ecs-exec": Row(
        allow("ecs:ExecuteCommand", [CLUSTER, f"{ECS}:task/prod/*"]),
        allow("ecs:RunTask", f"{ECS}:task-definition/migrate:*", ArnEquals=IN_CLUSTER),
        (
            allow(["ecs:DescribeTasks", "ecs:StopTask"], f"{ECS}:task/prod/*"),
            allow(["ecs:ExecuteCommand", "ecs:UpdateService"], WEB),
            deny("ecs:Execute*"),
        ),
    ),
    "far-reaching": Row(
        allow("route53:ChangeResourceRecordSets"),
        allow("route53:ChangeResourceRecordSets", ZONE),
        (
            allow("route53:ChangeResourceRecordSets",
                  **{"ForAllValues:StringLike": {RECORDS: ["*.web.example.com"]}}),
            allow(["route53:GetChange", "route53:ListResourceRecordSets", "ssm:DescribeSessions"]),
            allow("ssm:StartSession", StringEquals={"ssm:resourceTag/team": "web"}),
        ),
    ),
    "full-access-policy": Row(
        (f"{AWS}/AmazonECS_FullAccess",),
        (),
        (
            (f"{AWS}/AmazonEC2ContainerRegistryReadOnly",),
            (f"{AWS}/service-role/AmazonECSTaskExecutionRolePolicy",),
            (f"arn:aws:iam::{ACCOUNT}:policy/WebFullAccess",),
        ),
    ),
    "no-cluster": Row(
        allow("ecs:UpdateService", f"{SERVICE}/web"),
        UPDATE,
        (
            allow("ecs:UpdateService", f"{SERVICE}/prod-*"),
            allow("ecs:UpdateService", f"{SERVICE}/${{var.service}}"),
            allow("ecs:RunTask", f"{ECS}:task-definition/web"),
        ),
    ),
    "not-action": Row(
        written(NotAction="iam:*", Resource="*"),
        allow("ecr:PutImage", IMAGE),
        (
            of(UPDATE, written(Effect="Deny", NotAction="ecs:*", Resource="*")),
            written(Action="ecs:UpdateService", NotResource=WEB, Condition={"StringEquals": TAG}),
            deny("iam:*"),
        ),
    ),
    "pass-role-service": Row(
        allow("iam:PassRole", ROLE),
        PASS,
        (
            allow("iam:PassRole", ROLE, StringLike={"iam:PassedToService": "ecs*.amazonaws.com"}),
            allow(["iam:PassRole", "s3:PutObject"], SITE),
            allow(["iam:GetRole", "iam:ListRoles"]),
        ),
    ),
    "pass-role-star": Row(
        allow("iam:PassRole", "*", StringEquals=TO_TASKS),
        PASS,
        (
            allow("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/${{var.name}}-task",
                  StringEquals=TO_TASKS),
            of(PASS, deny("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/admin*")),
            allow("iam:GetRole", f"arn:aws:iam::{ACCOUNT}:role/*"),
        ),
    ),
    "permissions-management": Row(
        allow("iam:PutRolePolicy", ROLE),
        allow("iam:GetRolePolicy", ROLE),
        (
            allow(["iam:CreateRole", "iam:PutRolePolicy"], ROLE,
                  StringEquals={"iam:PermissionsBoundary": BOUNDARY}),
            allow(["kms:CreateGrant", "kms:RevokeGrant"], KEY,
                  Bool={"kms:GrantIsForAWSResource": "true"}),
            allow(["ecr:Put*", "ecr:GetRepositoryPolicy", "ecr:ListTagsForResource"], IMAGE),
        ),
    ),
    "resource-star": Row(
        allow("ecr:PutImage"),
        allow("ecr:PutImage", IMAGE),
        (
            allow(["ecr:GetAuthorizationToken", "ecs:RegisterTaskDefinition", "ecs:ListTasks"]),
            allow("ecs:DescribeTasks", ArnEquals=IN_CLUSTER),
            allow("ecs:UpdateService", [WEB, f"{ECS}:cluster/*"]),
        ),
    ),
    "role-arn": Row(
        {"role": ROLE, "policy_arn": f"{AWS}/ReadOnlyAccess"},
        {"role": "task", "policy_arn": f"{AWS}/ReadOnlyAccess"},
        (
            {"role": "${aws_iam_role.Web.name}", "policy_arn": f"{AWS}/ReadOnlyAccess"},
            {"role": "task", "policy_arn": f"arn:aws:iam::{ACCOUNT}:policy/role/task"},
            {"role": "arn-of-nothing", "policy_arn": f"{AWS}/ReadOnlyAccess"},
        ),
    ),
    "runs-as-build": Row(
        allow("codebuild:StartBuild", PROJECT),
        allow("codebuild:BatchGetBuilds", PROJECT),
        (
            allow(["codebuild:StopBuild", "codebuild:RetryBuild"], PROJECT),
            allow(["codebuild:CreateProject", "codebuild:ListProjects"], PROJECT),
            allow(["codebuild:StartBuild", "logs:GetLogEvents"], "arn:aws:logs:*:*:log-group:web"),
        ),
    ),
    "runs-as-function": Row(
        allow("lambda:UpdateFunctionCode", FUNCTION),
        allow("lambda:GetFunction", FUNCTION),
        (
            allow(["lambda:PublishVersion", "lambda:UpdateAlias"], FUNCTION),
            of(allow("lambda:CreateFunction", FUNCTION), PASS),
            allow("lambda:InvokeFunction", FUNCTION),
        ),
    ),
    "runs-as-job": Row(
        of(allow("glue:CreateJob"), passing("glue.amazonaws.com")),
        allow("glue:StartJobRun"),
        (
            of(allow("glue:CreateJob"), passing("lambda.amazonaws.com")),
            of(allow(["glue:GetJob", "glue:CreateTable"]), passing("glue.amazonaws.com")),
            of(allow(["batch:DescribeJobs", "batch:TerminateJob"]), PASS),
        ),
    ),
    "runs-as-stack": Row(
        allow("cloudformation:UpdateStack", STACK),
        allow("cloudformation:DescribeStacks", STACK),
        (
            allow(["cloudformation:CreateChangeSet", "cloudformation:DeleteChangeSet"], STACK),
            allow(["cloudformation:Describe*", "cloudformation:ValidateTemplate"]),
            allow(["cloudformation:DeleteStack", "cloudformation:SetStackPolicy"], STACK),
        ),
    ),
    "runs-as-task": Row(
        of(REGISTER, UPDATE, PASS),
        of(REGISTER, UPDATE),
        (
            of(REGISTER, UPDATE, passing("ecs.amazonaws.com")),
            of(REGISTER, allow("ecs:DescribeServices", WEB), PASS),
            of(UPDATE, PASS),
        ),
    ),
    "runs-on-instance": Row(
        allow("ssm:SendCommand", [MACHINE, DOCUMENT]),
        allow("ssm:GetCommandInvocation"),
        (
            allow(["ssm:SendCommand", "ssm:GetDocument"], DOCUMENT),
            allow(["ssm:TerminateSession", "ssm:ResumeSession"], "arn:aws:ssm:*:*:session/web-*"),
            of(allow("ec2:RunInstances"), passing("ecs-tasks.amazonaws.com")),
        ),
    ),
    "service-wildcard": Row(
        allow("ecs:*", WEB),
        UPDATE,
        (
            allow("ecs:*Service*", WEB),
            allow("ecs:*", IMAGE),
            deny("ecs:*"),
        ),
    ),
}  # fmt: skip


def audited(rule: str, example: Any) -> Any:
    """Audit a policy, the ARNs of attached policies, or an attachment."""
    if rule == "full-access-policy":
        return estate(attached=example)
    if rule == "role-arn":
        return estate({"aws_iam_role_policy_attachment": {"A": example}})
    return estate(allowing=example)


@pytest.mark.parametrize("rule", TABLE)
def test_before(rule: str) -> None:
    """The rule finds the policy that is wrong."""
    assert rule in names(audited(rule, TABLE[rule].before))


@pytest.mark.parametrize("rule", TABLE)
def test_after(rule: str) -> None:
    """The policy that is mended is clean."""
    assert wrong(rule, audited(rule, TABLE[rule].after)) == set()


@pytest.mark.parametrize("near", range(3))
@pytest.mark.parametrize("rule", TABLE)
def test_near(rule: str, near: int) -> None:
    """A policy that looks alike is clean."""
    assert wrong(rule, audited(rule, TABLE[rule].near[near])) == set()


def test_every_rule_about_permissions_has_a_row() -> None:
    """No rule about permissions is without examples."""
    assert set(TABLE) == PERMISSION_RULES
