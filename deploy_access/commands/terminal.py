"""The output of a command, with colours and in the width of a terminal where it is one."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING

import click

from deploy_access.report.terminal_lines import fit_lines

if TYPE_CHECKING:
    from collections.abc import Callable


def is_coloured() -> bool:
    """
    Whether the output has colours: on a terminal, unless the environment says otherwise.

    `NO_COLOR` (https://no-color.org) takes them away and wins over `FORCE_COLOR`
    (https://force-color.org), which asks for them also in a file; `TERM=dumb` is a terminal that
    has none. It is the order of Python's own messages:
    https://docs.python.org/3/using/cmdline.html#controlling-color.
    """
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return os.environ.get("TERM") != "dumb" and sys.stdout.isatty()


def print_report(text: str, paint: Callable[[str], str]) -> None:
    """Print a report for people: *paint* colours it, and on a terminal its lines fit."""
    coloured = is_coloured()
    shown = paint(text) if coloured else text
    if sys.stdout.isatty():
        shown = fit_lines(shown, shutil.get_terminal_size().columns)
    # Otherwise click would take the colours away from a file for which they were asked.
    click.echo(shown, nl=False, color=coloured or None)
