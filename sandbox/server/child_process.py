"""
Every process that a sandbox starts, so that it can end them all.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from sandbox.errors import SandboxError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

# Terraform needs a moment to finish the request under way, store its state and free its lock.
PATIENCE = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessResult:
    """
    What a program that has ended left behind.
    """

    code: int
    output: str
    errors: str


class Processes:
    """
    Starts programs and ends those that are still running, the last one first.

    Each gets a session of its own: Ctrl-C in a terminal then reaches only the sandbox, which ends
    its children in order, and with a child go all that it started itself.
    """

    def __init__(self) -> None:
        self._running: list[subprocess.Popen[str]] = []
        self._lock = threading.Lock()
        self._closed = False

    def start(
        self,
        command: Sequence[str | Path],
        *,
        env: Mapping[str, str],
        cwd: Path | None = None,
        stdin: int = subprocess.DEVNULL,
        stdout: IO[str] | int = subprocess.PIPE,
        stderr: IO[str] | int = subprocess.PIPE,
    ) -> subprocess.Popen[str]:
        """
        Start a program that runs until it is ended.
        """
        with self._lock:
            if self._closed:
                raise SandboxError("The sandbox is ending, so it starts no further program.")
            process = subprocess.Popen(
                [str(part) for part in command],
                env=dict(env),
                cwd=cwd,
                stdin=stdin,
                stdout=stdout,
                stderr=stderr,
                text=True,
                start_new_session=True,
            )
            self._running.append(process)
        return process

    def run(
        self, command: Sequence[str | Path], *, env: Mapping[str, str], cwd: Path | None = None
    ) -> ProcessResult:
        """
        Run a program to its end.
        """
        process = self.start(command, env=env, cwd=cwd)
        output, errors = process.communicate()
        self.forget(process)
        return ProcessResult(code=process.returncode, output=output, errors=errors)

    def forget(self, process: subprocess.Popen[str]) -> None:
        """
        Leave a process alone: it has ended, or it is to outlive the sandbox.
        """
        with self._lock, contextlib.suppress(ValueError):
            self._running.remove(process)

    def end(self, process: subprocess.Popen[str]) -> None:
        """
        End one process and all that it started.
        """
        if process.stdin:
            process.stdin.close()
        _signal(process, signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(PATIENCE)
        _signal(process, signal.SIGKILL)
        process.wait()
        self.forget(process)

    def end_all(self) -> None:
        """
        End everything that is running, and start nothing any more.
        """
        with self._lock:
            self._closed = True
            running = list(reversed(self._running))
        for process in running:
            self.end(process)


def _signal(process: subprocess.Popen[str], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
