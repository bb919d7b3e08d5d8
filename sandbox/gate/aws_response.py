"""
Responses in AWS's own formats, which an SDK reads as those of AWS.

Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, tostring

from werkzeug.wrappers import Response

from sandbox.server.json_response import json_response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.gate.fault import Refused

JSON = "application/x-amz-json-1.1"
NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/"


def refusal(refused: Refused, *, as_json: bool) -> Response:
    """
    Return a refusal in the caller's protocol.
    """
    number = str(uuid.uuid4())
    if as_json:
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
