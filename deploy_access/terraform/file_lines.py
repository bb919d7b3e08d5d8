"""The line of a block: JSON has one key a line, each level indented by as many spaces more."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from deploy_access.input_file import read_given

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.terraform.estate import Where

# Parsers of JSON keep no positions, so the lines are read once more as text.
_KEY = re.compile(r'( *)"((?:[^"\\]|\\.)+)": ?')
_DEPTH = 4
"""How deep keys are looked for: mode, type, name, argument."""


def line_of(where: Where) -> int:
    """
    Return the line of *where*, counted from 1.

    It is 1 in a file that is written in one line, or in another way than CDKTF writes.
    """
    if where.line:
        return where.line
    lines = _lines(where.file)
    is_data = where.address.startswith("data.")
    steps = where.address.removeprefix("data.").split(".")
    keys = ("data" if is_data else "resource", *steps[: _DEPTH - 1])
    return next((lines[keys[:end]] for end in (4, 3) if keys[:end] in lines), 1)


@cache
def _lines(file: str) -> Mapping[tuple[str, ...], int]:
    """Number the keys of a file, each with those that it stands in."""
    if not Path(file).is_file():  # a pipe has been read already, and has no second time
        return {}
    try:
        return _numbered(read_given(file).decode())
    except ValueError:
        return {}


def lines_in(raw: bytes) -> Mapping[str, int]:
    """Number the blocks and arguments in the bytes of a `.tf.json`, each by its path."""
    paths = _numbered(raw.decode(errors="replace"))
    return {".".join(path).removeprefix("resource."): line for path, line in paths.items()}


def _numbered(text: str) -> Mapping[tuple[str, ...], int]:
    found: dict[tuple[str, ...], int] = {}
    path: list[str] = []
    # The first key is one level deep: CDKTF indents by two spaces, the CDK by one.
    first = _KEY.search(text, text.find("\n") + 1)
    indent = len(first[1]) or 1 if first else 1
    for number, line in enumerate(text.splitlines(), 1):
        key = _KEY.match(line)
        depth = len(key[1]) // indent if key else 0
        if key and 0 < depth <= min(_DEPTH, len(path) + 1):
            path[depth - 1 :] = [key[2]]
            found.setdefault(tuple(path), number)
    return found
