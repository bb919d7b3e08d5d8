"""One thing that a report says: a head, and lines that belong to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from deploy_access.report.review_phrase import Phrase

Mark = Literal["+", "-", "~", ""]
"""What a line is about: something new, something gone, something that changed."""


@dataclass(frozen=True, slots=True)
class Line:
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
    lines: tuple[Line, ...] = ()
    mark: Mark = ""
