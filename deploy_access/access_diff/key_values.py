"""
The values of one condition key that meet some demands and fail others.

A key is absent, or it has one text, or several where a demand has a set operator. Texts are found
by their patterns. For numbers, dates, addresses, booleans and bytes a few samples are enough: the
bounds of all demands, and a value on each side of every bound.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from itertools import pairwise, product
from typing import TYPE_CHECKING

from deploy_access.access_diff.demands import alternatives
from deploy_access.access_diff.pattern_search import TooManyStatesError, find_text
from deploy_access.iam.conditions import check_condition
from deploy_access.iam.context import Context
from deploy_access.iam.outcome import Outcome
from deploy_access.iam.policy import Condition
from deploy_access.iam.policy_variables import Reader
from deploy_access.iam.scalars import read_date, read_network, read_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from decimal import Decimal
    from ipaddress import IPv4Network, IPv6Network

    from deploy_access.access_diff.demands import Demand
    from deploy_access.access_diff.pattern_search import Clause, Text, Work


_Way = tuple[tuple["Clause", ...], ...]


# A value that no typed operator can read, so that it meets neither one nor its negation.
_UNREADABLE = "x"
_OTHER_BYTES = "b3RoZXI="
_LAST = {4: 2**32 - 1, 6: 2**128 - 1}
Values = tuple["Text", ...]
"""The values of a request under one condition key; empty when it has no such key."""


def find_values(literals: Sequence[LiteralDemand], work: Work) -> Values | None:
    """
    Find the values that a request can hold under the key; None when there are none.

    Raises:
        TooManyStatesError: It takes too long, or it cannot be decided.
    """
    single = _find_single(literals, work)
    if single is not None:
        return (single,)
    for held in ((), ("",)):
        if all(agrees(literal, held) for literal in literals):
            return tuple(tuple(text) for text in held)
    nulls = [literal for literal in literals if _is_null(literal)]
    if any(map(_is_of_one, literals)) or not all(agrees(literal, ("x",)) for literal in nulls):
        return None
    return _find_several([literal for literal in literals if not _is_null(literal)], work)


def _is_null(literal: LiteralDemand) -> bool:
    return literal.demand.base == "null"


def _is_of_one(literal: LiteralDemand) -> bool:
    """Whether it asks about one value; AWS does not say what it does with several."""
    found = literal.demand.condition
    return not _is_null(literal) and (found is None or found.set_operator is None)


def _find_single(literals: Sequence[LiteralDemand], work: Work) -> Text | None:
    """Find one text that is not empty."""
    if not all(agrees(literal, ("x",)) for literal in literals if _is_null(literal)):
        return None
    asked = [literal for literal in literals if not _is_null(literal)]
    textual = [literal for literal in asked if literal.demand.is_textual]
    if len(textual) == len(asked):
        return _by_pattern([_of_value(literal) for literal in asked], work)
    for text in samples([literal.demand for literal in asked]):
        if all(agrees(literal, (text,)) for literal in asked):
            return tuple(text)
    if textual and _by_pattern([_of_value(literal) for literal in textual], work) is not None:
        # Texts and, say, numbers are asked of one key: that no sample meets both proves nothing.
        raise TooManyStatesError
    return None


def _find_several(literals: Sequence[LiteralDemand], work: Work) -> Values | None:
    """
    Find several values: each meets the demands on all values, and one meets each other demand.

    A demand on all values is a `ForAllValues`, or a `ForAnyValue` that must fail.
    """
    of_all = [literal for literal in literals if _is_of_all(literal)]
    of_any = [literal for literal in literals if not _is_of_all(literal)]
    values = [_find_single([*of_all, literal], work) for literal in of_any]
    found = [value for value in values if value is not None]
    return tuple(found) if found and len(found) == len(values) else None


def _is_of_all(literal: LiteralDemand) -> bool:
    found = literal.demand.condition
    return found is not None and (found.is_for_all) == literal.met


def _of_value(literal: LiteralDemand) -> _Way:
    return alternatives(literal.demand, met=literal.met)


def _by_pattern(asked: Sequence[_Way], work: Work) -> Text | None:
    for way in product(*asked):
        found = find_text([clause for clauses in way for clause in clauses], empty=False, work=work)
        if found is not None:
            return found
    return None


def samples(demands: Iterable[Demand]) -> list[str]:
    """List values for one key, those that the policies name first."""
    found: dict[str, None] = {}
    for asked in demands:
        found |= dict.fromkeys(asked.values if asked.is_textual else ())
    typed = [asked for asked in demands if not asked.is_textual]
    if any(asked.base == "bool" for asked in typed):
        found |= {"true": None, "false": None}
    found |= dict.fromkeys(_scalars(typed, "numeric", read_number))
    found |= dict.fromkeys(_scalars(typed, "date", read_date))
    found |= dict.fromkeys(_addresses(typed))
    if any(asked.base == "binaryequals" for asked in typed):
        values = [value for asked in typed for value in asked.values]
        found |= dict.fromkeys([*values, _OTHER_BYTES])
    return [*found, _UNREADABLE]


def _scalars(
    demands: Iterable[Demand], kind: str, read: Callable[[str], Decimal | None]
) -> Iterator[str]:
    """List every bound, a value between each two of them, and one beyond either end."""
    values = (v for asked in demands if asked.base.startswith(kind) for v in asked.values)
    bounds = sorted({bound for value in values if (bound := read(value)) is not None})
    if not bounds:
        return
    middles = [(low + high) / 2 for low, high in pairwise(bounds)]
    for number in (*bounds, *middles, bounds[0] - 1, bounds[-1] + 1):
        text = f"{number:f}"
        # Four digits alone would be a year.
        yield text if "." in text else f"{text}.0"


def _addresses(demands: Iterable[Demand]) -> Iterator[str]:
    """List the first address of each network, and the first one after it."""
    values = [v for asked in demands if asked.base == "ipaddress" for v in asked.values]
    networks = [network for value in values if (network := read_network(value))]
    for version in (4, 6) if networks else ():
        # Between two edges all addresses are alike; what lies before the first one begins at 0.
        numbers = {0, *_edges(n for n in networks if n.version == version)}
        make = IPv4Address if version == 4 else IPv6Address  # noqa: PLR2004 - the names of them
        yield from (str(make(number)) for number in sorted(numbers))


def _edges(networks: Iterable[IPv4Network | IPv6Network]) -> Iterator[int]:
    for network in networks:
        yield int(network.network_address)
        after = int(network.broadcast_address) + 1
        if after <= _LAST[network.version]:
            yield after


@dataclass(frozen=True, slots=True)
class LiteralDemand:
    """
    One demand on a request.

    Attributes:
        demand: The demand.
        met: Whether it must be met; otherwise it must fail.
    """

    demand: Demand
    met: bool = True

    def order(self) -> tuple[bool, str, tuple[str, ...]]:
        """The key to sort by: demands that must be met come first."""
        return not self.met, self.demand.operator, self.demand.values


def agrees(literal: LiteralDemand, held: Sequence[str]) -> bool:
    """Whether the values do what the demand asks, or may do so."""
    asked = literal.demand
    condition = Condition(operator=asked.operator, key=asked.part, values=asked.values)
    reader = Reader(Context(values={asked.part: held}, references=False), asked.variables)
    outcome = check_condition(condition, reader).outcome
    return outcome is Outcome.UNKNOWN or (outcome is Outcome.PASS) == literal.met
