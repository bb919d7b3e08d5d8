"""Phrases: fixed words and values of the input, kept apart until a renderer escapes the values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from deploy_access.visible_text import escaped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence


LONGEST = 160
"""The characters of a value that are shown, without its middle: an ARN or a subject mostly fits."""
LONGEST_PROSE = 640
"""The characters of a sentence, which may hold several values."""
_TICKED = re.compile(r"`([^`]+)`")


Mark = Literal["+", "-", "~", ""]
"""The mark of a line: new, gone, or changed."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """A value as the files have it: a name, an ARN, an action."""

    text: str


@dataclass(frozen=True, slots=True)
class Prose:
    """A sentence with values of the input in it, which stand between backticks."""

    text: str


Phrase = tuple[str | Quoted | Prose, ...]
"""A `str` is a fixed text and is written as it is; the renderer escapes the others."""


def visible(text: str, longest: int = LONGEST) -> str:
    """
    Return a value on one line in which every character is seen.

    A value that is too long loses its middle: the end of a subject or an ARN says how wide it is.
    """
    return escaped(cut(text, longest))


def cut(text: str, longest: int) -> str:
    """
    Return a text without its middle where it is too long, with the number of characters left out.

    A text that is too long by at most a quarter stays whole: the mark would take as much room.
    """
    left, tail = len(text) - longest, longest // 4
    if left <= tail:
        return text
    return f"{text[: longest - tail]}[… {left} characters …]{text[-tail:]}"


def plain(phrase: Phrase) -> str:
    """Return a phrase for a terminal."""
    return "".join(pieces(phrase, visible, lambda text: visible(text, LONGEST_PROSE)))


def pieces(
    phrase: Phrase, value: Callable[[str], str], prose: Callable[[str], str]
) -> Iterator[str]:
    """List the pieces of a phrase as texts; *value* and *prose* escape those of the input."""
    for piece in phrase:
        if isinstance(piece, str):
            yield piece
        else:
            yield value(piece.text) if isinstance(piece, Quoted) else prose(piece.text)


def split_ticked(text: str) -> list[tuple[str, bool]]:
    """Split a sentence at its backticks; True marks a part that stood between them."""
    parts = _TICKED.split(text)
    return [(part, index % 2 == 1) for index, part in enumerate(parts) if part]


def listed(values: Sequence[str], most: int) -> Phrase:
    """Return the first values, and the number of the others; one more is listed, not counted."""
    more = len(values) - most
    shown = values if more <= 1 else values[:most]
    tail = () if more <= 1 else (f" and {more} more",)
    return (*separated([(Quoted(value),) for value in shown], ", "), *tail)


def separated(phrases: Iterable[Phrase], separator: str) -> Phrase:
    """Join phrases with a separator."""
    found: list[str | Quoted | Prose] = []
    for phrase in phrases:
        found += [separator, *phrase] if found else phrase
    return tuple(found)


def number(count: int, noun: str) -> str:
    """Return a number with its noun: `1 repository with images`, `2 repositories with images`."""
    if count == 1:
        return f"1 {noun}"
    head, _space, tail = noun.partition(" with ")
    plural = f"{head[:-1]}ies" if re.search("[^aeiou]y$", head) else f"{head}s"
    return f"{count} {plural} with {tail}" if tail else f"{count} {plural}"


@dataclass(frozen=True, slots=True)
class PhraseLine:
    """
    A line of an item.

    Attributes:
        mark: New, gone, changed, or none.
        phrase: Its text.
    """

    mark: Mark
    phrase: Phrase


@dataclass(frozen=True, slots=True)
class Item:
    """
    One thing that a report says.

    Attributes:
        head: Its subject.
        lines: The lines about it, the most important first.
        mark: New, gone, changed, or none.
    """

    head: Phrase
    lines: tuple[PhraseLine, ...] = ()
    mark: Mark = ""
