"""
A request that makes a role or changes its trust policy, refused where IAM refuses it.

moto takes any trust policy. IAM takes none for a shared issuer that does not test the claim which
tells the issuer's customers apart; a role that is there already stays as it is.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html,
https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html (the error)
"""

from __future__ import annotations

import io
import uuid
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs
from xml.etree.ElementTree import Element, SubElement, tostring

from werkzeug.wrappers import Response

from deploy_access.errors import InvalidValue
from deploy_access.github.shared_issuer import untested_claims
from deploy_access.iam.documents import read_policy

if TYPE_CHECKING:
    from collections.abc import Mapping

NAMESPACE = "https://iam.amazonaws.com/doc/2010-05-08/"
# The parameter of each call that holds the trust policy.
_DOCUMENTS = {
    "CreateRole": "AssumeRolePolicyDocument",
    "UpdateAssumeRolePolicy": "PolicyDocument",
}
_FORM = "application/x-www-form-urlencoded"
# IAM takes 131,072 characters, which are three times as many when they are encoded.
_LONGEST = 1 << 19


def refuse_role(environ: dict[str, Any]) -> Response | None:
    """
    Return IAM's refusal of a request, or None; the body can be read again in either case.
    """
    if not environ.get("CONTENT_TYPE", "").startswith(_FORM):
        return None
    length = int(environ.get("CONTENT_LENGTH") or 0)
    if length > _LONGEST:
        return None
    body = environ["wsgi.input"].read(length)
    environ["wsgi.input"] = io.BytesIO(body)
    form = parse_qs(body.decode("utf-8", "replace"))
    named = _DOCUMENTS.get(_first(form, "Action"))
    refusal = _refusal(_first(form, named)) if named else None
    return _response(refusal) if refusal else None


def _first(form: Mapping[str, list[str]], name: str) -> str:
    return form.get(name, [""])[0]


def _refusal(document: str) -> str | None:
    try:
        policy = read_policy(document).policy
    except InvalidValue:
        return None  # moto says what is wrong with it.
    return next(map(str, untested_claims(policy)), None)


def _response(message: str) -> Response:
    root = Element("ErrorResponse", xmlns=NAMESPACE)
    error = SubElement(root, "Error")
    said = {"Type": "Sender", "Code": "MalformedPolicyDocument", "Message": message}
    for name, text in said.items():
        SubElement(error, name).text = text
    SubElement(root, "RequestId").text = str(uuid.uuid4())
    return Response(tostring(root), status=400, mimetype="text/xml")
