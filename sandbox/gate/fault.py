"""
The errors of AWS: one fault, with its code in each protocol.

Sources: https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html,
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/CommonErrors.html,
https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Protocol(Enum):
    """
    The way in which a caller writes a request, and reads an error.
    """

    QUERY = "query"
    """A form, answered in XML: STS and IAM."""
    JSON = "json"
    """JSON 1.1: ECR, ECS and most others."""
    REST = "rest"
    """Method, path and headers, answered in XML: S3."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """
    A kind of refusal.

    Attributes:
        query: Its code in the query protocol.
        status: The HTTP status that goes with it there; in JSON it is always 400.
        json: Its code in JSON 1.1, where that service can answer so.
        rest: Its code at S3, where it is another than in the query protocol.
        rest_status: The HTTP status there, where it is another.

    """

    query: str
    status: int = 400
    json: str = ""
    rest: str = ""
    rest_status: int = 0


ACCESS_DENIED = Fault(query="AccessDenied", status=403, json="AccessDeniedException")
EXPIRED_SESSION = Fault(
    query="ExpiredToken", status=403, json="ExpiredTokenException", rest_status=400
)
INVALID_KEY = Fault(
    query="InvalidClientTokenId",
    status=403,
    json="UnrecognizedClientException",
    rest="InvalidAccessKeyId",
)
NO_KEY = Fault(
    query="MissingAuthenticationToken", status=403, json="MissingAuthenticationTokenException"
)
# The answer of S3 when the key of an object is not there.
NO_KMS_KEY = Fault(query="KMS.NotFoundException")
# The answer of ECS when it may not assume a role that it is given.
CLIENT = Fault(query="ClientException", json="ClientException")
EXPIRED_TOKEN = Fault(query="ExpiredTokenException")
INVALID_TOKEN = Fault(query="InvalidIdentityToken")
VALIDATION = Fault(query="ValidationError")
MALFORMED_POLICY = Fault(query="MalformedPolicyDocument")
TOO_LARGE = Fault(query="PackedPolicyTooLarge")

# AWS's own answer is not known here. 400, because an SDK tries again after a 5xx.
NOT_JUDGED = Fault(query="SandboxCannotJudge", json="SandboxCannotJudge")


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """
    A refusal, and what would let it in.

    Attributes:
        refused: Who may not do what, and why, as a sentence of AWS.
        place: The policy to which the statement belongs; empty where no statement is enough.
        statement: The narrowest statement, as JSON; empty as well.

    """

    refused: str
    place: str = ""
    statement: str = ""

    def __str__(self) -> str:
        """Return it as one line, or as two with the statement."""
        cure = f"\n  Add to {self.place}: {self.statement}" if self.place else ""
        return f"{self.refused}{cure}"


class Refused(Exception):
    """
    A request that is refused and does not reach moto; *advice* says what would let it in.
    """

    def __init__(self, fault: Fault, message: str, advice: Advice | None = None) -> None:
        self.fault = fault
        self.message = message
        self.advice = advice
        super().__init__(f"{fault.query}: {message}")


def not_judged(what: str) -> Refused:
    """
    Return the refusal of a request that the gate cannot judge, and so never lets through.
    """
    return Refused(NOT_JUDGED, f"The gate of the sandbox does not know {what}, so it refuses it.")
