"""
Everything that the sandbox starts it also ends, however it ends itself.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sandbox_estates import role, stack, write_out
from started_processes import PROC, processes_in, wait_until

PROJECT = Path(__file__).parent.parent.parent

pytestmark = [
    pytest.mark.terraform,
    pytest.mark.skipif(not PROC.is_dir(), reason="reads the process table of Linux"),
]


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
