"""
The hold on a working folder: one sandbox at a time.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from sandbox import FolderInUse
from sandbox.server.folder_hold import FolderHold, age_text
from sandbox.server.working_folder import WorkingFolder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Takes the hold, says so, and waits to be ended.
_HOLDS = """
import sys, pathlib
from sandbox.server.folder_hold import FolderHold
from sandbox.server.working_folder import WorkingFolder
hold = FolderHold(WorkingFolder(pathlib.Path(sys.argv[1])))
hold.take()
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder(tmp_path: Path) -> WorkingFolder:
    """
    Name a folder that is not there.
    """
    return WorkingFolder(tmp_path / "box")


@pytest.fixture
def other(folder: WorkingFolder) -> Iterator[subprocess.Popen[str]]:
    """
    Hold the folder in another process.
    """
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLDS, str(folder.root)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_another_process_is_named(folder: WorkingFolder, other: subprocess.Popen[str]) -> None:
    """
    A folder that is held is refused with the process that holds it, and for how long.
    """
    with pytest.raises(FolderInUse, match=rf"process {other.pid}, for \d+ seconds?\.") as caught:
        FolderHold(folder).take()

    assert caught.value.pid == other.pid


def test_hold_of_a_killed_process(folder: WorkingFolder, other: subprocess.Popen[str]) -> None:
    """
    The hold of a process that was killed is free.
    """
    other.send_signal(signal.SIGKILL)
    other.wait()

    hold = FolderHold(folder)
    hold.take()
    hold.release()


def test_two_in_one_process(folder: WorkingFolder) -> None:
    """
    Two sandboxes of one process do not share a folder either; one may take it several times.
    """
    first, second = FolderHold(folder), FolderHold(folder)
    first.take()
    first.take()

    with pytest.raises(FolderInUse, match=f"process {os.getpid()}"):
        second.take()
    first.release()
    second.take()
    second.release()


def test_a_folder_that_is_removed_and_made_anew(folder: WorkingFolder) -> None:
    """
    Who holds a folder that was removed keeps nobody from a new one.
    """
    first, second = FolderHold(folder), FolderHold(folder)
    first.take()
    folder.remove()

    second.take()
    first.release()
    with pytest.raises(FolderInUse):
        first.take()
    second.release()


def test_what_a_new_sandbox_finds(folder: WorkingFolder) -> None:
    """
    A folder is cleared of everything but its hold and what every sandbox has.
    """
    hold = FolderHold(folder)
    hold.take()
    (folder.root / "cdktf.out").mkdir()
    (folder.root / "moto.log").touch()
    folder.clear()

    assert {path.name for path in folder.root.iterdir()} == {
        *(".deploy-access-sandbox", "empty", "hold", "home", "reserve")
    }
    with pytest.raises(FolderInUse):
        FolderHold(folder).take()
    hold.release()


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-3, "0 seconds"),
        (1.9, "1 second"),
        (59, "59 seconds"),
        (60, "1 minute"),
        (42 * 60 + 7, "42 minutes"),
        (3600, "1 hour"),
        (3 * 86_400, "3 days"),
    ],
)
def test_age(seconds: float, text: str) -> None:
    """
    A span of time is said in its largest unit, rounded down.
    """
    assert age_text(seconds) == text
