"""
The moto server's own process: `python -m sandbox.moto_process RECORD NAME PARENT`.

It serves as long as the record file carries its name, so that deleting the file ends it, and as
long as the parent lives that the record names. Nobody has to remember a process id.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from pathlib import Path

from moto.moto_server.threaded_moto_server import (  # pyright: ignore[reportMissingTypeStubs]
    ThreadedMotoServer,
)

from sandbox.record import read_record, write_record

HOST = "127.0.0.1"
SECONDS_BETWEEN_LOOKS = 0.3


def main(path: Path, name: str, parent: int) -> None:
    """
    Serve on a free port, write it into the record, and stay as long as somebody wants it.
    """
    server = ThreadedMotoServer(HOST, 0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    write_record(path, name, port, parent=parent)
    while _is_wanted(path, name):
        time.sleep(SECONDS_BETWEEN_LOOKS)


def _is_wanted(path: Path, name: str) -> bool:
    try:
        record = read_record(path)
    except (OSError, ValueError):
        return False
    return record["name"] == name and record["parent"] in {None, os.getppid()}


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
