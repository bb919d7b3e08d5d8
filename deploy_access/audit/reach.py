"""
Actions that should be on named resources, and what each of them reaches on all of them.

An action of a deploy is in `OF_DEPLOYS`; what no deploy needs on every resource is in `REACHES`,
with what happens when it is there.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.audit.action_table import ActionTable
from deploy_access.iam.actions import is_reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

OF_DEPLOYS = frozenset(
    {
        "cloudfront:CreateInvalidation",
        "codedeploy:CreateDeployment",
        "codedeploy:RegisterApplicationRevision",
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchDeleteImage",
        "ecr:BatchGetImage",
        "ecr:CompleteLayerUpload",
        "ecr:DeleteRepository",
        "ecr:DescribeImages",
        "ecr:GetDownloadUrlForLayer",
        "ecr:InitiateLayerUpload",
        "ecr:ListImages",
        "ecr:PutImage",
        "ecr:UploadLayerPart",
        "ecs:DeleteService",
        "ecs:DescribeServices",
        "ecs:DescribeTasks",
        "ecs:ExecuteCommand",
        "ecs:RunTask",
        "ecs:StartTask",
        "ecs:StopTask",
        "ecs:UpdateService",
        "kms:Decrypt",
        "lambda:InvokeFunction",
        "lambda:UpdateFunctionCode",
        "s3:DeleteObject",
        "s3:GetObject",
        "s3:PutObject",
        "secretsmanager:GetSecretValue",
        "ssm:GetParameter",
        "ssm:GetParameters",
    }
)
"""Actions of a deploy that take a resource, so that `*` is wider than needed."""
REACHES: Mapping[str, str] = {
    # What runs.
    "codebuild:StartBuild": "Every build project of the account runs the commands it is given",
    "codebuild:UpdateProject": "Every build project of the account can be made to do other things",
    "ec2-instance-connect:SendSSHPublicKey": "Every instance lets its holder log in",
    "ecs:CreateService": "A service can be started in every cluster, production's too",
    "ecs:DeleteCluster": "Every cluster can be deleted",
    "ecs:RegisterContainerInstance": "A machine of its own can join every cluster, and gets tasks "
    "with the credentials of their roles",
    "ecs:UpdateCluster": "Every cluster can be changed, who reads what is typed in its tasks too",
    "lambda:CreateFunction": "A function of any name can be made, also one that others call",
    "lambda:DeleteFunction": "Every function can be deleted",
    "lambda:UpdateFunctionConfiguration": "Every function can get another layer, which is code, "
    "and other variables",
    "ssm:SendCommand": "Commands run as the administrator of every machine that SSM manages",
    "ssm:StartAutomationExecution": "Every runbook can be started, with the role it has",
    "ssm:StartSession": "Every machine that SSM manages gives its holder a shell",
    "states:StartExecution": "Every state machine can be started, with any input",
    # Stacks.
    "cloudformation:CreateStack": "A stack of any name can be made, and what is in it",
    "cloudformation:DeleteStack": "Every stack can be deleted, with what is in it",
    "cloudformation:ExecuteChangeSet": "Every stack can be changed, with the role it has",
    "cloudformation:UpdateStack": "Every stack can be changed, with the role it has",
    # Images.
    "ecr:CreatePullThroughCacheRule": "Images of another registry can be pulled as those of this "
    "one",
    "ecr:PutRegistryScanningConfiguration": "The scan of every image can be turned off",
    "ecr:PutReplicationConfiguration": "Every image of the registry can be copied to other "
    "accounts",
    # Data.
    "dynamodb:DeleteTable": "Every table can be deleted",
    "kms:DisableKey": "Nothing that any key has encrypted can be read any more",
    "kms:ScheduleKeyDeletion": "What any key has encrypted can be lost for ever",
    "rds:DeleteDBCluster": "Every database can be deleted",
    "rds:DeleteDBInstance": "Every database can be deleted",
    "s3:DeleteBucket": "Every empty bucket can be deleted, and its name taken by strangers",
    "s3:PutLifecycleConfiguration": "A rule can delete the objects of every bucket",
    "s3:PutReplicationConfiguration": "The objects of every bucket can be copied to other accounts",
    "secretsmanager:DeleteSecret": "Every secret can be deleted",
    "secretsmanager:PutSecretValue": "Every secret can be changed, and what trusts it",
    "ssm:DeleteParameter": "Every parameter can be deleted",
    "ssm:PutParameter": "Every parameter can be changed, and what is started with it",
    # The network, and what watches.
    "cloudtrail:DeleteTrail": "The record of who did what can be ended",
    "cloudtrail:StopLogging": "The record of who did what can be stopped",
    "cloudfront:DeleteDistribution": "Every distribution can be deleted",
    "cloudfront:UpdateDistribution": "Every distribution can show another origin",
    "ec2:TerminateInstances": "Every instance can be ended, with the disks that end with it",
    "eks:DeleteCluster": "Every cluster can be deleted",
    "eks:UpdateClusterConfig": "Every cluster can be opened to the internet",
    "elasticloadbalancing:DeleteLoadBalancer": "Every load balancer can be deleted",
    "logs:DeleteLogGroup": "The logs of everything can be deleted",
    "route53:ChangeResourceRecordSets": "Every name of every zone can be pointed elsewhere",
}
"""What each action reaches where it is allowed on every resource, without the full stop."""
# AWS's list calls them write. An invalidation makes a cache fetch the same again; what a key has
# decrypted is as if it was read.
_HARMLESS = frozenset({"cloudfront:CreateInvalidation"})
_LIKE_READING = frozenset({"kms:Decrypt"})
# Both what is asked of and the document that is run are resources of these; what counts is where.
TARGETS: Mapping[str, tuple[str, ...]] = {
    "ssm:SendCommand": ("instance", "managed-instance"),
    "ssm:StartSession": ("instance", "managed-instance", "task"),
}
"""The types of resources that say how far an action reaches, where it takes others beside."""
_TABLE = ActionTable((*OF_DEPLOYS, *REACHES))


def harm(action: str) -> int:
    """Return what can be lost by an action: 0 for nothing, 1 for a secret, 2 for what is there."""
    if action in _HARMLESS:
        return 0
    return 1 if action in _LIKE_READING or is_reading(action) else 2


def to_be_named(actions: Iterable[str]) -> list[str]:
    """List the actions of the tables that patterns mean."""
    return sorted({known for pattern in actions for known in _TABLE.meant_by(pattern)})
