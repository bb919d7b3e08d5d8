"""
The policy of an ECR repository, as it is deployed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.iam.arns import Arn
from deploy_access.iam.documents import read_policy
from sandbox.server.aws_session import AwsError, is_missing

if TYPE_CHECKING:
    from collections.abc import Callable

    from deploy_access.iam.policy import Policy
    from sandbox.server.aws_session import AwsSession


def read_repository_policy(arn: str, session: Callable[[str], AwsSession]) -> Policy | None:
    """
    Read the policy of the repository; None when it has none, or the ARN is of something else.
    """
    found = Arn.parse(arn)
    if found is None or (found.service, found.resource_type) != ("ecr", "repository"):
        return None
    ecr = session(found.account).client("ecr", found.region)
    try:
        text = ecr.get_repository_policy(repositoryName=found.resource_id)["policyText"]
    except AwsError as error:
        if is_missing(error):
            return None
        raise
    return read_policy(text, name=arn).policy
