"""
What a text of a policy is made of: plain text, IAM's variables, and Terraform's references.

A reference is an opaque symbol: what Terraform puts there is not known, so it equals the same
reference and nothing else for certain. IAM's variables have a `:` in their name, or are one of
`${*}`, `${?}` and `${$}`; everything else in `${…}` is Terraform's.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LONGEST = 20_480
"""
The longest text that is looked into, in characters; a longer one is an opaque symbol.

It is what the largest policy that AWS takes has room for, that of a bucket, and more than the
longest token.
"""
# `provider::aws::…` is a function of Terraform.
_VARIABLE = re.compile(r"\$\{([*?$]|[\w./-]+:(?!:)[^{}]*)\}")
_WILDCARD = re.compile(r"[*?]")
# A text in quotes may hold braces; one without an end takes the rest, so nothing is read twice.
_STEP = re.compile(r'[{}]|"(?:[^"\\]|\\.)*+(?:"|\\?\Z)', re.DOTALL)


@dataclass(frozen=True, slots=True)
class PolicyVariable:
    """A variable of IAM: *name* is what stands in the braces."""

    name: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference of Terraform, with its braces, or whatever else is opaque."""

    text: str


Piece = str | PolicyVariable | Reference


def split_text(text: str) -> Iterator[Piece]:
    """Take *text* apart; the pieces in order are the whole of it."""
    if len(text) > LONGEST:
        yield Reference(text)
        return
    start = 0
    while (opening := text.find("${", start)) >= 0:
        piece, end = _piece(text, opening)
        if piece is None:
            break
        if opening > start:
            yield text[start:opening]
        yield piece
        start = end
    if start < len(text):
        yield text[start:]


def is_plain(text: str) -> bool:
    """Whether every character of *text* stands for itself."""
    return "${" not in text and len(text) <= LONGEST


def is_out_of_reach(pattern: str, text: str) -> bool:
    """Whether a pattern with wildcards is seen at a glance not to match, as most do not."""
    if not is_plain(pattern) or not is_plain(text):
        return False
    start = _WILDCARD.split(pattern, maxsplit=1)[0]
    return not text.startswith(start) or len(pattern) - pattern.count("*") > len(text)


def has_reference(text: str) -> bool:
    """Whether Terraform fills in a part of *text*."""
    return "${" in text and any(isinstance(piece, Reference) for piece in split_text(text))


def symbols(text: str) -> Sequence[str | Reference]:
    """Read a text of a request: characters and references; a request holds no variables."""
    if is_plain(text):
        return text
    found: list[str | Reference] = []
    for piece in split_text(text):
        if isinstance(piece, PolicyVariable):
            found.extend(f"${{{piece.name}}}")
        elif isinstance(piece, Reference):
            found.append(piece)
        else:
            found.extend(piece)
    return found


def _piece(text: str, opening: int) -> tuple[Piece | None, int]:
    variable = _VARIABLE.match(text, opening)
    if variable:
        return PolicyVariable(variable[1]), variable.end()
    end = _closing(text, opening)
    return (Reference(text[opening:end]), end) if end else (None, 0)


def _closing(text: str, opening: int) -> int:
    """Find the end of the reference that begins at *opening*; 0 when it has none."""
    depth = 0
    for step in _STEP.finditer(text, opening + 1):
        depth += {"{": 1, "}": -1}.get(step[0], 0)
        if not depth:
            return step.end()
    return 0
