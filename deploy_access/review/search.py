"""A search for a text, the shortest first, that some machines accept and others do not."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deploy_access.review.machine import Machine, Symbol

MOST_STATES = 1500
"""How far one search goes; policies that people write need some hundred states."""
_OTHERS = "x0yzwvutsrqponmlkjihgfedcba987654321_-XYZWVUTSRQPONMLKJIHGFEDCBA~\u00b7\u2026\u203b"


class Work:
    """
    Counts the steps of all searches, so that a hostile policy does not take forever.

    Attributes:
        steps: How many machines have read a symbol until now.
    """

    steps = 0


class TooManyStatesError(Exception):
    """The search was given up: the patterns are too entangled."""


class Search:
    """
    All machines side by side.

    Args:
        machines: Those that must end first, then those that must not.
        wanted: How many must.
    """

    def __init__(self, machines: Sequence[Machine], wanted: int) -> None:
        self._machines = machines
        self._wanted = wanted
        letters = {letter for machine in machines for letter in machine.letters}
        self._other = next(letter for letter in _OTHERS if letter not in letters)

    def run(self, *, empty: bool) -> tuple[Symbol, ...] | None:
        """Search, the shortest texts first."""
        start = tuple(machine.start for machine in self._machines)
        seen: dict[tuple[int, ...], tuple[tuple[int, ...], Symbol] | None] = {start: None}
        waiting = deque([start])
        if empty and self._ends(start):
            return ()
        while waiting:
            here = waiting.popleft()
            for symbol, there in self._after(here):
                if there not in seen:
                    seen[there] = (here, symbol)
                    if self._ends(there):
                        return _way(seen, there)
                    waiting.append(there)
                elif there == start and not empty and self._ends(start):
                    return (*_way(seen, here), symbol)
            if len(seen) > MOST_STATES:
                raise TooManyStatesError
        return None

    def _after(self, here: tuple[int, ...]) -> Iterator[tuple[Symbol, tuple[int, ...]]]:
        symbols = self._symbols(here)
        Work.steps += len(symbols) * len(here)
        for symbol in symbols:
            there = tuple(
                machine.after(places, symbol)
                for machine, places in zip(self._machines, here, strict=True)
            )
            if all(there[: self._wanted]):
                yield symbol, there

    def _symbols(self, here: tuple[int, ...]) -> Sequence[Symbol]:
        """List what can make a difference next: what is named, a `:`, and any one other."""
        found: dict[Symbol, None] = {}
        is_wild = True
        for place, (machine, places) in enumerate(zip(self._machines, here, strict=True)):
            found |= dict.fromkeys(machine.next_letters(places))
            if place < self._wanted and not machine.is_wild_at(places):
                is_wild = False
        return sorted(found | ({self._other: None, ":": None} if is_wild else {}), key=_order)

    def _ends(self, places: tuple[int, ...]) -> bool:
        ends = [bool(m.end & at) for m, at in zip(self._machines, places, strict=True)]
        return all(ends[: self._wanted]) and not any(ends[self._wanted :])


def _order(symbol: Symbol) -> tuple[bool, bool, str]:
    """Prefer letters to signs, and all of them to what is not known."""
    is_known = isinstance(symbol, str)
    return (not is_known, not (is_known and symbol.isalnum()), str(symbol))


def _way(
    seen: dict[tuple[int, ...], tuple[tuple[int, ...], Symbol] | None], end: tuple[int, ...]
) -> tuple[Symbol, ...]:
    found: list[Symbol] = []
    step = seen[end]
    while step is not None:
        here, symbol = step
        found.append(symbol)
        step = seen[here]
    return tuple(reversed(found))
