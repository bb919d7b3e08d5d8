"""
A small web server of this process, on 127.0.0.1 and nowhere else.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable

HOST = "127.0.0.1"


class Loopback:
    """
    A server on a free port that answers each request by *answer*, several requests at once.
    """

    def __init__(self, answer: Callable[[Request], Response]) -> None:
        self._server = make_server(
            HOST, 0, _application(answer), threaded=True, request_handler=_Quiet
        )
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        """
        The address, without a slash at the end.
        """
        return f"http://{HOST}:{self._server.server_port}"

    def start(self) -> None:
        """
        Serve until `close`.
        """
        self._thread.start()

    def close(self) -> None:
        """
        Stop serving.
        """
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()


def _application(answer: Callable[[Request], Response]) -> Any:
    @Request.application
    def application(request: Request) -> Response:
        return answer(request)

    return application


class WholeAnswers(WSGIRequestHandler):
    """
    Sends an answer's head and body in one piece.

    Sent apart, as werkzeug does it, the AWS provider on a busy machine now and then closes the
    connection between the two and sends its request again: a second CreateRole, which fails.
    """

    # Larger than any answer that is sent at once.
    wbufsize = 1 << 20


class _Quiet(WholeAnswers):
    """
    Keeps connections open, as AWS does, and writes no log.
    """

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - its own name
        """
        Say nothing.
        """
