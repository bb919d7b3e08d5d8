"""
The parameters and the answer of `AssumeRoleWithWebIdentity`.

Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sandbox.gate.aws_response import result
from sandbox.gate.fault import VALIDATION, Refused, not_judged
from sandbox.gate.web_token import read_web_token

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.wrappers import Response

    from sandbox.gate.gate_session import GateSession

OPERATION = "AssumeRoleWithWebIdentity"
# In seconds, from the page above.
SHORTEST, DEFAULT, LONGEST = 900, 3600, 43200
_SESSION_NAME = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)
_NEEDED = ("RoleArn", "RoleSessionName", "WebIdentityToken")
_TAKEN = {*_NEEDED, "DurationSeconds"}


def check_parameters(parameters: Mapping[str, str]) -> int:
    """
    Check the parameters by themselves, and return the seconds that the session is to last.

    Raises:
        Refused: One is missing or out of bounds, or there is a session policy, which the gate does
            not judge.

    """
    for name in _NEEDED:
        if not parameters.get(name):
            raise _constraint(name, "null", "Member must not be null")
    unknown = sorted(parameters.keys() - _TAKEN)
    if unknown:
        raise not_judged(f"the parameters {', '.join(unknown)} of {OPERATION}")
    name = parameters["RoleSessionName"]
    if not _SESSION_NAME.fullmatch(name):
        text = "Member must satisfy regular expression pattern: [\\w+=,.@-]{2,64}"
        raise _constraint("RoleSessionName", name, text)
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


def write_session(session: GateSession, token: str) -> Response:
    """
    Return the response of STS for a session that was opened with *token*.
    """
    claims = read_web_token(token).claims
    ends = datetime.fromtimestamp(session.expires, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    content = {
        "Credentials": {
            "AccessKeyId": session.keys.access_key,
            "SecretAccessKey": session.keys.secret_key,
            "SessionToken": session.keys.token or "",
            "Expiration": ends,
        },
        "AssumedRoleUser": {"AssumedRoleId": session.user_id, "Arn": session.arn},
        "SubjectFromWebIdentityToken": str(claims.get("sub")),
        "Provider": session.provider_arn,
        "Audience": str(claims.get("aud")),
    }
    return result(OPERATION, content)
