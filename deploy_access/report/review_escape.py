"""
Values of others in Markdown: shown as code, where GitHub makes nothing of them.

In code there are no links, images, mentions (`@team`), references (`#123`), emoji or HTML.
Sources: https://github.github.com/gfm/#code-spans and
https://docs.github.com/get-started/writing-on-github/working-with-advanced-formatting/autolinked-references-and-urls
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deploy_access.report.review_phrase import (
    LONGEST_PROSE,
    cut,
    pieces,
    split_ticked,
    visible,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deploy_access.report.review_phrase import Phrase

_EMPTY = "(empty)"
_TICKS = re.compile(r"`+")
_WORD = re.compile(r"[(\"']*[^\W_]+(?:[.,'-]+[^\W_]+)*[)\"'.,;:!?…]*|[.,;:!?)]+")
_SPACES = re.compile(r"( +)")
_REFERENCE = re.compile(r"gh-\d|www\.|\b[0-9a-f]{7,40}\b", re.IGNORECASE)


def markdown(phrase: Phrase) -> str:
    """Join a phrase for a comment on GitHub."""
    return _apart(pieces(phrase, code, prose))


def code(text: str) -> str:
    """Show a value as code, between more backticks than it has in a row."""
    shown = visible(text)
    if not shown.strip():
        return _EMPTY
    fence = "`" * (1 + max(map(len, _TICKS.findall(shown)), default=0))
    pad = " " if _needs_pad(shown) else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def prose(text: str) -> str:
    """Show a sentence; as code what stands in backticks, and each word that is more than one."""
    whole = cut(text.strip(), LONGEST_PROSE)  # spaces at the start of a line make code of it
    parts = split_ticked(whole) if whole else [(_EMPTY, False)]
    return _apart(code(part) if ticked else _words(part) for part, ticked in parts)


def _apart(texts: Iterable[str]) -> str:
    """Join texts; the backticks of two that touch would be read as one fence."""
    joined = ""
    for text in texts:
        joined += f" {text}" if joined.endswith("`") and text.startswith("`") else text
    return joined


def _words(text: str) -> str:
    return "".join(part if not part.strip(" ") else _word(part) for part in _SPACES.split(text))


def _word(text: str) -> str:
    is_plain = _WORD.fullmatch(text) and not _REFERENCE.search(text)
    return text if is_plain else code(text)


def _needs_pad(shown: str) -> bool:
    """Whether a backtick would join the fence, or Markdown would strip a space."""
    return "`" in {shown[0], shown[-1]} or shown[0] == shown[-1] == " "
