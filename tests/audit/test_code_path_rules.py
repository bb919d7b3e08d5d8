"""A role that runs code as another identity: what it takes, and what is said of the roles."""

from __future__ import annotations

import json
from typing import Any

import pytest
from audit_other_cases import ROLE, SERVICE, TO_TASKS
from audit_policies import ACCOUNT, allow, estate, trust

from deploy_access.audit.catalogue import CATALOGUE
from deploy_access.audit.code_paths import CODE_PATHS
from deploy_access.iam.actions import is_listed, spelled

ECS = f"arn:aws:ecs:eu-central-1:{ACCOUNT}"
FUNCTION = f"arn:aws:lambda:eu-central-1:{ACCOUNT}:function:web"
PROJECT = f"arn:aws:codebuild:eu-central-1:{ACCOUNT}:project/web"
STACK = f"arn:aws:cloudformation:eu-central-1:{ACCOUNT}:stack/web/*"
MACHINE = f"arn:aws:ec2:eu-central-1:{ACCOUNT}:instance/i-1"
RULES = {path.rule for path in CODE_PATHS}


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    """Put the statements of policies into one."""
    return {"Version": "2012-10-17", "Statement": [one["Statement"][0] for one in statements]}


def passing(service: str, role: Any = ROLE) -> dict[str, Any]:
    """Allow to pass a role to a service."""
    return allow("iam:PassRole", role, StringEquals={"iam:PassedToService": service})


def found(allowing: Any, resources: Any = None) -> list[tuple[str, str, str]]:
    """List the rule, the severity and the evidence of what runs code."""
    return [
        (p.finding.rule, p.finding.severity, p.finding.evidence)
        for p in estate(resources, allowing=allowing).findings
        if p.finding.rule in RULES
    ]


REGISTER = allow(["ecs:RegisterTaskDefinition"])
UPDATE = allow("ecs:UpdateService", f"{SERVICE}/prod/web")
PASS = allow("iam:PassRole", ROLE, StringEquals=TO_TASKS)


@pytest.mark.parametrize(
    ("allowing", "expected"),
    [
        (
            allow("ecs:ExecuteCommand", [f"{ECS}:cluster/prod", f"{ECS}:task/prod/*"]),
            ("ecs-exec", "warning", "ecs:ExecuteCommand"),
        ),
        (
            allow("ecs:RegisterContainer*", f"{ECS}:cluster/prod"),
            ("cluster-host", "warning", "ecs:RegisterContainer*"),
        ),
        (policy(REGISTER, UPDATE, PASS), ("runs-as-task", "note", ROLE)),
        (policy(PASS, REGISTER, allow("ecs:CreateService", f"{SERVICE}/prod/web")),
         ("runs-as-task", "note", ROLE)),
        (policy(REGISTER, UPDATE, allow("iam:PassRole", ROLE)), ("runs-as-task", "note", ROLE)),
        (allow("ecs:RunTask", f"{ECS}:task-definition/web:*"),
         ("runs-as-task", "note", "ecs:RunTask")),
        (allow("ssm:SendCommand", MACHINE), ("runs-on-instance", "note", "ssm:SendCommand")),
        (allow("ssm:StartSession", MACHINE), ("runs-on-instance", "note", "ssm:StartSession")),
        (policy(allow("ec2:RunInstances"), passing("ec2.amazonaws.com")),
         ("runs-on-instance", "note", ROLE)),
        (allow("lambda:UpdateFunctionCode", FUNCTION),
         ("runs-as-function", "note", "lambda:UpdateFunctionCode")),
        (allow("lambda:UpdateFunctionConf*", FUNCTION),
         ("runs-as-function", "note", "lambda:UpdateFunctionConf*")),
        (policy(allow("lambda:CreateFunction", FUNCTION), passing("lambda.amazonaws.com")),
         ("runs-as-function", "note", ROLE)),
        (allow("codebuild:StartBuild", PROJECT),
         ("runs-as-build", "note", "codebuild:StartBuild")),
        (allow("cloudformation:CreateStack", STACK),
         ("runs-as-stack", "note", "cloudformation:CreateStack")),
        (policy(allow("cloudformation:UpdateStack", STACK), allow("iam:PassRole", ROLE)),
         ("runs-as-stack", "note", ROLE)),
        (policy(allow("glue:CreateJob"), passing("glue.amazonaws.com")),
         ("runs-as-job", "note", ROLE)),
        (policy(allow("ecs:CreateExpressGatewayService", f"{SERVICE}/prod/web"), PASS),
         ("runs-as-task", "note", ROLE)),
        (policy(allow("ec2:RequestSpotInstances"), passing("ec2.amazonaws.com")),
         ("runs-on-instance", "note", ROLE)),
        (policy(allow("apprunner:UpdateService"), passing("tasks.apprunner.amazonaws.com")),
         ("runs-as-job", "note", ROLE)),
        (policy(allow("events:PutTargets"), passing("events.amazonaws.com")),
         ("runs-as-job", "note", ROLE)),
        (policy(allow("ssm:StartAutomation*", f"arn:aws:ssm:*:{ACCOUNT}:document/web"),
                passing("ssm.amazonaws.com")),
         ("runs-as-job", "note", ROLE)),
        (policy(allow(["batch:RegisterJobDefinition", "batch:SubmitJob"]), PASS),
         ("runs-as-job", "note", ROLE)),
        (allow("batch:SubmitJob", f"arn:aws:batch:eu-central-1:{ACCOUNT}:job-queue/web"),
         ("runs-as-job", "note", "batch:SubmitJob")),
        (allow("elasticmapreduce:AddJobFlow*"),
         ("runs-as-job", "note", "elasticmapreduce:AddJobFlow*")),
        (allow("ec2:ModifyInstanceAttribute", MACHINE),
         ("runs-on-instance", "note", "ec2:ModifyInstanceAttribute")),
        (policy(allow("states:CreateStateMachine"), allow("iam:Pass*", ROLE)),
         ("runs-as-job", "note", ROLE)),
    ],
)  # fmt: skip
def test_found(allowing: Any, expected: tuple[str, str, str]) -> None:
    """Each way is found by its calls."""
    assert found(allowing) == [expected]


@pytest.mark.parametrize(
    "allowing",
    [
        pytest.param(policy(REGISTER, UPDATE), id="no role is passed"),
        pytest.param(policy(REGISTER, PASS), id="nothing is run"),
        pytest.param(policy(UPDATE, PASS), id="nothing is registered"),
        pytest.param(policy(REGISTER, UPDATE, passing("lambda.amazonaws.com")), id="to another"),
        pytest.param(allow("ecs:*", f"{ECS}:cluster/prod"), id="a whole service has its rule"),
        pytest.param(allow("ecs:ExecuteCommand", f"{SERVICE}/prod/web"), id="of another type"),
        pytest.param(allow("lambda:InvokeFunction", FUNCTION), id="what it does is its own"),
        pytest.param(allow("lambda:PublishVersion", FUNCTION), id="what it is, is as it was"),
        pytest.param(allow("codebuild:BatchGetBuilds", PROJECT), id="looks at builds"),
        pytest.param(allow("cloudformation:Describe*"), id="looks at stacks"),
        pytest.param(
            allow("ssm:SendCommand", "arn:aws:ssm:eu-central-1::document/web"), id="no machine"
        ),
        pytest.param(allow("ssm:StartSession"), id="on everything it is far-reaching"),
        pytest.param(allow("glue:CreateJob"), id="no role for the job"),
        pytest.param(allow("apprunner:UpdateService"), id="no role for the image"),
        pytest.param(
            policy(allow("apprunner:UpdateService"), passing("build.apprunner.amazonaws.com")),
            id="the role that pulls the image",
        ),
        pytest.param(
            policy(allow(["events:PutEvents", "events:PutRule"]), passing("events.amazonaws.com")),
            id="what is started is as it was",
        ),
        pytest.param(allow("lambda:CreateFunction", FUNCTION), id="no role for the function"),
        pytest.param(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {"Effect": "Deny", "Action": "ecs:ExecuteCommand", "Resource": "*"},
                ],
            },
            id="denied",
        ),
    ],
)
def test_not_found(allowing: Any) -> None:
    """Half of a way leads nowhere."""
    assert found(allowing) == []


def test_one_of_a_kind() -> None:
    """Of one rule, what says most is said, once."""
    both = policy(REGISTER, UPDATE, PASS, allow("ecs:RunTask", f"{ECS}:task-definition/web:*"))

    assert found(both) == [("runs-as-task", "note", ROLE)]


def why(role: Any, resources: Any) -> str:
    """Return what is said of a deploy that passes *role*."""
    document = policy(REGISTER, UPDATE, passing("ecs-tasks.amazonaws.com", role))
    (said,) = [
        p.finding.why
        for p in estate(resources, allowing=document).findings
        if p.finding.rule == "runs-as-task"
    ]
    return said.partition("it passes: ")[2]


def task_role(name: str, *actions: str) -> dict[str, Any]:
    """Make a role for tasks."""
    service = {"Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}
    role: dict[str, Any] = {"name": name, "assume_role_policy": json.dumps(trust(service))}
    if actions:
        document = json.dumps(allow([*actions], "arn:aws:s3:::web/*"))
        role["inline_policy"] = [{"name": "own", "policy": document}]
    return role


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (
            f"arn:aws:iam::{ACCOUNT}:role/known",
            "known. known may s3:*, sqs:SendMessage, s3:GetObject and 1 more.",
        ),
        (
            "${aws_iam_role.Known.arn}",
            "known. known may s3:*, sqs:SendMessage, s3:GetObject and 1 more.",
        ),
        (ROLE, "task. What it may do is not in these files."),
        (
            [ROLE, f"arn:aws:iam::{ACCOUNT}:role/idle"],
            (
                "task and idle. idle may do nothing, by these files. "
                "What the other may do is not in these files."
            ),
        ),
        (
            f"arn:aws:iam::{ACCOUNT}:role/web-*",
            "every role whose name begins with 'web-'. What it may do is not in these files.",
        ),
        (
            f"arn:aws:iam::{ACCOUNT}:role/*-task",
            "every role whose name matches '*-task'. What it may do is not in these files.",
        ),
        ("*", "every role. What it may do is not in these files."),
        ("${var.role}", "${var.role}. What it may do is not in these files."),
        (
            [f"arn:aws:iam::{ACCOUNT}:role/{name}" for name in "abcd"],
            "a, b, c and 1 more. What they may do is not in these files.",
        ),
    ],
)
def test_the_passed_roles(role: Any, expected: str) -> None:
    """They are named, with what they may do where the files say it, the worst first."""
    actions = ("s3:GetObject", "s3:ListBucket", "sqs:SendMessage", "s3:*")
    known = {"Known": task_role("known", *actions), "Idle": task_role("idle")}

    assert why(role, {"aws_iam_role": known}) == expected


def test_in_several_policies() -> None:
    """The calls may stand in several policies of the role."""
    attached = {
        "aws_iam_role_policy": {
            "A": {"name": "a", "role": "web", "policy": json.dumps(policy(REGISTER, UPDATE))},
        }
    }

    assert found(PASS, attached) == [("runs-as-task", "note", ROLE)]


def test_the_table() -> None:
    """Each call is AWS's, spelled as AWS does; each rule is in the catalogue."""
    calls = {call for path in CODE_PATHS for group in path.calls for call in group}

    assert [call for call in calls if not is_listed(call) or spelled(call.lower()) != call] == []
    assert set(CATALOGUE) >= RULES


@pytest.mark.parametrize(
    ("call", "service"),
    sorted({(call, p.passed_to) for p in CODE_PATHS if p.passed_to for call in p.calls[-1]}),
)
def test_the_help_for_a_role_that_is_passed(call: str, service: str) -> None:
    """A role that may be passed to any service is to be passed to the one that takes it."""
    (passed,) = [
        one.finding.help
        for one in estate(allowing=policy(allow(call), allow("iam:PassRole", ROLE))).findings
        if one.finding.rule == "pass-role-service"
    ]

    assert f'"iam:PassedToService": "{service}"' in passed
