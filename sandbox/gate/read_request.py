"""
Reads one call of AWS's API off an HTTP request.

Only what moto would read in the same way is taken: one method, one path, one place for the
parameters. Anything else is refused, because the gate would judge another call than moto does. S3
has no such place; its requests are read in `s3_call`.

Sources: https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html,
https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qsl

from .call import ApiCall, protocol_of
from .fault import Protocol, not_judged
from .s3_call import read_s3_call

if TYPE_CHECKING:
    from werkzeug.wrappers import Request

    from .call import Signer

# A request of STS may have no signature that names its service: a token opens a session.
UNSIGNED_SERVICE = "sts"
QUERY_SERVICES = {UNSIGNED_SERVICE, "iam"}
# The services in JSON that a generated workflow calls, and two that hold secrets.
TARGETS = {
    "AmazonEC2ContainerRegistry_V20150921": "ecr",
    "AmazonEC2ContainerServiceV20141113": "ecs",
    "AmazonSSM": "ssm",
    "CodeDeploy_20141006": "codedeploy",
    "secretsmanager": "secretsmanager",
}


def read_call(request: Request, signer: Signer | None) -> ApiCall:
    """
    Read the call that the request makes.

    Raises:
        Refused: The request is not written as AWS's SDKs write it.

    """
    protocol = protocol_of(request, signer)
    if protocol is Protocol.REST:
        return read_s3_call(request)
    # moto also reads parameters from the query and unpacks bodies; the gate would judge others.
    plain = request.method == "POST" and request.path == "/" and not request.query_string
    if not plain or "Content-Encoding" in request.headers:
        raise not_judged(f"a request like {request.method} {request.path}")
    call = _read_json(request) if protocol is Protocol.JSON else _read_query(request, signer)
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


def _read_query(request: Request, signer: Signer | None) -> ApiCall:
    service = signer.service if signer else UNSIGNED_SERVICE
    if service not in QUERY_SERVICES:
        raise not_judged(f"the API of {service}")
    pairs = parse_qsl(request.get_data(as_text=True), keep_blank_values=True)
    parameters = dict(pairs)
    # Which of two values counts differs between the gate and moto.
    if len(parameters) < len(pairs):
        raise not_judged("a parameter that is given twice")
    operation = parameters.pop("Action", "")
    parameters.pop("Version", None)
    return ApiCall(service=service, operation=operation, parameters=parameters)
