"""
The hold on a working folder: one sandbox at a time uses it.

The system frees the hold when its process ends, however it ends.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from deploy_access.json_shape import as_object

from ..errors import FolderInUse

if TYPE_CHECKING:
    from pathlib import Path

    from .working_folder import WorkingFolder


@dataclass
class FolderHold:
    """
    A hold that is taken once and released.
    """

    folder: WorkingFolder
    _file: IO[str] | None = None

    def take(self) -> None:
        """
        Make the folder and hold it, or keep the hold that there is.

        Raises:
            FolderInUse: Another sandbox has it.
            SandboxError: The folder holds other files.

        """
        while self._file is None:
            self.folder.create()
            self._file = _hold(self.folder)

    def release(self) -> None:
        """
        Let others have the folder.
        """
        if self._file:
            self._file.close()
            self._file = None


def _hold(folder: WorkingFolder) -> IO[str] | None:
    """
    Return the file that is the hold; None when the folder was removed meanwhile.
    """
    try:
        file = folder.hold.open("a+", encoding="utf-8")
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        owner = _read(file)
        file.close()
        raise FolderInUse(str(folder.root), *owner) from None
    # Whoever held it before may have removed the folder: then this is a file that has no name.
    if not _is_named(file, folder.hold):
        file.close()
        return None
    file.truncate(0)
    json.dump({"pid": os.getpid(), "since": time.time()}, file)
    file.flush()
    return file


def _is_named(file: IO[str], path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def age_text(seconds: float) -> str:
    """
    Return a span of time in its largest unit: `42 minutes`.
    """
    whole = max(0, int(seconds))
    units = ((86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))
    unit, name = next((one for one in units if whole >= one[0]), units[-1])
    count = whole // unit
    return f"{count} {name}" if count == 1 else f"{count} {name}s"


def _read(file: IO[str]) -> tuple[int | None, str | None]:
    """
    Return the process that has the hold, and for how long, as far as it has written them.
    """
    file.seek(0)
    try:
        found = as_object(json.load(file))
    except ValueError:
        return None, None
    pid, since = found.get("pid"), found.get("since")
    return (
        pid if isinstance(pid, int) else None,
        age_text(time.time() - since) if isinstance(since, float) else None,
    )
