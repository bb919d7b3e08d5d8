"""
How IAM compares text: character by character, with wildcards where they are allowed.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar, cast

from deploy_access.iam.comparison import Comparison, comparison_of
from deploy_access.iam.pattern_machine import Machine, Symbol, Token, Wild
from deploy_access.iam.references import Reference

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WILDCARDS: Mapping[str, Wild] = {"*": Wild.ANY, "?": Wild.ONE}
_Token = TypeVar("_Token", bound=Token)
_STARS = {Wild.ANY, Wild.ANY_IN_PART}


def lowered(tokens: Sequence[_Token]) -> Sequence[_Token]:
    """Read in lower case; references are names of Terraform's and stay as they are."""
    if isinstance(tokens, str):
        return cast("Sequence[_Token]", tokens.lower())
    return [cast("_Token", token.lower()) if isinstance(token, str) else token for token in tokens]


def compare_text(pattern: Sequence[Token], text: Sequence[Symbol]) -> Comparison:
    """
    Compare the whole of *text* with *pattern*.

    They are equal when they are whatever Terraform puts into their references, and different when
    nothing that it can put there makes them equal.
    """
    if isinstance(pattern, str) and isinstance(text, str):
        return comparison_of(equal=pattern == text)
    open_ended = any(isinstance(item, Reference) for item in (*pattern, *text))
    if not open_ended and sum(token not in _STARS for token in pattern) > len(text):
        return Comparison.DIFFERENT
    if Machine([pattern]).matches(text):
        return Comparison.EQUAL
    if not open_ended:
        return Comparison.DIFFERENT
    filled_in = [Wild.ANY if isinstance(token, Reference) else token for token in pattern]
    possible = Machine([filled_in]).may_match(text)
    return Comparison.UNKNOWN if possible else Comparison.DIFFERENT


def matches_plain(pattern: str, text: str) -> bool:
    """
    Whether the whole of *text* is matched: `*` is any text, `?` any one character.

    Most patterns have a `*` or two and no `?`; they are compared piece by piece. Each piece
    between two `*` is taken where it comes first, which leaves most to the next one.
    """
    start, *pieces = pattern.split("*")
    if "?" in pattern:
        return _matches_with_one(pattern, text)
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


def covers_pattern(wide: str, narrow: str) -> bool:
    """
    Whether *wide* matches every text that *narrow* does, read letter by letter.

    It says no where a `?` of *wide* would have to stand for a `*`, which may be any text.
    """
    any_text = Reference("*")
    return _machine(wide).matches(any_text if one == "*" else one for one in narrow)


def _matches_with_one(pattern: str, text: str) -> bool:
    if len(pattern) - pattern.count("*") > len(text):
        return False
    return _machine(pattern).matches(text)


# Few, as each may have as many places as the longest policy has characters.
@lru_cache(maxsize=64)
def _machine(pattern: str) -> Machine:
    return Machine([[WILDCARDS.get(symbol, symbol) for symbol in pattern]])


def one_match(pattern: str) -> str:
    """Return a text that a pattern matches; of a text without wildcards itself."""
    return pattern.replace("*", "x").replace("?", "x")
