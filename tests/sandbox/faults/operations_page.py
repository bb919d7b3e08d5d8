"""
The outputs that docs/operations.md shows.
"""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs" / "operations.md"

_BLOCK = re.compile(r"^```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def is_shown(said: str) -> bool:
    """
    Return whether a block of the page is *said*, however its lines are wrapped.
    """
    blocks = _BLOCK.findall(PAGE.read_text("utf-8"))
    return any(_words(said) == _words(block) for block in blocks)


def is_part_shown(said: str) -> bool:
    """
    Return whether a block of the page is in *said*, of which other parts differ from run to run.
    """
    blocks = _BLOCK.findall(PAGE.read_text("utf-8"))
    return any(_words(block) in _words(said) for block in blocks)


def _words(text: str) -> str:
    return " ".join(text.split())
