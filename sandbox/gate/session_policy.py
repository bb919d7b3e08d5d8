"""
Session policies: what a session may at most do, said by the one who opens it.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session,
https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html (limits and errors)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue
from deploy_access.iam.arns import Arn
from deploy_access.iam.documents import read_policy

from ..server.aws_session import AwsError, is_missing
from .deployed_role import read_managed
from .fault import MALFORMED_POLICY, TOO_LARGE, VALIDATION, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.iam.policy import Policy

    from ..server.aws_session import AwsSession
    from .call import ApiCall
    from .deployed_role import DeployedRole

# In characters, and in policies.
_LONGEST, _MOST = 2048, 10


def read_session_policies(
    call: ApiCall, role: DeployedRole, session: AwsSession
) -> tuple[Policy, ...]:
    """
    Return the policies of the call that opens a session of *role*, in the account of *session*.

    Raises:
        Refused: One is no policy, is too long, or does not exist in the account of the role.

    """
    arns = [one["arn"] for one in call.members("PolicyArns")]
    text = str(call.parameters.get("Policy") or "")
    if len(text) > _LONGEST or len(arns) > _MOST:
        raise Refused(TOO_LARGE, "Packed policy consumes more space than is allowed")
    managed = tuple(_managed(arn, role, session) for arn in arns)
    return (*managed, *_inline(text))


def _inline(text: str) -> Iterator[Policy]:
    if text:
        try:
            yield read_policy(text, name="session policy").policy
        except InvalidValue as error:
            message = "This policy contains invalid Json"
            raise Refused(MALFORMED_POLICY, message) from error


def _managed(arn: str, role: DeployedRole, session: AwsSession) -> Policy:
    found = Arn.parse(arn)
    # A policy of AWS's own is in every account.
    if found is None or found.account not in {"aws", role.account}:
        raise Refused(VALIDATION, f"The policy {arn} is not of the account of the role")
    try:
        return read_managed(session.client("iam"), arn)
    except AwsError as error:
        if not is_missing(error):
            raise
        raise Refused(VALIDATION, f"The policy {arn} does not exist") from error
