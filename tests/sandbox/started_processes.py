"""
The processes that a sandbox has started, as the system lists them.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

PROC = Path("/proc")


def processes_in(folder: Path) -> dict[int, str]:
    """
    Return the processes that stand in *folder* or name it in their command line.
    """
    found: dict[int, str] = {}
    for entry in PROC.iterdir():
        try:
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            place = (entry / "cwd").readlink()
        except (OSError, UnicodeDecodeError):
            continue
        if entry.name.isdigit() and (str(folder) in command or place.is_relative_to(folder)):
            found[int(entry.name)] = command
    return found


def wait_until(happens: Callable[[], bool], seconds: float = 60) -> None:
    """
    Wait until something happens, for a minute at most, or for so many seconds.
    """
    deadline = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < deadline
        time.sleep(0.1)
