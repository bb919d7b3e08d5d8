"""
The least that AWS's own managed policies allow, as no file holds their documents.

AWS adds actions to most of them over time, so each row holds only what the policy is made for,
from AWS's page of the policy. Only a policy that `is_whole` is known completely.

Source: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
"""

from __future__ import annotations

from functools import lru_cache

from deploy_access.iam.arns import Arn
from deploy_access.iam.policy import Policy, PolicyStatement

_WHOLE = "AdministratorAccess"
_LEAST: dict[str, tuple[str, ...]] = {
    _WHOLE: ("*",),
    "AWSCloudFormationFullAccess": ("cloudformation:*",),
    "AWSLambda_FullAccess": ("lambda:*",),
    "AmazonDynamoDBFullAccess": ("dynamodb:*",),
    "AmazonEC2ContainerRegistryFullAccess": ("ecr:*",),
    "AmazonEC2FullAccess": ("ec2:*",),
    "AmazonECS_FullAccess": ("ecs:*",),
    "AmazonS3FullAccess": ("s3:*",),
    "AmazonSNSFullAccess": ("sns:*",),
    "AmazonSQSFullAccess": ("sqs:*",),
    "CloudWatchLogsFullAccess": ("logs:*",),
    "IAMFullAccess": ("iam:*",),
    "SecretsManagerReadWrite": ("secretsmanager:*",),
}
# AWS writes it with `NotAction`, so that it grows with every new service.
# https://docs.aws.amazon.com/aws-managed-policy/latest/reference/PowerUserAccess.html
_ALL_BUT = {"PowerUserAccess": ("account:*", "iam:*", "organizations:*")}


@lru_cache(maxsize=256)
def least_of(arn: str) -> Policy | None:
    """Return the least that the policy allows, on all resources; None when it is not known."""
    name = _name(arn)
    if name not in _LEAST and name not in _ALL_BUT:
        return None
    statement = PolicyStatement(
        index=0,
        effect="Allow",
        actions=_LEAST.get(name),
        not_actions=_ALL_BUT.get(name),
        resources=("*",),
    )
    return Policy(statements=(statement,))


def is_whole(arn: str) -> bool:
    """Whether the policy allows no more than `least_of` says."""
    return _name(arn) == _WHOLE


def _name(arn: str) -> str:
    """Return the name of a policy that AWS keeps, with its path; empty for any other."""
    found = Arn.parse(arn)
    return found.resource_id if found and found.is_policy_of_aws else ""
