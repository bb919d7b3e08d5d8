"""Stacks with one role that was written by hand, to be held against the jobs that it gets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from deploy_access.workflow.deployer_reader import read_deployers
from deploy_access.workflow.options import Options
from deploy_access.workflow.plan import plan_workflows
from deploy_access.workflow.proof import prove

if TYPE_CHECKING:
    from pathlib import Path

    from deploy_access.workflow.proof import CallProof

Json = dict[str, Any]

ACCOUNT = "111122223333"
OTHER_ACCOUNT = "444455556666"
PLACE = f"eu-central-1:{ACCOUNT}"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/web-prod-deploy"
REPOSITORY = f"arn:aws:ecr:{PLACE}:repository/web"
ELSEWHERE = f"arn:aws:ecr:eu-central-1:{OTHER_ACCOUNT}:repository/web"
SERVICE = f"arn:aws:ecs:{PLACE}:service/main/web"
CLUSTER = f"arn:aws:ecs:{PLACE}:cluster/main"
TASK_ROLE = f"arn:aws:iam::{ACCOUNT}:role/web-task"
EXECUTION_ROLE = f"arn:aws:iam::{ACCOUNT}:role/ecsTaskExecutionRole"
_HOST = "token.actions.githubusercontent.com"
_TRUST = {
    "Effect": "Allow",
    "Principal": {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{_HOST}"},
    "Action": "sts:AssumeRoleWithWebIdentity",
    "Condition": {
        "StringEquals": {
            f"{_HOST}:aud": "sts.amazonaws.com",
            f"{_HOST}:sub": "repo:acme/web:environment:prod",
        }
    },
}


def allow(actions: str | list[str], resources: str | list[str] = "*", **more: Any) -> Json:
    """Write a statement that allows."""
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


def deny(actions: str | list[str], resources: str | list[str] = "*", **more: Any) -> Json:
    """Write a statement that denies."""
    return {**allow(actions, resources, **more), "Effect": "Deny"}


def policy(*statements: Json) -> str:
    """Write a policy."""
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


FIVE = [
    *("ecr:BatchCheckLayerAvailability", "ecr:CompleteLayerUpload", "ecr:InitiateLayerUpload"),
    *("ecr:PutImage", "ecr:UploadLayerPart"),
]
LOG_IN = allow("ecr:GetAuthorizationToken")
PUSH = [LOG_IN, allow([*FIVE, "ecr:BatchGetImage"], REPOSITORY)]
REGISTER = allow("ecs:RegisterTaskDefinition")
UPDATE = allow(["ecs:DescribeServices", "ecs:UpdateService"], SERVICE)
TAG = allow("ecs:TagResource", f"arn:aws:ecs:{PLACE}:task-definition/web:*")
PASS = allow(
    "iam:PassRole",
    [TASK_ROLE, EXECUTION_ROLE],
    Condition={"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
)
DEPLOY = [REGISTER, UPDATE, TAG, PASS]


def write_stacks(
    folder: Path, *statements: Json, role: Json | None = None, more: Json | None = None
) -> Path:
    """
    Write a stack with a role whose one inline policy has the *statements*.

    Args:
        folder: Where.
        statements: What the role may do.
        role: More arguments of the role.
        more: Other resources of the stack, by type and name.
    """
    made = {"name": "web-prod-deploy", "assume_role_policy": policy(_TRUST), **(role or {})}
    inline = {"name": "p", "role": "${aws_iam_role.Deploy.name}", "policy": policy(*statements)}
    resources = dict(more or {})
    resources["aws_iam_role"] = {**resources.get("aws_iam_role", {}), "Deploy": made}
    resources["aws_iam_role_policy"] = {"P": inline}
    provider = {"region": "eu-central-1", "allowed_account_ids": [ACCOUNT]}
    elsewhere = {**provider, "alias": "other", "allowed_account_ids": [OTHER_ACCOUNT]}
    stack = {
        "provider": {"aws": [provider, elsewhere]},
        "resource": resources,
    }
    path = "stacks/web-prod/cdk.tf.json"
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(json.dumps(stack), "utf-8")
    entry: Json = {"name": "web-prod", "synthesizedStackPath": path, "dependencies": []}
    (folder / "manifest.json").write_text(json.dumps({"stacks": {"web-prod": entry}}), "utf-8")
    return folder


def proven(out: Path, **options: Any) -> list[CallProof]:
    """Prove the calls of all workflows of the stacks."""
    read = read_deployers(out)
    workflows = plan_workflows(read.deployers, Options.of(**options))
    return [call for proof in prove(workflows, read.estate) for call in proof.calls]
