"""
Opens a session of a role, for a caller that has been let in.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from ..server.aws_session import SessionKeys
from .fault import ACCESS_DENIED, VALIDATION, Refused
from .gate_session import GateSession
from .session_policy import read_session_policies
from .sign_in_request import check_parameters

if TYPE_CHECKING:
    from ..server.aws_session import AwsSession
    from .call import ApiCall
    from .deployed_role import DeployedRole

# In seconds: a session that a role opens lasts no longer, whatever the other role allows.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining
CHAINED = 3600


def open_session(
    call: ApiCall, role: DeployedRole, session: AwsSession, *, provider: str | None = None
) -> GateSession:
    """
    Return a session with keys of moto, which takes the account of later calls from them.

    *session* is the sandbox's own way into the account of the role.

    Raises:
        Refused: It is to last longer than the role allows, or a session policy is no right one.

    """
    seconds = check_parameters(call)
    # After the trust policy, so that a stranger does not learn the maximum.
    if seconds > role.max_session_duration:
        text = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
        raise Refused(VALIDATION, text)
    policies = read_session_policies(call, role, session)
    name = call.parameters["RoleSessionName"]
    answer = session.client("sts").assume_role(RoleArn=role.arn, RoleSessionName=name)
    found = answer["Credentials"]
    keys = SessionKeys(
        access_key=found["AccessKeyId"],
        secret_key=found["SecretAccessKey"],
        token=found["SessionToken"],
    )
    now = time.time()
    return GateSession(
        role_arn=role.arn,
        role_id=role.id,
        name=name,
        keys=keys,
        issued=now,
        expires=now + seconds,
        provider_arn=provider,
        source_identity=call.parameters.get("SourceIdentity"),
        policies=policies,
        tags={one["Key"]: one.get("Value", "") for one in call.members("Tags")},
    )


def chained(call: ApiCall, session: GateSession) -> ApiCall:
    """
    Return the call by which *session* assumes another role, with the source identity that it keeps.

    Raises:
        Refused: The parameters are no right ones, or it says to be someone else.

    """
    if check_parameters(call) > CHAINED:
        text = (
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by "
            "role chaining."
        )
        raise Refused(VALIDATION, text)
    kept = session.source_identity
    if kept is None:
        return call
    if call.parameters.get("SourceIdentity", kept) != kept:
        text = f"The source identity of {session.arn} is set and cannot be changed"
        raise Refused(ACCESS_DENIED, text)
    return replace(call, parameters={**call.parameters, "SourceIdentity": kept})
