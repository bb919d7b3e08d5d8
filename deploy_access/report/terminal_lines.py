"""
A report in the width of a terminal: sentences are wrapped, quoted lines with a mark are cropped.

A file or a pipe gets every line whole, so that other programs can read it.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NARROWEST = 40
"""The columns below which nothing is wrapped: two words a line are no easier to read."""
_WORD = re.compile(r"\s*\S+")
# The beginning of a line that the rows after the first are aligned with: a bullet and its mark.
_HANGING = re.compile(r"\s*(?:(?:[-+~=|]|-->|[a-z]+:) |(?:JSON|Python|TOML) +)?")
# A line with a mark below what it marks, and the beginning of a line that quotes what is marked.
_MARK = re.compile(r"[ |]*\^+")
_QUOTING = re.compile(r" *(?:\| |(?:token|policy) +)")
_ELLIPSIS = "…"


def fit_lines(text: str, columns: int) -> str:
    """Return *text*, which may be coloured, so that its lines fit into as many *columns*."""
    if columns < NARROWEST:
        return text
    return "\n".join(row for block in _blocks(text.split("\n")) for row in _fit(block, columns))


def _blocks(lines: Sequence[str]) -> Iterator[Sequence[str]]:
    """Keep a mark with the lines above that quote what is marked."""
    block: list[str] = []
    for line, below in pairwise([*lines, ""]):
        block.append(line)
        is_quoting = _QUOTING.match(click.unstyle(line)) is not None
        if not (is_quoting and (_is_mark(below) or _QUOTING.match(click.unstyle(below)))):
            yield block
            block = []


def _is_mark(line: str) -> bool:
    return _MARK.fullmatch(click.unstyle(line)) is not None


def _fit(block: Sequence[str], columns: int) -> Iterator[str]:
    if all(len(click.unstyle(line)) <= columns for line in block):
        yield from block
    elif _is_mark(block[-1]):
        yield from _cropped([click.unstyle(line) for line in block], columns)
    else:
        for line in block:
            yield from _wrapped(line, columns)


def _wrapped(line: str, columns: int) -> Iterator[str]:
    """Break at spaces only: an ARN that is too long stays whole, so that it can be copied."""
    aligned = _HANGING.match(click.unstyle(line))
    indent = " " * min(aligned.end() if aligned else 0, columns // 2)
    row = ""
    for word in _WORD.findall(line):
        if row and len(click.unstyle(row + word)) > columns:
            yield row
            row = indent + word.lstrip()
        else:
            row += word
    yield row


def _cropped(block: Sequence[str], columns: int) -> Iterator[str]:
    """Show the part of the quoted lines that has the mark, each line from the same place on."""
    place = block[-1].index("^")
    quoting = _QUOTING.match(block[0])
    start = quoting.end() if quoting else 0
    # A third of the room is for what stands before the mark.
    hidden = max(0, place - start - (columns - start) // 3)
    for line in block:
        yield _crop(line, start, hidden, columns)


def _crop(line: str, start: int, hidden: int, columns: int) -> str:
    rest = line[start + hidden :]
    if hidden:
        rest = (" " if rest[:1] in {" ", "^"} and set(rest) <= {" ", "^"} else _ELLIPSIS) + rest[1:]
    shown = line[:start] + rest
    if len(shown) <= columns:
        return shown
    is_mark = set(shown) <= {" ", "|", "^"}
    return shown[: columns - 1] + ("^" if is_mark else _ELLIPSIS)
