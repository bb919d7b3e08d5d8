"""
What the gate says where moto does not answer.
"""

from __future__ import annotations

import socket
from threading import Thread

import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from sandbox.gate.upstream import pass_on


def hang_up(server: socket.socket) -> None:
    """
    Take one request and answer nothing.
    """
    connection, _ = server.accept()
    connection.recv(1 << 16)
    connection.close()


@pytest.mark.parametrize("is_there", [True, False], ids=["hangs up", "is not there"])
def test_no_answer(*, is_there: bool) -> None:
    """
    The caller gets an answer in any case: without one it would wait for ever.
    """
    server = socket.create_server(("127.0.0.1", 0))
    place = f"http://127.0.0.1:{server.getsockname()[1]}"
    if is_there:
        Thread(target=hang_up, args=[server], daemon=True).start()
    else:
        server.close()
    environ = EnvironBuilder(method="POST", data=b"Action=GetCallerIdentity").get_environ()
    environ["RAW_URI"] = "/"

    found = pass_on(Request(environ), place)

    server.close()
    assert found.status_code == 503
    assert "moto gave no answer" in found.get_data(as_text=True)
