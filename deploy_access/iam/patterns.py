"""
How IAM compares text: character by character, with wildcards where they are allowed.

All places of the pattern at which the text read so far can stand are kept as the bits of one
number, so the time grows with the length of the text, whatever the pattern is.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypeVar, cast

from deploy_access.iam.comparison import Comparison, comparison_of
from deploy_access.iam.references import Reference

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Wild(Enum):
    """A wildcard of a pattern."""

    ANY = "*"
    """Any text, also none."""
    ONE = "?"
    """Any one character."""
    ANY_IN_PART = "* within a part"
    """Any text without a `:`."""
    ONE_IN_PART = "? within a part"
    """Any one character but `:`."""


Token = str | Wild | Reference
"""One character, or what stands in the place of some."""
_Symbol = TypeVar("_Symbol", bound=Token)
_STARS = {Wild.ANY, Wild.ANY_IN_PART}


def has_wildcard(text: str) -> bool:
    """Whether *text* has a `*` or a `?`, which under some operators stand for other characters."""
    return "*" in text or "?" in text


def lowered(tokens: Sequence[_Symbol]) -> Sequence[_Symbol]:
    """Read in lower case; references are names of Terraform's and stay as they are."""
    if isinstance(tokens, str):
        return cast("Sequence[_Symbol]", tokens.lower())
    return [cast("_Symbol", token.lower()) if isinstance(token, str) else token for token in tokens]


def compare_text(pattern: Sequence[Token], text: Sequence[str | Reference]) -> Comparison:
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
    if match_tokens(pattern, text):
        return Comparison.EQUAL
    if not open_ended:
        return Comparison.DIFFERENT
    filled_in = [Wild.ANY if isinstance(token, Reference) else token for token in pattern]
    possible = _Places.of(filled_in).reach_end(text, filled_in=True)
    return Comparison.UNKNOWN if possible else Comparison.DIFFERENT


def match_tokens(pattern: Sequence[Token], text: Sequence[str | Reference]) -> bool:
    """Whether *text* is matched as it stands: a reference equals itself and nothing else."""
    return _Places.of(pattern).reach_end(text)


@dataclass(frozen=True, slots=True)
class _Places:
    """
    The places of a pattern; place `i` is before token `i`, and the last is its end.

    Attributes:
        end: The bit of the last place.
        any_stays: Those at which any character leaves a text where it stands.
        part_stays: Those at which any character but `:` does.
        any_steps: Places that any one character leads on from.
        part_steps: Places that any one character but `:` leads on from.
        steps: Places that this character or reference leads on from.

    """

    end: int
    any_stays: int
    part_stays: int
    any_steps: int
    part_steps: int
    steps: Mapping[str | Reference, int]

    @classmethod
    def of(cls, pattern: Sequence[Token]) -> _Places:
        """Number the places of *pattern*."""
        tokens = _without_double_stars(pattern)
        steps: dict[Token, int] = {}
        for place, token in enumerate(tokens):
            steps[token] = steps.get(token, 0) | 1 << place
        return cls(
            end=1 << len(tokens),
            any_stays=steps.get(Wild.ANY, 0),
            part_stays=steps.get(Wild.ANY_IN_PART, 0),
            any_steps=steps.get(Wild.ONE, 0),
            part_steps=steps.get(Wild.ONE_IN_PART, 0),
            steps={token: bits for token, bits in steps.items() if not isinstance(token, Wild)},
        )

    def reach_end(self, text: Sequence[str | Reference], *, filled_in: bool = False) -> bool:
        """
        Whether the whole of *text* leads from the first place to the last.

        Args:
            text: Characters and references.
            filled_in: Whether a reference may become any text; otherwise it is one symbol.

        """
        places = self._past_stars(1)
        for item in text:
            if not places:
                return False
            if filled_in and isinstance(item, Reference):
                places = 2 * self.end - (places & -places)
            else:
                places = self._past_stars(self._after(places, item))
        return bool(places & self.end)

    def _after(self, places: int, item: str | Reference) -> int:
        stays, steps = self.any_stays, self.steps.get(item, 0)
        if isinstance(item, str):
            steps |= self.any_steps
            if item != ":":
                stays |= self.part_stays
                steps |= self.part_steps
        return (places & stays) | (places & steps) << 1

    def _past_stars(self, places: int) -> int:
        return places | (places & (self.any_stays | self.part_stays)) << 1


def _without_double_stars(pattern: Sequence[Token]) -> list[Token]:
    """Make one `*` of several in a row, so that no two places are passed over at once."""
    found: list[Token] = []
    for token in pattern:
        if found and found[-1] in _STARS and token in _STARS:
            found[-1] = Wild.ANY if Wild.ANY in {token, found[-1]} else token
        else:
            found.append(token)
    return found
