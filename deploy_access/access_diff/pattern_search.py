"""
Patterns as languages: is there a text that some of them match and others do not, and which one.

All patterns walk over the text at once, each as the set of places that it can stand at, as the
evaluator does it; the texts are tried shortest first. So the answer is exact, also where several
patterns together cover one.

What Terraform fills in, and a variable of IAM, is a symbol of its own: it equals itself, `*`
matches it, and nothing else does.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from deploy_access.access_diff.pattern_set import Texts
from deploy_access.iam.pattern_machine import Wild
from deploy_access.iam.references import Reference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.iam.pattern_machine import Machine, Symbol


Text = Sequence[str | Reference]
"""Characters, and symbols for what is not known; a `str` where all is known."""
_SHORTEST: dict[object, str] = {
    Wild.ANY: "",
    Wild.ANY_IN_PART: "",
    Wild.ONE: "x",
    Wild.ONE_IN_PART: "x",
}
_ANY = Texts(patterns=((Wild.ANY,),))


MOST_STATES = 1500
"""How far one search goes; policies that people write need some hundred states."""
_OTHERS = "x0yzwvutsrqponmlkjihgfedcba987654321_-XYZWVUTSRQPONMLKJIHGFEDCBA~\u00b7\u2026\u203b"


@dataclass(frozen=True, slots=True)
class Clause:
    """
    A demand on a text.

    Attributes:
        texts: The patterns.
        wanted: Whether one of them must match, rather than none.
    """

    texts: Texts
    wanted: bool = True


def find_text(
    clauses: Sequence[Clause], *, empty: bool = True, work: Work | None = None
) -> Text | None:
    """
    Find the shortest text that meets every clause; None when there is none.

    Where a pattern that must match has symbols, what they stand for may be what another pattern
    asks for. So when no text meets the clauses as they stand, the symbols become `*` in what is
    wanted, unless a pattern that is not to match covers them whatever they stand for.

    Args:
        clauses: The demands.
        empty: Whether the empty text will do.
        work: Counts what the search costs.

    Raises:
        TooManyStatesError: It would take too long to say.
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
        return _find_listed(min(listed, key=len), wanted, unwanted, empty=empty)
    if any(here.are_within(there) for here in wanted for there in unwanted):
        return None
    guess = _guess(wanted, unwanted, empty=empty)
    if guess is not None:
        return guess
    machines = [texts.machine for texts in (*(wanted or [_ANY]), *unwanted)]
    return Search(machines, len(wanted) or 1, work).run(empty=empty)


def _find_listed(
    listed: frozenset[str], wanted: Sequence[Texts], unwanted: Sequence[Texts], *, empty: bool
) -> Text | None:
    """Try each text of a list that has no wildcards."""
    for text in sorted(listed, key=lambda text: (len(text), text)):
        is_fine = all(t.match(text) for t in wanted) and not any(t.match(text) for t in unwanted)
        if is_fine and (text or empty):
            return text
    return None


def _guess(wanted: Sequence[Texts], unwanted: Sequence[Texts], *, empty: bool) -> Text | None:
    """Try the shortest text of each pattern, which often is the answer."""
    for pattern in wanted[0].patterns if wanted else ():
        text = [_SHORTEST.get(token, token) for token in pattern]
        known = [symbol for symbol in text if not isinstance(symbol, Wild) and symbol]
        guess = "".join(map(str, known)) if not _is_open(known) else tuple(known)
        is_fine = all(t.match(guess) for t in wanted) and not any(t.match(guess) for t in unwanted)
        if is_fine and (guess or empty):
            return guess
    return None


@dataclass(slots=True)
class Work:
    """
    Counts the steps of some searches, so that a hostile policy does not take forever.

    Attributes:
        steps: How many machines have read a symbol until now.
    """

    steps: int = 0


class TooManyStatesError(Exception):
    """The search was given up: the patterns are too entangled."""


class Search:
    """
    All machines side by side.

    Args:
        machines: Those that must end first, then those that must not.
        wanted: How many must.
        work: Counts the steps.
    """

    def __init__(self, machines: Sequence[Machine], wanted: int, work: Work) -> None:
        self._machines = machines
        self._wanted = wanted
        self._work = work
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
        self._work.steps += len(symbols) * len(here)
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
