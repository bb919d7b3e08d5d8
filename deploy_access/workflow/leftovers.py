"""
Files that the command has made once and makes no longer.

The first line of a file is the command that made it. A file is a leftover only when that command
chose the same as this one: another choice is another call, and its files are that call's.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import fields
from typing import TYPE_CHECKING

from deploy_access.workflow.options import Options

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence
    from pathlib import Path

_MADE_BY = re.compile(r"# Made by `deploy-access workflow ?(.*)`\.")
_PLACES = ("*.y*ml", "workflows/*.y*ml", "actions/*/action.y*ml")
_FLAGS = {f"--{field.name}" for field in fields(Options) if field.default is False}
_CHOOSING = {"--environment", "--repo", "--reusable", "--role", "--service"}


def find_leftovers(files: Container[str], command: str, folder: Path) -> list[str]:
    """
    List what a call of the same choice has made and this one does not.

    Args:
        files: What is made, by its path below *folder*.
        command: How, as the first line of the files has it.
        folder: `.github`.

    Returns:
        Paths below *folder*. Files without that first line are never among them.
    """
    own = _choice(shlex.split(command)[2:])
    return [path for path in _made(folder, own) if path not in files]


def _made(folder: Path, own: object) -> Iterator[str]:
    for path in sorted(path for place in _PLACES for path in folder.glob(place)):
        found = _MADE_BY.fullmatch(_first_line(path))
        if found and own is not None and _choice(_words(found[1])) == own:
            yield path.relative_to(folder).as_posix()


def _first_line(path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            return file.readline().rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        return ""


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:
        return [""]


def _choice(words: Sequence[str]) -> list[tuple[str, str]] | None:
    """Read the options that choose what is made; None for what is no list of options."""
    found: list[tuple[str, str]] = []
    rest = iter(words)
    for name in rest:
        if not name.startswith("--"):
            return None
        value = "" if name in _FLAGS else next(rest, "")
        if name in _CHOOSING:
            found.append((name, value))
    return sorted(found)
