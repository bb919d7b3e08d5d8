"""Comparing plain text with a pattern in which `*` and `?` are the only special characters."""

from __future__ import annotations

from deploy_access.iam.patterns import Wild, match_tokens

_WILD = {"*": Wild.ANY, "?": Wild.ONE}


def matches_plain(pattern: str, text: str) -> bool:
    """
    Whether the whole of *text* is matched: `*` is any text, `?` any one character.

    Each piece between two `*` is taken where it comes first, which leaves most to the next one.
    """
    if "?" in pattern:
        if len(pattern) - pattern.count("*") > len(text):
            return False
        return match_tokens([_WILD.get(symbol, symbol) for symbol in pattern], text)
    start, *pieces = pattern.split("*")
    if not pieces:
        return start == text
    end = pieces.pop()
    if len(start) + len(end) > len(text) or not (text.startswith(start) and text.endswith(end)):
        return False
    at, last = len(start), len(text) - len(end)
    for piece in pieces:
        at = text.find(piece, at, last)
        if at < 0:
            return False
        at += len(piece)
    return True
