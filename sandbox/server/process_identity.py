"""
A process that can be told from a later one with the same number.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PROC = Path("/proc")

# What follows the name in `/proc/PID/stat`, the name being the one field with spaces in it:
# https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
_STATE, _GROUP, _STARTED = 0, 2, 19
# The process has ended, and its parent has not asked for its exit code yet.
_ENDED = {"Z", "X"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessIdentity:
    """
    A process.

    Attributes:
        pid: Its number, which another process gets later.
        started: Its start, in clock ticks of this run of the machine; None where the system does
            not say.

    """

    pid: int
    started: str | None

    @classmethod
    def of(cls, pid: int) -> ProcessIdentity:
        """
        Return the process that has this number now.
        """
        found = _read(pid)
        return cls(pid=pid, started=_start(found) if found else None)

    @property
    def is_gone(self) -> bool:
        """
        Whether it has ended for certain; a process that cannot be told from it counts as it.
        """
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            pass
        found = _read(self.pid)
        if found is None:
            return False
        is_other = self.started is not None and _start(found) != self.started
        return is_other or found[_STATE] in _ENDED


def group_members(pid: int, folder: Path) -> Iterator[int]:
    """
    Yield the processes of the group that *pid* has led, as far as they stand in *folder*.

    The group outlives its leader. Nothing is found where the system has no `/proc`.
    """
    for entry in PROC.glob("[0-9]*"):
        found = _read(int(entry.name))
        if found is None or found[_GROUP] != str(pid) or found[_STATE] in _ENDED:
            continue
        try:
            stands_in = (entry / "cwd").readlink()
        except OSError:
            continue
        if stands_in.is_relative_to(folder.resolve()):
            yield int(entry.name)


def _read(pid: int) -> list[str] | None:
    try:
        text = (PROC / str(pid) / "stat").read_text("utf-8", "replace")
    except OSError:
        return None
    return text.rpartition(")")[2].split()


def _start(fields: list[str]) -> str:
    # Ticks are counted from the start of the machine.
    boot = PROC / "sys" / "kernel" / "random" / "boot_id"
    return f"{boot.read_text('utf-8').strip()}/{fields[_STARTED]}"
