"""The commands that are programs of their own, as this package imports nothing of an extra."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, NoReturn

import click

from deploy_access.commands.fatal import InputCommand
from deploy_access.extras import require_extra
from deploy_access.layout import module_of

if TYPE_CHECKING:
    from collections.abc import Sequence


def program_command(part: str, *, extra: str, words: Sequence[str] = ()) -> click.Command:
    """
    Return the command that becomes the program of a part of this project.

    The program reads all that stands behind the command, `--help` too.

    Args:
        part: The package whose program it is.
        extra: What it needs.
        words: The arguments that a shell completes.
    """

    def run(arguments: tuple[str, ...]) -> NoReturn:
        require_extra(extra)
        # Nothing of the folder that the user stands in may take the place of a module: `-P`.
        become([sys.executable, "-P", "-m", module_of(part), *arguments])

    def complete(_context: click.Context, _argument: click.Parameter, start: str) -> list[str]:
        return [word for word in words if word.startswith(start)]

    argument = click.Argument(
        ["arguments"], nargs=-1, type=click.UNPROCESSED, shell_complete=complete
    )
    settings: dict[str, object] = {"ignore_unknown_options": True, "help_option_names": []}
    return InputCommand(None, callback=run, params=[argument], context_settings=settings)


def become(command: list[str]) -> NoReturn:
    """Let a program take the place of this one: its exit code and each signal are its own."""
    if sys.platform == "win32":  # it starts a second process there, and does not wait for it
        sys.exit(subprocess.run(command, check=False).returncode)
    os.execv(command[0], command)  # noqa: S606 - no shell is wanted
