"""The page about moves, as steps to be followed: `environments.toml` before each and after it."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "moves.md"

_SECTION = re.compile(r"^## (.*)\n((?:(?!^## ).*\n)*)", re.MULTILINE)
_BLOCK = re.compile(r"^ *```(toml|text)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_TABLE = re.compile(r"^\[(\S+)\]\n((?:(?!^\[).*\n)*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class State:
    """
    What a move has come to.

    Attributes:
        text: The part of the file that changes.
        review: What the review of the step to it says, or "".
    """

    text: str
    review: str

    @property
    def file(self) -> str:
        """The whole file."""
        changed = dict(_TABLE.findall(self.text))
        tables = {**dict(_TABLE.findall(_HEAD)), **changed}
        parts = (f"[{name}]\n{keys}" for name, keys in tables.items())
        return "schema = 1\n" + "".join(parts)


def read_moves() -> dict[str, list[State]]:
    """Return the states of each move by its title, from the one before it to the last."""
    found: dict[str, list[State]] = {}
    for title, body in _SECTION.findall(PAGE.read_text("utf-8")):
        blocks = [(kind, textwrap.dedent(text)) for kind, text in _BLOCK.findall(body)]
        following = [*blocks, ("", "")][1:]
        found[title] = [
            State(text, after if kind == "text" else "")
            for (language, text), (kind, after) in zip(blocks, following, strict=True)
            if language == "toml"
        ]
    return {title: states for title, states in found.items() if states}


_HEAD = _BLOCK.findall(PAGE.read_text("utf-8"))[0][1]
