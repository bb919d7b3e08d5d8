"""How a command ends when it cannot go on: lines that begin with `fatal:`, never a traceback."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click
from click.exceptions import Exit

from deploy_access.commands.examples import ExampleCommand
from deploy_access.commands.last_resort import print_traceback, unforeseen
from deploy_access.errors import DeployAccessError, Problem
from deploy_access.interrupt import InterruptedBySignal
from deploy_access.terraform.named_file import NamedFile
from deploy_access.visible_text import escaped_lines

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

# A shell reports so a program that a signal has ended; `SIGPIPE` has this number everywhere.
_SIGNALLED = 128
INTERRUPTED = _SIGNALLED + signal.SIGINT
CLOSED_PIPE = _SIGNALLED + 13

# What is read where no file is named.
_DEFAULT = "cdktf.out"
# Parameters that are files, and that click hands over as text because `-` and `none` are words.
_FILES = {"base", "event", "git", "head", "token"}
_WRITTEN = {"copy", "outputs", "record", "write"}


class Fatal(click.ClickException):
    """What went wrong, each line of it behind `fatal:` on the standard error output."""

    exit_code = 1

    def show(self, file: object = None) -> None:
        """Print every line to the standard error output."""
        del file
        for line in escaped_lines(self.format_message()).split("\n"):
            click.echo(f"fatal: {line}", err=True)


class InputCommand(ExampleCommand):
    """A command that reads files, and that names them when it fails over what they hold."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        with fatal_errors(", ".join(_inputs(ctx.params)) or _DEFAULT):
            return super().invoke(ctx)


def _inputs(params: dict[str, object]) -> Iterator[str]:
    for name, value in params.items():
        for one in cast("tuple[object, ...]", value) if isinstance(value, tuple) else (value,):
            is_file = isinstance(one, (NamedFile, Path)) and name not in _WRITTEN
            if is_file or (name in _FILES and one is not None):
                yield str(one)


@contextmanager
def fatal_errors(given: str) -> Generator[None]:
    """End with `Fatal` over any error; *given* is what the command has read."""
    try:
        yield
    except (click.ClickException, click.Abort, Exit):
        raise
    except BrokenPipeError:
        # The reader of the output wants no more of it, for example `head`.
        drop_output()
        raise Exit(CLOSED_PIPE) from None
    except KeyboardInterrupt:
        raise Exit(INTERRUPTED) from None
    except InterruptedBySignal as interrupt:
        raise Exit(_SIGNALLED + interrupt.number) from None
    except Exception as error:
        print_traceback(error)
        raise Fatal(_said(error, given)) from error


def drop_output() -> None:
    """Let what is not printed yet go nowhere: Python would try to print it again when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _said(error: Exception, given: str) -> str:
    if isinstance(error, DeployAccessError) or (isinstance(error, OSError) and error.filename):
        return str(error)
    if isinstance(error, OSError):
        return str(_unprintable(given, error.strerror or str(error)))
    if isinstance(error, UnicodeEncodeError):
        why = f"the encoding {error.encoding} has no {error.object[error.start]!a}"
        return str(_unprintable(given, why))
    if isinstance(error, MemoryError):
        return str(_no_memory(given))
    return unforeseen(error, given)


def _unprintable(given: str, why: str) -> Problem:
    return Problem(
        what="The output cannot be printed.",
        given=given,
        why=f"The standard output does not take it: {why}.",
        fix="Print to a file on a disk that has room, with `PYTHONUTF8=1` in the environment.",
    )


def _no_memory(given: str) -> Problem:
    return Problem(
        what="There is not enough memory.",
        given=given,
        why="What it says takes more memory than this process may have.",
        fix="Split it, or run the command where there is more.",
    )
