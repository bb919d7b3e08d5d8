"""
The record of a running server, `server.json`: its name, its port and whose child it is.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from pathlib import Path

_PORTS = range(1, 2**16)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerRecord:
    """
    The content of the record; *parent* is the process that the server ends with, if any.
    """

    name: str
    port: int
    parent: int | None


def write_record(path: Path, name: str, port: int, *, parent: int | None) -> None:
    """
    Write the record in one step, so that a reader never sees half of it.
    """
    # A rename within a folder is one step on every file system.
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(asdict(ServerRecord(name=name, port=port, parent=parent))), "utf-8")
    draft.replace(path)


def read_record(path: Path) -> ServerRecord:
    """
    Read the record.

    Raises:
        OSError: There is no record.
        ValueError: The file is not a record.

    """
    found: Any = json.loads(path.read_text("utf-8"))
    given = cast("dict[str, Any]", found) if isinstance(found, dict) else {}
    name, port, parent = given.get("name"), given.get("port"), given.get("parent")
    # `True` is an `int` to Python, and no port.
    is_port = type(port) is int and port in _PORTS
    if not (isinstance(name, str) and is_port and isinstance(parent, int | None)):
        raise ValueError(f"The file {str(path)!r} does not name a server.")
    return ServerRecord(name=name, port=cast("int", port), parent=parent)
