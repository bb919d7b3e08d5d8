"""
Values of the input in Markdown, shown as code, which GitHub does not interpret.

In code there are no links, images, mentions (`@team`), references (`#123`), emoji or HTML.
Sources: https://github.github.com/gfm/#code-spans and
https://docs.github.com/get-started/writing-on-github/working-with-advanced-formatting/autolinked-references-and-urls
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deploy_access.report.review_phrase import (
    LONGEST_PROSE,
    pieces,
    split_ticked,
    visible,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deploy_access.report.review_phrase import Phrase

_EMPTY = "(empty)"
_TICKS = re.compile(r"`+")
# A word of letters and digits with the punctuation of a sentence; anything else is shown as code.
_WORD = re.compile(r"[(\"']*[^\W_]+(?:[.,'-]+[^\W_]+)*[)\"'.,;:!?…]*|[.,;:!?)]+")
_SPACES = re.compile(r"( +)")
# Words that GitHub links all the same: `GH-1`, `www.` and the beginning of a commit.
_REFERENCE = re.compile(r"gh-\d|www\.|\b[0-9a-f]{7,40}\b", re.IGNORECASE)


def markdown(phrase: Phrase) -> str:
    """Return a phrase as Markdown for GitHub."""
    return _apart(pieces(phrase, code, prose))


def code(text: str) -> str:
    """Return a value as code, between more backticks than it has in a row."""
    shown = visible(text)
    if not shown.strip():
        return _EMPTY
    fence = "`" * (1 + max(map(len, _TICKS.findall(shown)), default=0))
    pad = " " if _needs_pad(shown) else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def prose(text: str) -> str:
    """Return a sentence, with code for what stands in backticks and for what is no plain word."""
    whole = visible(text.strip(), LONGEST_PROSE)  # Four spaces would make a block of code of it.
    parts = split_ticked(whole) if whole else [(_EMPTY, False)]
    return _apart(code(part) if ticked else _words(part) for part, ticked in parts)


def _apart(texts: Iterable[str]) -> str:
    """Join texts, with a space where the backticks of two would touch and be read as one fence."""
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
