"""
The search for a text that some patterns match and others do not.

All patterns read a text side by side, each as an automaton whose state is the set of places that it
can have reached. The states of all of them together are searched breadth-first, so the text that is
found is a shortest one, and the answer is exact, also where several patterns together cover one.

A reference of Terraform and a variable of IAM are symbols of their own: such a symbol equals
itself, `*` matches it, and nothing else does.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from deploy_access.access_diff.pattern_set import Texts
from deploy_access.iam.pattern_machine import Wild
from deploy_access.iam.references import Reference

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deploy_access.iam.pattern_machine import Machine, Symbol


Text = Sequence[str | Reference]
"""Characters, and symbols for what is not known; a `str` where all is known."""
_SHORTEST: dict[object, str] = {
    Wild.ANY: "",
    Wild.ANY_IN_PART: "",
    Wild.ONE: "x",
    Wild.ONE_IN_PART: "x",
}
# A whole text is read without a look at what may come next, and most are refused at the beginning.
_READ_AT_ONCE = 32
_ANY = Texts(patterns=((Wild.ANY,),))


MOST_STATES = 1500
"""
The states that one search may visit; beyond them its answer is `perhaps`.

The example estate takes 65, a policy of 10,240 characters with a `*` in each resource 42. Patterns
with several `*` in one part multiply: fifty of them that are narrowed at once come to the end.
"""
MOST_STEPS = 400_000
"""
The steps that one answer may cost, in all its searches; beyond them it is `perhaps`.

Policies of 10,240 characters, as much as a role may have inline, cost 3,000 to 110,000 in all.
"""
# Letters for "any other character", the plain ones first: one that no pattern names is needed.
_OTHERS = "x0yzwvutsrqponmlkjihgfedcba987654321_-XYZWVUTSRQPONMLKJIHGFEDCBA~\u00b7\u2026\u203b"


@dataclass(frozen=True, slots=True)
class Clause:
    """
    A demand on a text.

    Attributes:
        texts: The patterns.
        wanted: Whether one of them must match; otherwise none may.
    """

    texts: Texts
    wanted: bool = True


def find_text(
    clauses: Sequence[Clause], *, empty: bool = True, work: Work | None = None
) -> Text | None:
    """
    Find the shortest text that meets every clause; None when there is none.

    The unknown value of a symbol in a wanted pattern may be the one that another pattern needs. So
    when no text meets the clauses as they stand, the symbols of wanted patterns become `*`, unless
    an unwanted pattern covers them whatever their value is.

    Args:
        clauses: The demands.
        empty: Whether the empty text counts.
        work: Counts what the search costs.

    Raises:
        TooManyStatesError: It takes too long.
    """
    work = work or Work()
    found = _find(clauses, work, empty=empty)
    if found is not None or not any(clause.wanted and clause.texts.is_open for clause in clauses):
        return found
    filled_in = _fill_in(clauses, work)
    return None if filled_in is None else _find(filled_in, work, empty=empty)


def _fill_in(clauses: Sequence[Clause], work: Work) -> list[Clause] | None:
    unwanted = [clause for clause in clauses if not clause.wanted]
    found: list[Clause] = []
    for clause in clauses:
        if not clause.wanted:
            closed = tuple(p for p in clause.texts.patterns if not _is_open(p))
            found.append(replace(clause, texts=replace(clause.texts, patterns=closed)))
            continue
        left = tuple(
            tuple(Wild.ANY if isinstance(token, Reference) else token for token in pattern)
            for pattern in clause.texts.patterns
            if not _is_open(pattern)
            or _find(
                [Clause(replace(clause.texts, patterns=(pattern,), plain=frozenset())), *unwanted],
                work,
            )
            is not None
        )
        if not left and not clause.texts.plain:
            return None
        found.append(Clause(replace(clause.texts, patterns=left)))
    return found


def _is_open(pattern: Sequence[object]) -> bool:
    return any(isinstance(token, Reference) for token in pattern)


def _find(clauses: Sequence[Clause], work: Work, *, empty: bool = True) -> Text | None:
    wanted = [clause.texts for clause in clauses if clause.wanted]
    unwanted = [clause.texts for clause in clauses if not clause.wanted]
    listed = [texts.plain for texts in wanted if not texts.patterns]
    if listed:
        texts = sorted(min(listed, key=len), key=lambda text: (len(text), text))
        return _first_fitting(texts, wanted, unwanted, work, empty=empty)
    # Three cheap answers come before the search: a short list, one pattern within another, a guess.
    if any(here.are_within(there) for here in wanted for there in unwanted):
        return None
    guess = _first_fitting(_guesses(wanted), wanted, unwanted, work, empty=empty)
    if guess is not None:
        return guess
    machines = [texts.machine for texts in (*(wanted or [_ANY]), *unwanted)]
    return Search(machines, len(wanted) or 1, work).run(empty=empty)


def _first_fitting(
    texts: Iterable[Text],
    wanted: Sequence[Texts],
    unwanted: Sequence[Texts],
    work: Work,
    *,
    empty: bool,
) -> Text | None:
    """Try some texts."""
    readers = len(wanted) + len(unwanted)
    for text in texts:
        work.spend(1 + len(text) * readers // _READ_AT_ONCE)
        is_fine = all(t.match(text) for t in wanted) and not any(t.match(text) for t in unwanted)
        if is_fine and (text or empty):
            return text
    return None


def _guesses(wanted: Sequence[Texts]) -> Iterator[Text]:
    """List the shortest text of each pattern, which is mostly an answer."""
    for pattern in wanted[0].patterns if wanted else ():
        text = [_SHORTEST.get(token, token) for token in pattern]
        known = [symbol for symbol in text if not isinstance(symbol, Wild) and symbol]
        yield "".join(map(str, known)) if not _is_open(known) else tuple(known)


@dataclass(slots=True)
class Work:
    """
    The steps of some searches, counted so that a hostile policy does not take forever.

    Attributes:
        steps: How many symbols all machines together have read, by the weight of the machines.
    """

    steps: int = 0

    def spend(self, steps: int) -> None:
        """
        Count some steps.

        Raises:
            TooManyStatesError: One answer has cost more than it may.
        """
        self.steps += steps
        if self.steps > MOST_STEPS:
            raise TooManyStatesError


class TooManyStatesError(Exception):
    """The search was given up, as the patterns have too many states together."""


class Search:
    """
    All machines side by side.

    Args:
        machines: First those that must match, then those that must not.
        wanted: How many must match.
        work: Counts the steps.
    """

    def __init__(self, machines: Sequence[Machine], wanted: int, work: Work) -> None:
        self._machines = machines
        self._wanted = wanted
        self._work = work
        self._weight = sum(machine.weight for machine in machines)
        # One machine stands at the same places in many states of all together.
        self._moves = [cache(machine.after) for machine in machines]
        self._letters = [cache(machine.next_letters) for machine in machines]
        letters = {letter for machine in machines for letter in machine.letters}
        self._other = next(letter for letter in _OTHERS if letter not in letters)

    def run(self, *, empty: bool) -> tuple[Symbol, ...] | None:
        """Return the first text that is found, one of the shortest; None when there is none."""
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
                    # The empty text would match but does not count: take the way around.
                    return (*_way(seen, here), symbol)
            if len(seen) > MOST_STATES:
                raise TooManyStatesError
        return None

    def _after(self, here: tuple[int, ...]) -> Iterator[tuple[Symbol, tuple[int, ...]]]:
        symbols = self._symbols(here)
        self._work.spend(len(symbols) * self._weight)
        for symbol in symbols:
            there = tuple(
                move(places, symbol) for move, places in zip(self._moves, here, strict=True)
            )
            if all(there[: self._wanted]):
                yield symbol, there

    def _symbols(self, here: tuple[int, ...]) -> Sequence[Symbol]:
        """
        List the symbols that can make a difference next.

        All characters that no pattern names are alike, so one of them stands for all; `:` is listed
        with it, as some wildcards do not match it.
        """
        found: dict[Symbol, None] = {}
        is_wild = True
        for place, (machine, places) in enumerate(zip(self._machines, here, strict=True)):
            found |= dict.fromkeys(self._letters[place](places))
            if place < self._wanted and not machine.is_wild_at(places):
                is_wild = False
        return sorted(found | ({self._other: None, ":": None} if is_wild else {}), key=_order)

    def _ends(self, places: tuple[int, ...]) -> bool:
        ends = [bool(m.end & at) for m, at in zip(self._machines, places, strict=True)]
        return all(ends[: self._wanted]) and not any(ends[self._wanted :])


def _order(symbol: Symbol) -> tuple[bool, bool, str]:
    """The key to sort by: letters before signs, and both before what is not known."""
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
