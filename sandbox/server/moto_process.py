"""
The moto server's own process: `python -m` with the name of this module, RECORD, NAME and PARENT.

It serves as long as the record file carries its name, so that deleting the file ends it, and as
long as the parent lives that the record names. No process id has to be remembered.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from moto.iam.access_control import PermissionResult  # pyright: ignore[reportMissingTypeStubs]
from moto.moto_server.werkzeug_app import (  # pyright: ignore[reportMissingTypeStubs]
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from moto.s3.models import FakeBucket  # pyright: ignore[reportMissingTypeStubs]
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from .liveness import NAME_PATH
from .loopback import HOST, WholeAnswers
from .role_request import refuse_role
from .server_record import read_record, write_record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Application = Callable[[dict[str, Any], Any], Iterable[bytes]]

# A server that is told to end by the removal of its record ends within this time.
SECONDS_BETWEEN_LOOKS = 0.3


class _Handler(WholeAnswers, MotoRequestHandler):
    """
    Handles a request as moto does.
    """


def main(path: Path, name: str, parent: int) -> None:
    """
    Serve on a free port, write it into the record, and stay as long as the server is wanted.
    """
    # moto reads the policy of a bucket without its conditions: one that denies what comes without
    # TLS would deny everything. The gate judges it whole, and the administrator is not judged.
    setattr(FakeBucket, "get_permission", _undecided)  # noqa: B010 - its parameter is `self`
    application = _with_answers(DomainDispatcherApplication(create_backend_app), name)
    server = make_server(HOST, 0, application, threaded=True, request_handler=_Handler)
    # The record is the sign that requests are answered, so it is written last.
    Thread(target=server.serve_forever, daemon=True).start()
    write_record(path, name, server.server_port, parent=parent)
    while _is_wanted(path, name):
        time.sleep(SECONDS_BETWEEN_LOOKS)


def _undecided(bucket: FakeBucket, action: str, resource: str) -> PermissionResult:
    del bucket, action, resource
    return PermissionResult.NEUTRAL


def _with_answers(moto: Application, name: str) -> Application:
    """
    Return *moto* with answers of its own: the server's name, and what IAM refuses and moto takes.
    """

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] == NAME_PATH:
            return Response(name)(environ, start_response)
        return (refuse_role(environ) or moto)(environ, start_response)

    return application


def _is_wanted(path: Path, name: str) -> bool:
    try:
        record = read_record(path)
    except (OSError, ValueError):
        return False
    return record.name == name and record.parent in {None, os.getppid()}


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
