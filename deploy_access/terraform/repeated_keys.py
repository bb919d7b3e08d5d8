"""
The keys that an object in an expression has twice.

Terraform takes the last one and says nothing, so a condition that was written first is gone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deploy_access.terraform.hcl_tokens import Token

_OPENING, _CLOSING = {"(", "[", "{"}, {")", "]", "}"}


@dataclass(slots=True)
class _Open:
    """
    A bracket that is open.

    Attributes:
        sign: The bracket.
        keys: The keys so far, where it is an object.
        step: The key or the number of the member that is being read, as a path has it.
        is_key_next: Whether a key comes next.
        number: The number of that member.
    """

    sign: str
    keys: set[str] = field(default_factory=set[str])
    step: str = ""
    is_key_next: bool = False
    number: int = 0


def repeated_keys(tokens: Sequence[Token], start: int, end: int) -> Iterator[tuple[str, int]]:
    """
    List each key that stands twice in one object, as its path in the value, and where.

    Args:
        tokens: The tokens of a file.
        start: The number of the first one of a value.
        end: The number of the one after its last.
    """
    opened: list[_Open] = []
    for at in range(start, end):
        token = tokens[at]
        if token.kind == "sign" and token.text in _OPENING:
            step = "[0]" if token.text == "[" else ""
            opened.append(_Open(token.text, step=step, is_key_next=token.text == "{"))
        elif not opened:
            continue
        elif token.kind == "sign" and token.text in _CLOSING:
            opened.pop()
        elif token.kind == "newline" or token.text == ",":
            _next_member(opened[-1], token)
        elif opened[-1].is_key_next and (key := _key(tokens, at)) is not None:
            opened[-1].step = f".{key}"
            if key in opened[-1].keys:
                yield "".join(one.step for one in opened), token.start
            opened[-1].keys.add(key)
        if opened and token.kind != "newline" and token.text not in {",", "{"}:
            opened[-1].is_key_next = False


def _next_member(inside: _Open, token: Token) -> None:
    if inside.sign == "{":
        inside.is_key_next = True
    elif inside.sign == "[" and token.text == ",":
        inside.number += 1
        inside.step = f"[{inside.number}]"


def _key(tokens: Sequence[Token], at: int) -> str | None:
    """Return the key that stands here; None for one that is computed, and for no key."""
    token = tokens[at]
    if tokens[at + 1].text not in {"=", ":"} or token.kind not in {"name", "string"}:
        return None
    if token.kind == "name":
        return token.text
    return None if "${" in token.text else token.text[1:-1]
