"""
The way of a request to moto.
"""

from __future__ import annotations

from http.client import HTTPConnection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from werkzeug.wrappers import Response

if TYPE_CHECKING:
    from werkzeug.wrappers import Request

# Any other header could make moto read another call than the gate did.
_PASSED = ("Authorization", "Content-Type", "User-Agent", "X-Amz-Date", "X-Amz-Target")
_KEPT = ("Content-Type", "x-amzn-RequestId", "x-amzn-ErrorType")
# As long as an SDK waits for an answer.
_SECONDS = 60


def pass_on(request: Request, endpoint: str, account: str | None = None) -> Response:
    """
    Pass a request on to moto, and return its response.

    With *account*, moto acts in that account. Without it, the request is the sandbox's own and is
    passed on as it is.
    """
    place = urlsplit(endpoint)
    connection = HTTPConnection(place.hostname or "", place.port, timeout=_SECONDS)
    try:
        connection.request(
            request.method,
            request.full_path.removesuffix("?"),
            body=request.get_data(),
            headers=_headers(request, account),
        )
        answer = connection.getresponse()
        kept = {} if account is None else {name: answer.headers.get(name) for name in _KEPT}
        headers = dict(answer.headers) if account is None else kept
        body = answer.read()
    finally:
        connection.close()
    found = {name: value for name, value in headers.items() if value and _is_end_to_end(name)}
    return Response(body, status=answer.status, headers=found)


def _headers(request: Request, account: str | None) -> dict[str, str]:
    if account is None:
        return {name: value for name, value in request.headers if _is_end_to_end(name)}
    found = {name: request.headers[name] for name in _PASSED if name in request.headers}
    # https://docs.getmoto.org/en/latest/docs/multi_account.html
    return {**found, "x-moto-account-id": account}


def _is_end_to_end(name: str) -> bool:
    return name.lower() not in {"connection", "content-length", "keep-alive", "transfer-encoding"}
