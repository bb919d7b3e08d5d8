"""
One call of AWS's API, read off an HTTP request.

Only what moto would read in the same way is taken: one method, one path, one place for the
parameters. Anything else is refused, because the gate would judge another call than moto does.

Sources: https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html,
https://smithy.io/2.0/aws/protocols/aws-query-protocol.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qsl

from sandbox.gate.fault import not_judged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.wrappers import Request

QUERY_SERVICE = "sts"
# The only services that a generated workflow calls, beside STS.
TARGETS = {
    "AmazonEC2ContainerRegistry_V20150921": "ecr",
    "AmazonEC2ContainerServiceV20141113": "ecs",
    "CodeDeploy_20141006": "codedeploy",
}
_SCOPE = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/]+)/\d{8}/(?P<region>[^/]+)/(?P<service>[^/]+)/"
    r"aws4_request,"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """
    The signer of a request, as its header says; the signature itself is not checked.
    """

    key: str
    region: str
    service: str
    token: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiCall:
    """
    A call of the API, as a request makes it.

    Attributes:
        service: `sts`, `ecr`, `ecs` or `codedeploy`.
        operation: As the API calls it, for example `PutImage`.
        parameters: What it is given.

    """

    service: str
    operation: str
    parameters: Mapping[str, Any]

    @property
    def action(self) -> str:
        """The IAM action of the same name."""
        return f"{self.service}:{self.operation}"


def is_json(request: Request) -> bool:
    """
    Whether the caller speaks JSON 1.1, which decides how it is refused.
    """
    return "X-Amz-Target" in request.headers


def read_signer(request: Request) -> Signer | None:
    """
    Read the signer of the request, or None when it is not signed.
    """
    scope = _SCOPE.match(request.headers.get("Authorization", ""))
    if scope is None:
        return None
    return Signer(**scope.groupdict(), token=request.headers.get("X-Amz-Security-Token"))


def read_call(request: Request, signer: Signer | None) -> ApiCall:
    """
    Read the call that the request makes.

    Raises:
        Refused: The request is not written as AWS's SDKs write it.

    """
    # moto also reads parameters from the query and unpacks bodies; the gate would judge others.
    plain = request.method == "POST" and request.path == "/" and not request.query_string
    if not plain or "Content-Encoding" in request.headers:
        raise not_judged(f"a request like {request.method} {request.path}")
    call = _read_json(request) if is_json(request) else _read_query(request)
    # moto takes the service from the signature, the gate from the target.
    if signer is not None and signer.service != call.service:
        raise not_judged(f"a call of {call.service} that is signed for {signer.service}")
    return call


def _read_json(request: Request) -> ApiCall:
    target, _, operation = request.headers["X-Amz-Target"].partition(".")
    if target not in TARGETS:
        raise not_judged(f"the API {target}")
    try:
        parameters: object = json.loads(request.get_data() or b"{}")
    except ValueError as error:
        raise not_judged("a body that is no JSON") from error
    if not isinstance(parameters, dict):
        raise not_judged("a body that is no object")
    found = cast("dict[str, Any]", parameters)
    return ApiCall(service=TARGETS[target], operation=operation, parameters=found)


def _read_query(request: Request) -> ApiCall:
    pairs = parse_qsl(request.get_data(as_text=True), keep_blank_values=True)
    parameters = dict(pairs)
    # Which of two values counts differs between the gate and moto.
    if len(parameters) < len(pairs):
        raise not_judged("a parameter that is given twice")
    operation = parameters.pop("Action", "")
    parameters.pop("Version", None)
    return ApiCall(service=QUERY_SERVICE, operation=operation, parameters=parameters)
