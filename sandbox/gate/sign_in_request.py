"""
The parameters and the answers of the two calls that open a session of a role.

Sources: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html,
https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from .aws_response import result
from .fault import VALIDATION, Refused, not_judged
from .web_token import read_web_token

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.wrappers import Response

    from .call import ApiCall
    from .gate_session import GateSession

WITH_TOKEN, WITH_ROLE = "AssumeRoleWithWebIdentity", "AssumeRole"
# In seconds, from the page above.
SHORTEST, DEFAULT, LONGEST = 900, 3600, 43200
_SESSION_NAME = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)
_NEEDED = {
    WITH_TOKEN: ("RoleArn", "RoleSessionName", "WebIdentityToken"),
    WITH_ROLE: ("RoleArn", "RoleSessionName"),
}
_TAKEN = {WITH_TOKEN: {"DurationSeconds"}, WITH_ROLE: {"DurationSeconds", "ExternalId"}}
_NAMES = ("RoleSessionName", "SourceIdentity")
# The lists that a request may have, of session policies and of tags.
_LISTS = {WITH_TOKEN: ("PolicyArns",), WITH_ROLE: ("PolicyArns", "Tags")}


def check_parameters(call: ApiCall) -> int:
    """
    Check the parameters by themselves, and return the seconds that the session is to last.

    Raises:
        Refused: One is missing or out of bounds, or the gate does not judge it.

    """
    parameters, operation = call.parameters, call.operation
    for name in _NEEDED[operation]:
        if not parameters.get(name):
            raise _constraint(name, "null", "Member must not be null")
    known = {*_NEEDED[operation], *_TAKEN[operation], "Policy"}
    if operation == WITH_ROLE:
        known.add("SourceIdentity")
    lists = tuple(f"{name}.member." for name in _LISTS[operation])
    unknown = sorted(name for name in parameters.keys() - known if not name.startswith(lists))
    if unknown:
        raise not_judged(f"the parameters {', '.join(unknown)} of {operation}")
    for name in _NAMES:
        if not _SESSION_NAME.fullmatch(parameters.get(name, "none")):
            text = "Member must satisfy regular expression pattern: [\\w+=,.@-]{2,64}"
            raise _constraint(name, parameters[name], text)
    return _seconds(parameters.get("DurationSeconds", str(DEFAULT)))


def _seconds(given: str) -> int:
    seconds = int(given) if given.isdecimal() else 0
    if SHORTEST <= seconds <= LONGEST:
        return seconds
    bound = f"less than or equal to {LONGEST}"
    if seconds < SHORTEST:
        bound = f"greater than or equal to {SHORTEST}"
    raise _constraint("DurationSeconds", given, f"Member must have value {bound}")


def _constraint(name: str, value: str, text: str) -> Refused:
    place = f"{name[0].lower()}{name[1:]}"
    found = f"1 validation error detected: Value '{value}' at '{place}' failed to satisfy"
    return Refused(VALIDATION, f"{found} constraint: {text}")


def write_session(session: GateSession, call: ApiCall) -> Response:
    """
    Return the response of STS for a session that *call* has opened.
    """
    ends = datetime.fromtimestamp(session.expires, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    identity = {"SourceIdentity": session.source_identity} if session.source_identity else {}
    content = {
        "Credentials": {
            "AccessKeyId": session.keys.access_key,
            "SecretAccessKey": session.keys.secret_key,
            "SessionToken": session.keys.token or "",
            "Expiration": ends,
        },
        "AssumedRoleUser": {"AssumedRoleId": session.user_id, "Arn": session.arn},
        **identity,
        **_of_token(session, call),
    }
    return result(call.operation, content)


def _of_token(session: GateSession, call: ApiCall) -> Mapping[str, str]:
    if call.operation != WITH_TOKEN:
        return {}
    claims = read_web_token(call.parameters["WebIdentityToken"]).claims
    return {
        "SubjectFromWebIdentityToken": str(claims.get("sub")),
        "Provider": session.provider_arn or "",
        "Audience": str(claims.get("aud")),
    }


def write_identity(session: GateSession) -> Response:
    """
    Return the response of STS that says whose session it is.
    """
    content = {"Arn": session.arn, "UserId": session.user_id, "Account": session.account}
    return result("GetCallerIdentity", content)
