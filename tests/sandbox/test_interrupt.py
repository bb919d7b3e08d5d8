"""
Everything that the sandbox starts it also ends, however it ends itself.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sandbox_estates import role, stack, write_out

if TYPE_CHECKING:
    from collections.abc import Callable

PROJECT = Path(__file__).parent.parent.parent
PROC = Path("/proc")

pytestmark = [
    pytest.mark.terraform,
    pytest.mark.skipif(not PROC.is_dir(), reason="reads the process table of Linux"),
]


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


def wait_until(happens: Callable[[], bool]) -> None:
    """
    Wait until something happens, for a minute at most.
    """
    deadline = time.monotonic() + 60
    while not happens():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)],
    ids=lambda value: getattr(value, "name", str(value)),
)
@pytest.mark.usefixtures("interruptible")
def test_end_in_the_middle(tmp_path: Path, number: signal.Signals, code: int) -> None:
    """
    A demo that is ended while Terraform runs leaves no process behind, not even when killed.
    """
    out = write_out(tmp_path / "out", {"web": stack("web", resource=role("web"))})
    log = tmp_path / "log"
    with log.open("w") as output:
        demo = subprocess.Popen(
            [sys.executable, "-m", "sandbox", "--out", str(out)],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(PROJECT)},
            stdout=output,
            stderr=output,
        )
    wait_until(lambda: any(" apply " in text for text in processes_in(tmp_path).values()))

    demo.send_signal(number)

    assert demo.wait(60) == code
    wait_until(lambda: not processes_in(tmp_path))
    if number is not signal.SIGKILL:
        assert f"Ended by {number.name}" in log.read_text()
