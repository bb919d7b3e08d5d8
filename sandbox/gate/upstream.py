"""
The way of a request to moto.
"""

from __future__ import annotations

from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from werkzeug.wrappers import Response

from .s3_call import S3_HEADERS

if TYPE_CHECKING:
    from werkzeug.wrappers import Request

# Any other header could make moto read another call than the gate did.
_PASSED = ("Authorization", "Content-Type", "User-Agent", "X-Amz-Date", "X-Amz-Target")
_KEPT = ("Content-Type", "x-amzn-RequestId", "x-amzn-ErrorType")
# As long as an SDK waits for an answer.
_SECONDS = 60


def pass_on(
    request: Request, endpoint: str, account: str | None = None, *, is_s3: bool = False
) -> Response:
    """
    Pass a request on to moto, and return its response.

    With *account*, moto acts in that account. Without it, the request is the sandbox's own and is
    passed on as it is. Much of a call of S3, and of its answer, is in headers. When moto does not
    answer in time, the response says that the service is not available, as AWS does.
    """
    try:
        return _ask(request, endpoint, account, is_s3=is_s3)
    except (OSError, HTTPException) as error:
        # werkzeug takes an error of a connection for a caller that has left, and sends nothing: the
        # AWS provider would wait for its answer for ever.
        return Response(f"moto gave no answer: {error!r}", status=HTTPStatus.SERVICE_UNAVAILABLE)


def _ask(request: Request, endpoint: str, account: str | None, *, is_s3: bool) -> Response:
    place = urlsplit(endpoint)
    connection = HTTPConnection(place.hostname or "", place.port, timeout=_SECONDS)
    try:
        connection.request(
            request.method,
            # As it was written: read and written again, a key of S3 may become another.
            str(request.environ["RAW_URI"]),
            body=request.get_data(),
            headers=_headers(request, account, is_s3=is_s3),
        )
        answer = connection.getresponse()
        whole = is_s3 or account is None
        kept = answer.headers if whole else {name: answer.headers.get(name) for name in _KEPT}
        headers = dict(kept.items())
        body = answer.read()
    finally:
        connection.close()
    found = {name: value for name, value in headers.items() if value and _is_end_to_end(name)}
    response = Response(body, status=answer.status, headers=found)
    if request.method == "HEAD" and "Content-Length" in answer.headers:
        # The length of an object, which has no body here to be measured.
        response.headers["Content-Length"] = answer.headers["Content-Length"]
    return response


def _headers(request: Request, account: str | None, *, is_s3: bool) -> dict[str, str]:
    if account is None:
        return {name: value for name, value in request.headers if _is_end_to_end(name)}
    names = (*_PASSED, *S3_HEADERS) if is_s3 else _PASSED
    found = {name: request.headers[name] for name in names if name in request.headers}
    # https://docs.getmoto.org/en/latest/docs/multi_account.html
    return {**found, "x-moto-account-id": account}


def _is_end_to_end(name: str) -> bool:
    return name.lower() not in {"connection", "content-length", "keep-alive", "transfer-encoding"}
