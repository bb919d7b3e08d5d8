"""
One call of AWS's API, and its signer.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .fault import Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from werkzeug.wrappers import Request

_SCOPE = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/]+)/\d{8}/(?P<region>[^/]+)/(?P<service>[^/]+)/"
    r"aws4_request,"
)
_MEMBER = re.compile(r"(?P<list>\w+)\.member\.(?P<number>\d+)(?:\.(?P<field>\w+))?")


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
        service: As in the signature of a request, for example `ecr`.
        operation: As the API calls it, for example `PutImage`.
        parameters: What it is given. In the query protocol each is a text, and a list is one
            parameter for each member.

    """

    service: str
    operation: str
    parameters: Mapping[str, Any]

    @property
    def action(self) -> str:
        """The IAM action of the same name."""
        return f"{self.service}:{self.operation}"

    def members(self, name: str) -> Iterator[Mapping[str, str]]:
        """
        Yield each member of a list in the query protocol, with its fields; a text is the field "".
        """
        found: dict[int, dict[str, str]] = {}
        for key, value in self.parameters.items():
            named = _MEMBER.fullmatch(key)
            if named and named["list"] == name:
                found.setdefault(int(named["number"]), {})[named["field"] or ""] = value
        yield from (found[number] for number in sorted(found))


def protocol_of(request: Request, signer: Signer | None) -> Protocol:
    """
    Return the protocol that the caller speaks, which decides how it is refused.
    """
    if "X-Amz-Target" in request.headers:
        return Protocol.JSON
    return Protocol.REST if signer and signer.service == "s3" else Protocol.QUERY


def read_signer(request: Request) -> Signer | None:
    """
    Read the signer of the request, or None when it is not signed.
    """
    scope = _SCOPE.match(request.headers.get("Authorization", ""))
    if scope is None:
        return None
    return Signer(**scope.groupdict(), token=request.headers.get("X-Amz-Security-Token"))
