"""
The moto server: how it starts, what it outlives, and what ends it.
"""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from sandbox.server.child_process import Processes
from sandbox.server.liveness import NAME_PATH
from sandbox.server.moto_server import end_server, find_server, keep_server, start_server
from sandbox.server.working_folder import WorkingFolder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> WorkingFolder:
    """
    Make a working folder.
    """
    folder = WorkingFolder(tmp_path / "box")
    folder.create()
    return folder


@pytest.fixture
def processes() -> Iterator[Processes]:
    """
    End what a test starts.
    """
    processes = Processes()
    yield processes
    processes.end_all()


def test_server_without_its_record(folder: WorkingFolder, processes: Processes) -> None:
    """
    A server that is kept outlives what started it, and ends when its record is removed.
    """
    server = start_server(folder, processes)
    keep_server(server, folder, processes)
    processes.end_all()

    found = find_server(folder)
    end_server(folder)

    assert found
    assert found.name == server.name
    assert find_server(folder) is None
    assert server.process
    assert server.process.wait(10) == 0


def test_stale_record(folder: WorkingFolder) -> None:
    """
    A record of a server that is gone counts for nothing.
    """
    folder.record.write_text('{"name": "gone", "port": 9, "parent": null}')

    assert find_server(folder) is None


def test_answer_comes_in_one_piece(moto: str) -> None:
    """
    An answer's head never comes without its body: the AWS provider sends some requests twice then.
    """
    address = urlsplit(moto)
    request = f"GET {NAME_PATH} HTTP/1.1\r\nHost: {address.netloc}\r\n\r\n".encode()
    pieces: list[bytes] = []
    for _ in range(50):
        with socket.create_connection((address.hostname, address.port)) as connection:
            connection.sendall(request)
            pieces.append(connection.recv(1 << 16))

    bodies = {piece.partition(b"\r\n\r\n")[2] for piece in pieces}
    assert len(bodies) == 1
    assert bodies != {b""}
