"""
Responses in AWS's own formats, which an SDK reads as those of AWS.

Sources: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html,
https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#RESTErrorResponses
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, tostring

from werkzeug.wrappers import Response

from ..server.json_response import json_response
from .fault import Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .fault import Refused

JSON = "application/x-amz-json-1.1"
NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/"


def refusal(refused: Refused, protocol: Protocol) -> Response:
    """
    Return a refusal in the caller's protocol.
    """
    number = str(uuid.uuid4())
    if protocol is Protocol.REST:
        return _s3_refusal(refused, number)
    if protocol is Protocol.JSON:
        code = refused.fault.json
        return json_response(
            {"__type": code, "message": refused.message},
            status=400,
            mimetype=JSON,
            headers={"x-amzn-ErrorType": code, "x-amzn-RequestId": number},
        )
    error = {"Type": "Sender", "Code": refused.fault.query, "Message": refused.message}
    body = {"Error": error, "RequestId": number}
    return _xml("ErrorResponse", body, refused.fault.status)


def _s3_refusal(refused: Refused, number: str) -> Response:
    fault = refused.fault
    root = Element("Error")
    said = {"Code": fault.rest or fault.query, "Message": refused.message, "RequestId": number}
    _fill(root, said)
    status = fault.rest_status or fault.status
    return Response(tostring(root), status=status, mimetype="application/xml")


def result(operation: str, content: Mapping[str, object]) -> Response:
    """
    Return the response of a call of STS.
    """
    body = {
        f"{operation}Result": content,
        "ResponseMetadata": {"RequestId": str(uuid.uuid4())},
    }
    return _xml(f"{operation}Response", body, 200)


def layer_url(digest: str) -> Response:
    """
    Return the response of ECR for a layer: moto does not have this call.

    The host is in `.invalid`, which no name server resolves (RFC 2606).
    """
    content = {"downloadUrl": f"https://layers.invalid/{digest}", "layerDigest": digest}
    return json_response(content, mimetype=JSON)


def _xml(name: str, content: Mapping[str, object], status: int) -> Response:
    root = Element(name, xmlns=NAMESPACE)
    _fill(root, content)
    return Response(tostring(root), status=status, mimetype="text/xml")


def _fill(parent: Element, content: Mapping[str, object]) -> None:
    for name, value in content.items():
        child = SubElement(parent, name)
        if isinstance(value, str):
            child.text = value
        else:
            _fill(child, value)  # pyright: ignore[reportArgumentType] - texts and mappings only
