"""
The parts of a policy's text: plain text, variables of IAM, references of Terraform.

A reference is an opaque symbol. Its value is not known, so it equals the same reference and
nothing else for certain. Variables of IAM have a `:` in their name, or are one of `${*}`, `${?}`
and `${$}`; everything else in `${…}` is Terraform's.

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
The longest value that is looked into, in characters; a longer one is an opaque symbol.

A whole bucket policy has at most 20 KB, IAM's policies have less, and no value fills the 32 KB of a
key policy; the claims of a token are shorter too.
"""
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/add-bucket-policy.html
# A variable has one `:`, as in `aws:username`; `provider::aws::…` is a function of Terraform.
_VARIABLE = re.compile(r"\$\{([*?$]|[\w./-]+:(?!:)[^{}]*)\}")
_WILDCARD = re.compile(r"[*?]")
# A text in quotes may hold braces. One without an end takes the rest, and `*+` gives nothing back,
# so that no character is read twice.
_STEP = re.compile(r'[{}]|"(?:[^"\\]|\\.)*+(?:"|\\?\Z)', re.DOTALL)


@dataclass(frozen=True, slots=True)
class PolicyVariable:
    """A variable of IAM; *name* is the text in the braces."""

    name: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference of Terraform with its braces, or another text that is opaque."""

    text: str


Piece = str | PolicyVariable | Reference


def split_text(text: str) -> Iterator[Piece]:
    """Split *text* into pieces, which in their order are the whole text."""
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


def has_wildcard(text: str) -> bool:
    """Whether *text* has a `*` or a `?`, which under some operators stand for other characters."""
    return "*" in text or "?" in text


def is_out_of_reach(pattern: str, text: str) -> bool:
    """
    Whether a pattern with wildcards cannot match, by its beginning or its length alone.

    Most statements of a role name another resource than the request, and this is how it is seen.
    """
    if not is_plain(pattern) or len(text) > LONGEST:
        return False
    start = _WILDCARD.split(pattern, maxsplit=1)[0]
    # Behind its first reference a text may be anything, also nothing.
    head, reference, _ = text.partition("${")
    if reference:
        return not head.startswith(start[: len(head)])
    return not text.startswith(start) or len(pattern) - pattern.count("*") > len(text)


def has_reference(text: str) -> bool:
    """Whether *text* holds a reference of Terraform."""
    return "${" in text and any(isinstance(piece, Reference) for piece in split_text(text))


def symbols(text: str) -> Sequence[str | Reference]:
    """Return a text of a request as characters and references; a request holds no variables."""
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
    """Return the end of the reference that begins at *opening*; 0 when it has none."""
    depth = 0
    for step in _STEP.finditer(text, opening + 1):
        depth += {"{": 1, "}": -1}.get(step[0], 0)
        if not depth:
            return step.end()
    return 0
