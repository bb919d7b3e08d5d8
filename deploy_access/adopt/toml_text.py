"""
TOML as text: keys, values and comments, one a line and in the order in which they are added.

Source: https://toml.io/en/v1.0.0
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import cast

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_WIDTH = 100
_CONTROL = re.compile("[\u0000-\u0008\u000b-\u001f\u007f]")


class TomlText:
    """A file that is being written."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def comment(self, text: str) -> None:
        """Add a line of comment, or several where it is long."""
        words, line = _CONTROL.sub("?", text).split(), "#"
        for word in words:
            if len(line) + len(word) >= _WIDTH and line != "#":
                self._lines.append(line)
                line = "#"
            line += f" {word}"
        self._lines.append(line)

    def table(self, *path: str) -> None:
        """Begin a table."""
        self._lines += ["", f"[{'.'.join(map(_key, path))}]"]

    def put(self, key: str, value: object) -> None:
        """
        Add a key to the table, or one of a table in it, by a dot.

        A list that is long has a line for each entry.
        """
        written = ".".join(map(_key, key.split(".")))
        line = f"{written} = {_value(value)}"
        if len(line) <= _WIDTH or not isinstance(value, list | tuple):
            self._lines.append(line)
            return
        entries = cast("Sequence[object]", value)
        self._lines += [f"{written} = [", *(f"    {_value(one)}," for one in entries), "]"]

    def text(self) -> str:
        """Return the whole file."""
        return "\n".join(self._lines).strip("\n") + "\n"


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _text(text: str) -> str:
    # JSON's escapes are those of TOML, but for the one character that JSON leaves as it is.
    return json.dumps(text, ensure_ascii=False).replace("\u007f", "\\u007f")


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Mapping):
        pairs = cast("Mapping[str, object]", value).items()
        return f"{{ {', '.join(f'{_key(key)} = {_value(one)}' for key, one in pairs)} }}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(map(_value, cast('Sequence[object]', value)))}]"
    return _text(str(value))
