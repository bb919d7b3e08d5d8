"""
The errors of AWS: one fault, with its code in each protocol.

Sources: https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html,
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/CommonErrors.html
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """
    A kind of refusal.

    Attributes:
        query: Its code in the query protocol, which STS speaks.
        status: The HTTP status that goes with it there; in JSON it is always 400.
        json: Its code in JSON 1.1, which ECR, ECS and CodeDeploy speak.

    """

    query: str
    status: int = 400
    json: str = ""


ACCESS_DENIED = Fault(query="AccessDenied", status=403, json="AccessDeniedException")
EXPIRED_SESSION = Fault(query="ExpiredToken", status=403, json="ExpiredTokenException")
INVALID_KEY = Fault(query="InvalidClientTokenId", status=403, json="UnrecognizedClientException")
NO_KEY = Fault(
    query="MissingAuthenticationToken", status=403, json="MissingAuthenticationTokenException"
)
EXPIRED_TOKEN = Fault(query="ExpiredTokenException")
INVALID_TOKEN = Fault(query="InvalidIdentityToken")
VALIDATION = Fault(query="ValidationError")

# AWS's own answer is not known here. 400, because an SDK tries again after a 5xx.
NOT_JUDGED = Fault(query="SandboxCannotJudge", json="SandboxCannotJudge")


class Refused(Exception):
    """
    A request that is refused and does not reach moto.
    """

    def __init__(self, fault: Fault, message: str) -> None:
        self.fault = fault
        self.message = message
        super().__init__(f"{fault.query}: {message}")


def not_judged(what: str) -> Refused:
    """
    Return the refusal of a request that the gate cannot judge, and so never lets through.
    """
    return Refused(NOT_JUDGED, f"The gate of the sandbox does not know {what}, so it refuses it.")
