"""Several patterns as one machine that reads a text letter by letter."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from typing import TYPE_CHECKING

from deploy_access.iam.patterns import Wild
from deploy_access.iam.references import Reference

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from deploy_access.iam.patterns import Token

Symbol = str | Reference
Pattern = tuple["Token", ...]
_STARS = frozenset({Wild.ANY, Wild.ANY_IN_PART})
_WILD = (*_STARS, Wild.ONE, Wild.ONE_IN_PART)
# What becomes these letters in lower case, beside their own capitals.
_LIKE = {"k": "\u212a", "\u00e5": "\u212b", "\u03c9": "\u2126"}


@dataclass(frozen=True, eq=False)
class Texts:
    """
    The texts of a list, and those that any one of some patterns matches.

    Attributes:
        plain: Texts as they are, in which case matters.
        patterns: The patterns.
        ignore_case: Whether case does not matter in the patterns.
    """

    plain: frozenset[str] = frozenset()
    patterns: tuple[Pattern, ...] = ()
    ignore_case: bool = False

    @cached_property
    def members(self) -> frozenset[Pattern]:
        """The patterns, in no order."""
        return frozenset(self.patterns)

    @cached_property
    def is_open(self) -> bool:
        """Whether something in them is not known."""
        return any(isinstance(token, Reference) for p in self.patterns for token in p)

    @cached_property
    def machine(self) -> Machine:
        """The machine of all of them."""
        return Machine([*map(tuple, sorted(self.plain)), *self.patterns], self.ignore_case)

    @cached_property
    def _machine_of_patterns(self) -> Machine:
        return Machine(self.patterns, self.ignore_case)

    @cached_property
    def _beginnings(self) -> tuple[str, ...]:
        """What a text must begin with to match, where case matters."""
        starts = (takewhile(lambda one: isinstance(one, str), p) for p in self.patterns)
        return ("",) if self.ignore_case else tuple("".join(map(str, start)) for start in starts)

    def match(self, text: Sequence[Symbol]) -> bool:
        """Whether *text* is one of them."""
        if isinstance(text, str):
            if text in self.plain:
                return True
            if not text.startswith(self._beginnings):
                return False
        return bool(self.patterns) and self._machine_of_patterns.matches(text)

    def are_within(self, other: Texts) -> bool:
        """Whether *other* has all of them, word for word; there may be other reasons."""
        return (
            (self.ignore_case == other.ignore_case or not self.patterns)
            and self.plain <= other.plain
            and self.members <= other.members
        )


class Machine:
    """
    The places of all patterns, each one bit; several can be reached at once.

    Attributes:
        start: Where it begins.
        end: The places at which a pattern has matched.
        letters: Every letter that a pattern names, and every symbol.
    """

    def __init__(self, patterns: Iterable[Pattern], ignore_case: bool) -> None:
        self._ignore_case = ignore_case
        self._tokens: list[Token | None] = []
        self._bits: defaultdict[Token, int] = defaultdict(int)
        self.start = self.end = 0
        for pattern in patterns:
            self.start |= 1 << len(self._tokens)
            self._add(pattern)
        self._any_stays = self._bits[Wild.ANY]
        self._stars = self._any_stays | self._bits[Wild.ANY_IN_PART]
        self._wild = sum(self._bits[wild] for wild in _WILD)
        self.start = self._past_stars(self.start)
        self.letters = {symbol for token in self._tokens for symbol in self._spellings(token)}

    def _add(self, pattern: Iterable[Token]) -> None:
        before: Token | None = None
        for token in pattern:
            name = token.lower() if self._ignore_case and isinstance(token, str) else token
            if name in _STARS and before in _STARS:
                self._widen(name)
            else:
                self._bits[name] |= 1 << len(self._tokens)
                self._tokens.append(name)
            before = self._tokens[-1]
        self.end |= 1 << len(self._tokens)
        self._tokens.append(None)

    def _widen(self, star: Token) -> None:
        """Make one `*` of two in a row, the wider of them."""
        place = len(self._tokens) - 1
        if star is Wild.ANY and self._tokens[place] is not Wild.ANY:
            self._bits[Wild.ANY_IN_PART] &= ~(1 << place)
            self._bits[Wild.ANY] |= 1 << place
            self._tokens[place] = Wild.ANY

    def after(self, places: int, symbol: Symbol) -> int:
        """Read one symbol."""
        if not places:
            return 0
        name = symbol.lower() if self._ignore_case and isinstance(symbol, str) else symbol
        stays, steps = self._any_stays, self._bits.get(name, 0)
        if isinstance(symbol, str):
            steps |= self._bits[Wild.ONE]
            if symbol != ":":
                stays = self._stars
                steps |= self._bits[Wild.ONE_IN_PART]
        return self._past_stars((places & stays) | (places & steps) << 1)

    def _past_stars(self, places: int) -> int:
        return places | (places & self._stars) << 1

    def matches(self, text: Iterable[Symbol]) -> bool:
        """Whether a pattern matches the whole of *text*."""
        places = self.start
        for symbol in text:
            places = self.after(places, symbol)
        return bool(places & self.end)

    def is_wild_at(self, places: int) -> bool:
        """Whether letters that nobody names lead on from here."""
        return bool(places & self._wild)

    def next_letters(self, places: int) -> Iterator[Symbol]:
        """List the letters and symbols that are named here."""
        left = places & ~self._wild & ~self.end
        while left:
            bit = left & -left
            left ^= bit
            yield from self._spellings(self._tokens[bit.bit_length() - 1])

    def _spellings(self, token: Token | None) -> Iterable[Symbol]:
        if token is None or isinstance(token, Wild):
            return ()
        if self._ignore_case and isinstance(token, str):
            return (token, token.upper(), *_LIKE.get(token, ()))
        return (token,)
