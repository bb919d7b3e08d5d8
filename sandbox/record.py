"""
The record of a running server, `server.json`: its name, its port and whose child it is.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from pathlib import Path


class Record(TypedDict):
    """
    What is written; *parent* is the process that the server ends with, if any.
    """

    name: str
    port: int
    parent: int | None


def write_record(path: Path, name: str, port: int, *, parent: int | None) -> None:
    """
    Write the record in one step, so that nobody reads half of it.
    """
    record = Record(name=name, port=port, parent=parent)
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(record), encoding="utf-8")
    draft.replace(path)


def read_record(path: Path) -> Record:
    """
    Read the record; OSError or ValueError when there is none.
    """
    return json.loads(path.read_text(encoding="utf-8"))
