"""
The record of a running server.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from sandbox.server.moto_server import find_server
from sandbox.server.server_record import ServerRecord, read_record, write_record
from sandbox.server.working_folder import WorkingFolder

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "record",
    [
        "",
        "[]",
        "{}",
        '{"name": "gone", "port": 0, "parent": null}',
        '{"name": "gone", "port": 65536, "parent": null}',
        '{"name": "gone", "port": true, "parent": null}',
        '{"name": "gone", "port": "9", "parent": null}',
        '{"name": ["gone"], "port": 9, "parent": null}',
        '{"name": "gone", "port": 9, "parent": "me"}',
    ],
)
def test_record_that_names_no_server(tmp_path: Path, record: str) -> None:
    """
    A record that was cut off or written by hand counts for nothing, as for the server itself.
    """
    (tmp_path / "server.json").write_text(record)

    with pytest.raises(ValueError, match=r"server\.json|Expecting value"):
        read_record(tmp_path / "server.json")
    assert find_server(WorkingFolder(tmp_path)) is None


def test_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    """
    A record names the server, its port, and the process that it ends with, if any.
    """
    path = tmp_path / "server.json"

    write_record(path, "web", 4321, parent=None)

    assert json.loads(path.read_text()) == {"name": "web", "port": 4321, "parent": None}
    assert read_record(path) == ServerRecord(name="web", port=4321, parent=None)
