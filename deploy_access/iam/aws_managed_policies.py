"""
What AWS's own managed policies are known to allow, though no file says what is in them.

AWS adds to most of them as it likes, so what stands here is the least that each allows: what it is
there for, which AWS's page of the policy has. Only what `is_whole` is known to the end.

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
_ALL_BUT = {"PowerUserAccess": ("account:*", "iam:*", "organizations:*")}


@lru_cache(maxsize=256)
def least_of(arn: str) -> Policy | None:
    """Return what the policy allows at least, on all resources; None when that is not known."""
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
