"""
The record of Terraform's run in a stack: which process it is, and which lock of the state it has.

It is written when the run begins and removed when it has ended in order. What is left of one says
that Terraform was killed in the middle, and whose the lock is that it left.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from deploy_access.json_shape import as_object, as_text

from ..server.process_identity import ProcessIdentity

if TYPE_CHECKING:
    from pathlib import Path

FILE = "run.json"

# Where Terraform keeps a state that it could not write to its backend:
# https://developer.hashicorp.com/terraform/cli/commands/state/push
UNWRITTEN_STATE = "errored.tfstate"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """
    A run of Terraform.

    Attributes:
        command: Terraform's command, such as `apply`.
        process: Its process.
        lock: The id of the lock that it has taken; None before it has one.

    """

    command: str
    process: ProcessIdentity
    lock: str | None = None

    def write(self, folder: Path) -> None:
        """
        Write the record in one step, so that a kill leaves no half of it.
        """
        draft = folder / f"{FILE}.draft"
        draft.write_text(json.dumps(asdict(self)), "utf-8")
        draft.replace(folder / FILE)


def read_run(folder: Path) -> RunRecord | None:
    """
    Return the record in the folder of a stack, or None.
    """
    try:
        found = as_object(json.loads((folder / FILE).read_text("utf-8")))
    except (OSError, ValueError):
        return None
    process = as_object(found.get("process"))
    pid = process.get("pid")
    if not isinstance(pid, int):
        return None
    return RunRecord(
        command=as_text(found.get("command")) or "",
        process=ProcessIdentity(pid=pid, started=as_text(process.get("started"))),
        lock=as_text(found.get("lock")),
    )


def note_lock(folder: Path, lock: str | None) -> None:
    """
    Write the lock that the running Terraform has taken into its record, or None when it is free.
    """
    found = read_run(folder)
    if found:
        replace(found, lock=lock).write(folder)


def remove_run(folder: Path) -> None:
    """
    Remove the record of a run that has ended in order.
    """
    (folder / FILE).unlink(missing_ok=True)
