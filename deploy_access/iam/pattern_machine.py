"""
Patterns as a machine that reads a text character by character: the one matcher of `*` and `?`.

All places of the patterns at which the text read so far can stand are kept as the bits of one
number, so the time grows with the length of the text, whatever the patterns are. The search for a
text that some patterns match and others do not walks over the same places.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from deploy_access.iam.references import Reference

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


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


Symbol = str | Reference
"""One character, or what stands in the place of some."""
Token = Symbol | Wild
Pattern = tuple[Token, ...]
_STARS = frozenset({Wild.ANY, Wild.ANY_IN_PART})
# Other characters whose lower case is one of these letters: the Kelvin, Angstrom and Ohm signs.
_LIKE = {"k": "\u212a", "\u00e5": "\u212b", "\u03c9": "\u2126"}


class Machine:
    """
    The places of all patterns, each one bit; several can be reached at once.

    A place is before a token of a pattern, and the last one of each pattern is its end.

    Attributes:
        start: Where it begins.
        end: The places at which a pattern has matched.
        weight: What it costs to read a symbol: 1, and more where the places are very many.
    """

    def __init__(self, patterns: Iterable[Sequence[Token]], *, ignore_case: bool = False) -> None:
        self._ignore_case = ignore_case
        self._tokens: list[Token | None] = []
        self._spans: list[tuple[int, int]] = []
        for pattern in patterns:
            self._add(pattern)
        # For each token the places before it; None is the token at the end of a pattern.
        steps: dict[Token | None, int] = {}
        for place, token in enumerate(self._tokens):
            steps[token] = steps.get(token, 0) | 1 << place
        self.end = steps.pop(None, 0)
        self._steps = steps
        self._any_stays = steps.get(Wild.ANY, 0)
        self._stars = self._any_stays | steps.get(Wild.ANY_IN_PART, 0)
        self._any_steps = steps.get(Wild.ONE, 0)
        self._part_steps = self._any_steps | steps.get(Wild.ONE_IN_PART, 0)
        # A star may stand for no text, so the place after it is reached at once.
        first = sum(first for first, _ in self._spans)
        # Measured: the places of one number cost twice the time from some 2,000 on.
        self.weight = 1 + len(self._tokens) // 2000
        self.start = first | (first & self._stars) << 1

    def _add(self, pattern: Sequence[Token]) -> None:
        """
        Number the places of a pattern; of stars in a row only the widest has one.

        So a star is never before a star, and one shift passes over all stars.
        """
        tokens = self._tokens
        first = 1 << len(tokens)
        before: Token | None = None
        for token in pattern:
            name = token.lower() if self._ignore_case and isinstance(token, str) else token
            if name in _STARS and before in _STARS:
                tokens[-1] = before = Wild.ANY if Wild.ANY in {name, before} else name
            else:
                tokens.append(name)
                before = name
        self._spans.append((first, 1 << len(tokens)))
        tokens.append(None)

    def after(self, places: int, symbol: Symbol) -> int:
        """Return the places that are reached from *places* by one symbol."""
        if not places:
            return 0
        stays, name = self._any_stays, symbol
        if isinstance(symbol, str):
            if self._ignore_case:
                name = symbol.lower()
            if symbol == ":":
                steps = self._any_steps
            else:
                stays, steps = self._stars, self._part_steps
            steps |= self._steps.get(name, 0)
        else:
            steps = self._steps.get(name, 0)
        # A place at a star stays there; a place before a token that the symbol matches moves on by
        # one bit. All places of all patterns do so in the same few operations.
        reached = (places & stays) | (places & steps) << 1
        return reached | (reached & self._stars) << 1

    def matches(self, text: Iterable[Symbol]) -> bool:
        """Whether a pattern matches the whole of *text*, in which a reference is one symbol."""
        places = self.start
        for symbol in text:
            places = self.after(places, symbol)
            if not places:
                return False
        return bool(places & self.end)

    def may_match(self, text: Iterable[Symbol]) -> bool:
        """Whether a pattern matches *text* when each reference in it may become any text."""
        places = self.start
        for symbol in text:
            if isinstance(symbol, Reference):
                places = self._anywhere_after(places)
            else:
                places = self.after(places, symbol)
        return bool(places & self.end)

    def _anywhere_after(self, places: int) -> int:
        """Reach every later place of the patterns that have not failed."""
        found = 0
        for first, end in self._spans:
            # Of two powers of two, `2 * end - first` has all bits from *first* to *end*.
            here = places & (2 * end - first)
            if here:
                # `here & -here` is the lowest bit that is set: all from it to the end.
                found |= 2 * end - (here & -here)
        return found

    @property
    def letters(self) -> frozenset[Symbol]:
        """Every letter that a pattern names, and every symbol."""
        return frozenset(symbol for token in self._steps for symbol in self._spellings(token))

    def is_wild_at(self, places: int) -> bool:
        """Whether letters that no pattern names lead on from here."""
        return bool(places & (self._stars | self._part_steps))

    def next_letters(self, places: int) -> tuple[Symbol, ...]:
        """List the letters and symbols that are named here."""
        left = places & ~(self._stars | self._part_steps | self.end)
        # Policies full of `*` stand at thousands of places at once, before the same few letters.
        if left.bit_count() > len(self._steps):
            named = (token for token, before in self._steps.items() if before & left)
        else:
            named = (self._tokens[place] for place in _bits(left))
        return tuple(symbol for token in named for symbol in self._spellings(token))

    def _spellings(self, token: Token | None) -> Iterable[Symbol]:
        if token is None or isinstance(token, Wild):
            return ()
        if self._ignore_case and isinstance(token, str):
            return (token, token.upper(), *_LIKE.get(token, ()))
        return (token,)


def _bits(number: int) -> Iterator[int]:
    while number:
        bit = number & -number
        number ^= bit
        yield bit.bit_length() - 1
