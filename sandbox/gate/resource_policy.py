"""
The policy of a resource, as it is deployed: of a repository, a bucket, a KMS key or a role.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.iam.arns import Arn
from deploy_access.iam.documents import read_policy

from ..server.aws_session import AwsError, is_missing
from .deployed_role import read_role
from .fault import NO_KMS_KEY, Refused
from .need import ANY

if TYPE_CHECKING:
    from collections.abc import Callable

    from deploy_access.iam.policy import Policy

    from ..server.aws_session import AwsSession
    from .need import Need

    Sessions = Callable[[str], AwsSession]


# The policies that only IAM's own calls of this service ask for.
_ASKS = {"ecr": "ecr:", "iam": "sts:", "kms": "kms:", "s3": "s3:"}
_NOBODY = read_policy({"Version": "2012-10-17", "Statement": []}).policy


def read_resource_policy(need: Need, account: str, session: Sessions) -> Policy | None:
    """
    Read the policy of the resource that is needed; None when it has none.

    *account* is the caller's, for a resource whose ARN names no account.

    Raises:
        Refused: It is a KMS key that does not exist.

    """
    arn = Arn.parse(need.resource)
    # The trust policy of a role is for those who assume it, not for those who change it.
    if arn is None or not need.action.startswith(_ASKS.get(arn.service, "-")):
        return None
    own = session(arn.account or account)
    if arn.service == "s3":
        return _policy(_bucket, arn, own)
    if arn.service == "kms":
        return _of_key(arn, own)
    if arn.service == "iam":
        role = read_role(str(arn), own)
        # To the caller, a role that is not there is one that trusts no caller.
        return role.trust if role else _NOBODY
    # A call that names no repository is about all of them, and judged by the caller's policies.
    is_one = arn.resource_type == "repository" and arn.resource_id != ANY
    return _policy(_repository, arn, own) if is_one else None


def _policy(read: Callable[[Arn, AwsSession], str], arn: Arn, own: AwsSession) -> Policy | None:
    try:
        text = read(arn, own)
    except AwsError as error:
        if is_missing(error):
            return None
        raise
    return read_policy(text, name=str(arn)).policy


def _repository(arn: Arn, session: AwsSession) -> str:
    ecr = session.client("ecr", arn.region)
    return ecr.get_repository_policy(repositoryName=arn.resource_id)["policyText"]


def _bucket(arn: Arn, session: AwsSession) -> str:
    bucket = arn.resource.partition("/")[0]
    return session.client("s3").get_bucket_policy(Bucket=bucket)["Policy"]


def _key(arn: Arn, session: AwsSession) -> str:
    kms = session.client("kms", arn.region)
    return kms.get_key_policy(KeyId=arn.resource_id, PolicyName="default")["Policy"]


def _of_key(arn: Arn, session: AwsSession) -> Policy:
    found = _policy(_key, arn, session)
    if found is None:
        raise Refused(NO_KMS_KEY, f"Key '{arn}' does not exist")
    return found
