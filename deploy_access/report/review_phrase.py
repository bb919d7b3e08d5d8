"""Sentences that keep our words apart from the values of others, until a renderer joins them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence


LONGEST = 160
"""How many characters of a value are shown; what is left out is left out of its middle."""
LONGEST_PROSE = 640
"""How many of a sentence."""
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""What Unicode counts as printable, and nobody sees."""
_BASIC = 0xFFFF
_TICKED = re.compile(r"`([^`]+)`")


Mark = Literal["+", "-", "~", ""]
"""What a line is about: something new, something gone, something that changed."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """A value as the files have it: a name, an ARN, an action."""

    text: str


@dataclass(frozen=True, slots=True)
class Prose:
    """A sentence with values of others in it; what stands between backticks is one."""

    text: str


Phrase = tuple[str | Quoted | Prose, ...]
"""A text is ours and goes out as it is; the others are escaped by whoever renders them."""


def visible(text: str, longest: int = LONGEST) -> str:
    r"""
    Show a value on one line, with nothing in it that cannot be seen.

    What is much too long loses its middle, as the end of a subject or an ARN says how wide it is.
    Control characters, marks that turn the direction of writing, invisible spaces and halves of
    surrogate pairs are written as `\u202e`.
    """
    return "".join(_shown(char) for char in cut(text, longest))


def cut(text: str, longest: int) -> str:
    """
    Leave out the middle of what is too long, and say how much it is.

    What is too long by a quarter at most stays whole: the mark takes as much room.
    """
    left, tail = len(text) - longest, longest // 4
    if left <= tail:
        return text
    return f"{text[: longest - tail]}[… {left} characters …]{text[-tail:]}"


def plain(phrase: Phrase) -> str:
    """Join a phrase for a terminal."""
    return "".join(pieces(phrase, visible, lambda text: visible(text, LONGEST_PROSE)))


def pieces(
    phrase: Phrase, value: Callable[[str], str], prose: Callable[[str], str]
) -> Iterator[str]:
    """Show each piece of a phrase; *value* and *prose* say how those of others are shown."""
    for piece in phrase:
        if isinstance(piece, str):
            yield piece
        else:
            yield value(piece.text) if isinstance(piece, Quoted) else prose(piece.text)


def split_ticked(text: str) -> list[tuple[str, bool]]:
    """Split a sentence into its words and what stands in backticks, which is told by True."""
    parts = _TICKED.split(text)
    return [(part, index % 2 == 1) for index, part in enumerate(parts) if part]


def listed(values: Sequence[str], most: int) -> Phrase:
    """List values, and count those that are too many."""
    more = len(values) - most
    shown = values if more <= 1 else values[:most]
    tail = () if more <= 1 else (f" and {more} more",)
    return (*separated([(Quoted(value),) for value in shown], ", "), *tail)


def separated(phrases: Iterable[Phrase], separator: str) -> Phrase:
    """Put a separator of ours between phrases."""
    found: list[str | Quoted | Prose] = []
    for phrase in phrases:
        found += [separator, *phrase] if found else phrase
    return tuple(found)


def _shown(char: str) -> str:
    if char.isprintable() and not _UNSEEN.match(char):
        return char
    code = ord(char)
    return f"\\u{code:04x}" if code <= _BASIC else f"\\U{code:08x}"


def number(count: int, noun: str) -> str:
    """Count in words: `1 repository with images`, `2 repositories with images`."""
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
        mark: What happens to it.
        phrase: What it says.
    """

    mark: Mark
    phrase: Phrase


@dataclass(frozen=True, slots=True)
class Item:
    """
    One thing that a report says.

    Attributes:
        head: What it is about.
        lines: What there is to say about it, what matters most first.
        mark: What happens to it, where it has a mark itself.
    """

    head: Phrase
    lines: tuple[PhraseLine, ...] = ()
    mark: Mark = ""
