"""A command whose outputs are a terminal, as a person sees it."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import termios
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_UNSET = {"CI", "NO_COLOR", "FORCE_COLOR", "TERM", "COLUMNS", "LINES"}


def environment(**wished: str) -> dict[str, str]:
    """Return the environment of a terminal, with these wishes and no others."""
    return {k: v for k, v in os.environ.items() if k not in _UNSET} | {"TERM": "xterm"} | wished


def on_a_terminal(
    command: Sequence[str | Path],
    columns: int,
    *,
    only: str = "",
    **wished: str,
) -> str:
    """
    Run a command on a terminal of so many columns, and return what it has written there.

    Args:
        command: The command.
        columns: The width.
        only: `stdout` or `stderr`, where the other one is no terminal.
        wished: Variables of the environment.
    """
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    elsewhere = subprocess.DEVNULL
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=elsewhere if only == "stderr" else theirs,
        stderr=elsewhere if only == "stdout" else theirs,
        env=environment(**wished),
    ) as process:
        os.close(theirs)
        printed = _all_of(ours)
        process.wait()
    os.close(ours)
    return printed.decode().replace("\r\n", "\n")


def _all_of(terminal: int) -> bytes:
    printed = b""
    try:
        while part := os.read(terminal, 65536):
            printed += part
    except OSError:  # Linux says so that the other end is closed
        pass
    return printed
