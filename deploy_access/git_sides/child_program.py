"""A program that is run to its end, with all that it starts: none of it is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from deploy_access.interrupt import uninterrupted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_PATIENCE = 5.0
"""The seconds in which a program may remove what it has made, as git does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """
    A program that has ended.

    Attributes:
        code: Its exit code; below zero when a signal has ended it.
        output: What it printed.
        errors: What it printed to its standard error output.
    """

    code: int
    output: str
    errors: str


def run_program(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Ended:
    """
    Run a program without an input.

    Args:
        command: The program and its arguments.
        folder: Where it runs.
        environment: All of its environment.
    """
    # No pipes: what the program leaves running would hold them open, and keep us waiting.
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        # A session of its own, so that Ctrl-C reaches only the command, which ends it in order.
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            start_new_session=True,
        )
        try:
            code = process.wait()
        finally:
            with uninterrupted():
                _end(process)
        return Ended(code=code, output=_text(output), errors=_text(errors))


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program that still runs, and what it has started."""
    if process.returncode is None:
        _signal(process, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_PATIENCE)
    _signal(process, signal.SIGKILL)
    process.wait()


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    # Its group has the number of the program, also when only its children are left in it.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
