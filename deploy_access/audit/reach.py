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
        "dynamodb:BatchGetItem",
        "dynamodb:BatchWriteItem",
        "dynamodb:DeleteItem",
        "dynamodb:GetItem",
        "dynamodb:PutItem",
        "dynamodb:Query",
        "dynamodb:Scan",
        "dynamodb:UpdateItem",
        "ecr-public:BatchDeleteImage",
        "ecr-public:CompleteLayerUpload",
        "ecr-public:DeleteRepository",
        "ecr-public:InitiateLayerUpload",
        "ecr-public:PutImage",
        "ecr-public:UploadLayerPart",
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
        "lambda:UpdateAlias",
        "lambda:UpdateFunctionCode",
        "s3:DeleteObject",
        "s3:DeleteObjectVersion",
        "s3:GetObject",
        "s3:GetObjectVersion",
        "s3:PutObject",
        "secretsmanager:GetSecretValue",
        "ssm:GetParameter",
        "ssm:GetParameterHistory",
        "ssm:GetParameters",
        "ssm:GetParametersByPath",
    }
)
"""Actions of a deploy that take a resource, so that `*` is wider than needed."""
REACHES: Mapping[str, str] = {
    # What runs.
    "autoscaling:DeleteAutoScalingGroup": "Every group of instances can be deleted",
    "autoscaling:UpdateAutoScalingGroup": "Every group of instances can be set to none",
    **dict.fromkeys(
        ("codebuild:StartBuild", "codebuild:StartBuildBatch"),
        "Every build project of the account runs the commands it is given",
    ),
    "codebuild:UpdateProject": "Every build project of the account can be made to do other things",
    "codepipeline:PutApprovalResult": "Every change that waits for an approval can be approved",
    "ec2-instance-connect:SendSSHPublicKey": "Every instance lets its holder log in",
    "ec2:StopInstances": "Every instance can be stopped",
    "ec2:TerminateInstances": "Every instance can be ended, with the disks that end with it",
    "ecs:CreateService": "A service can be started in every cluster, production's too",
    "ecs:DeleteCluster": "Every cluster can be deleted",
    "ecs:RegisterContainerInstance": "A machine of its own can join every cluster, and gets tasks "
    "with the credentials of their roles",
    "ecs:UpdateCluster": "Every cluster can be changed, who reads what is typed in its tasks too",
    "eks:DeleteCluster": "Every cluster can be deleted",
    "eks:DeleteNodegroup": "The machines of every cluster can be deleted",
    "eks:UpdateClusterConfig": "Every cluster can be opened to the internet",
    "lambda:CreateFunction": "A function of any name can be made, also one that others call",
    "lambda:DeleteFunction": "Every function can be deleted",
    "lambda:UpdateFunctionConfiguration": "Every function can get another layer, which is code, "
    "and other variables",
    **dict.fromkeys(
        ("ssm:CreateAssociation", "ssm:SendCommand"),
        "Commands run as the administrator of every machine that SSM manages",
    ),
    "ssm:StartAutomationExecution": "Every runbook can be started, with the role it has",
    "ssm:StartSession": "Every machine that SSM manages gives its holder a shell",
    "states:StartExecution": "Every state machine can be started, with any input",
    "states:UpdateStateMachine": "Every state machine can be made to do other things",
    # Stacks.
    "cloudformation:CreateStack": "A stack of any name can be made, and what is in it",
    "cloudformation:DeleteStack": "Every stack can be deleted, with what is in it",
    **dict.fromkeys(
        ("cloudformation:ExecuteChangeSet", "cloudformation:UpdateStack"),
        "Every stack can be changed, with the role it has",
    ),
    "cloudformation:UpdateStackSet": "Every stack set can be changed, in all of its accounts",
    # Images.
    "ecr:CreatePullThroughCacheRule": "Images of another registry can be pulled as those of this "
    "one",
    "ecr:PutLifecyclePolicy": "A rule can delete the images of every repository",
    "ecr:PutRegistryScanningConfiguration": "The scan of every image can be turned off",
    "ecr:PutReplicationConfiguration": "Every image of the registry can be copied to other "
    "accounts",
    # Data.
    "backup:DeleteRecoveryPoint": "Every backup can be deleted",
    "dynamodb:DeleteTable": "Every table can be deleted",
    "ec2:DeleteSnapshot": "Every snapshot of a disk can be deleted",
    "ec2:DeleteVolume": "Every disk that no instance uses can be deleted",
    "elasticfilesystem:DeleteFileSystem": "Every file system can be deleted",
    "kms:DisableKey": "Nothing that any key has encrypted can be read any more",
    "kms:ScheduleKeyDeletion": "What any key has encrypted can be lost for ever",
    "rds-db:connect": "Every database that takes IAM's tokens lets its holder log in as any user",
    **dict.fromkeys(
        ("rds:DeleteDBCluster", "rds:DeleteDBInstance"), "Every database can be deleted"
    ),
    **dict.fromkeys(
        ("rds:DeleteDBClusterSnapshot", "rds:DeleteDBSnapshot"),
        "Every snapshot of a database can be deleted",
    ),
    **dict.fromkeys(
        ("rds:ModifyDBCluster", "rds:ModifyDBInstance"),
        "Every database can get another password",
    ),
    "s3:DeleteBucket": "Every empty bucket can be deleted, and its name taken by strangers",
    "s3:PutBucketVersioning": "Objects of every bucket can be lost for ever when they are changed",
    "s3:PutLifecycleConfiguration": "A rule can delete the objects of every bucket",
    "s3:PutReplicationConfiguration": "The objects of every bucket can be copied to other accounts",
    "secretsmanager:DeleteSecret": "Every secret can be deleted",
    **dict.fromkeys(
        ("secretsmanager:PutSecretValue", "secretsmanager:UpdateSecret"),
        "Every secret can be changed, and what trusts it",
    ),
    "sqs:DeleteQueue": "Every queue can be deleted, with the messages in it",
    "sqs:PurgeQueue": "The messages of every queue can be deleted",
    **dict.fromkeys(
        ("ssm:DeleteParameter", "ssm:DeleteParameters"), "Every parameter can be deleted"
    ),
    "ssm:PutParameter": "Every parameter can be changed, and what is started with it",
    # The network, and what watches.
    "cloudfront:DeleteDistribution": "Every distribution can be deleted",
    "cloudfront:UpdateDistribution": "Every distribution can show another origin",
    "cloudtrail:DeleteTrail": "The record of who did what can be ended",
    **dict.fromkeys(
        ("cloudtrail:PutEventSelectors", "cloudtrail:StopLogging", "cloudtrail:UpdateTrail"),
        "The record of who did what can be stopped",
    ),
    "cloudwatch:DeleteAlarms": "Every alarm can be deleted",
    "config:StopConfigurationRecorder": "The record of what was changed can be stopped",
    "ec2:AuthorizeSecurityGroupIngress": "Every security group can be opened to the internet",
    "elasticloadbalancing:DeleteLoadBalancer": "Every load balancer can be deleted",
    **dict.fromkeys(
        ("elasticloadbalancing:ModifyListener", "elasticloadbalancing:ModifyRule"),
        "Every load balancer can send its traffic elsewhere",
    ),
    "guardduty:DeleteDetector": "The watch for attacks can be ended",
    "logs:DeleteLogGroup": "The logs of everything can be deleted",
    "logs:PutSubscriptionFilter": "The logs of everything can be sent elsewhere",
    "route53:ChangeResourceRecordSets": "Every name of every zone can be pointed elsewhere",
}
"""What each action reaches where it is allowed on every resource, without the full stop."""
# AWS's list calls it write, and it makes a cache fetch the same again.
_HARMLESS = frozenset({"cloudfront:CreateInvalidation"})
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
    return 1 if is_reading(action) else 2


def to_be_named(actions: Iterable[str]) -> list[str]:
    """List the actions of the tables that patterns mean."""
    return sorted({known for pattern in actions for known in _TABLE.meant_by(pattern)})
