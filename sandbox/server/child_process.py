"""
The processes that a sandbox has started, so that it can end all of them.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from ..errors import SandboxError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

# Terraform needs a moment to finish the request under way, store its state and free its lock.
PATIENCE = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessResult:
    """
    The exit code and the output of a program that has ended.
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
        # Under the lock, so that no thread starts a process that `end_all` does not see.
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
        self,
        command: Sequence[str | Path],
        *,
        env: Mapping[str, str],
        cwd: Path | None = None,
        started: Callable[[int], None] | None = None,
    ) -> ProcessResult:
        """
        Run a program to its end; *started* is called with its process id when it has begun.
        """
        process = self.start(command, env=env, cwd=cwd)
        if started:
            started(process.pid)
        output, errors = process.communicate()
        if process.returncode < 0:
            # One that was killed leaves what it started behind: a provider in the middle of a call.
            _signal(process, signal.SIGKILL)
        self.forget(process)
        return ProcessResult(code=process.returncode, output=output, errors=errors)

    def forget(self, process: subprocess.Popen[str]) -> None:
        """
        Do not end this process: it has ended, or it is to outlive the sandbox.
        """
        with self._lock, contextlib.suppress(ValueError):
            self._running.remove(process)

    def end(self, process: subprocess.Popen[str]) -> None:
        """
        End one process and all that it started.
        """
        _close_input(process)
        _signal(process, signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(PATIENCE)
        # Also after a quiet end: children of the process may be left in its group.
        self.kill(process)

    def kill(self, process: subprocess.Popen[str]) -> None:
        """
        End one process and all that it started at once, in the middle of what they do.
        """
        _signal(process, signal.SIGKILL)
        _close_input(process)
        process.wait()
        self.forget(process)

    def end_all(self) -> None:
        """
        End every running process, and start no further one.
        """
        with self._lock:
            self._closed = True
            running = list(reversed(self._running))
        for process in running:
            self.end(process)


def _close_input(process: subprocess.Popen[str]) -> None:
    # The end of its input ends the shell around a provider, which ends the provider.
    if process.stdin:
        process.stdin.close()


def _signal(process: subprocess.Popen[str], number: signal.Signals) -> None:
    # macOS answers with a lack of permission where the whole group has ended.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
