"""
Values to try under a condition key that holds numbers, dates, addresses, booleans or bytes.

There is one for every way in which the demands can tell values apart: on each bound, between two
of them, beyond the last, and one that the operator cannot read.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address
from itertools import pairwise
from typing import TYPE_CHECKING

from deploy_access.evaluate.scalars import read_date, read_network, read_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from decimal import Decimal
    from ipaddress import IPv4Network, IPv6Network

    from deploy_access.review.demands import Demand

_UNREADABLE = "x"
_OTHER_BYTES = "b3RoZXI="
_LAST = {4: 2**32 - 1, 6: 2**128 - 1}


def samples(demands: Iterable[Demand]) -> list[str]:
    """List values for one key, the likely ones first."""
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
    """List every bound, what is between two of them, and what is beyond."""
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
    """List where each network begins, and what comes after its end."""
    values = [v for asked in demands if asked.base == "ipaddress" for v in asked.values]
    networks = [network for value in values if (network := read_network(value))]
    for version in (4, 6) if networks else ():
        numbers = {0, *_edges(n for n in networks if n.version == version)}
        make = IPv4Address if version == 4 else IPv6Address  # noqa: PLR2004 - the names of them
        yield from (str(make(number)) for number in sorted(numbers))


def _edges(networks: Iterable[IPv4Network | IPv6Network]) -> Iterator[int]:
    for network in networks:
        yield int(network.network_address)
        after = int(network.broadcast_address) + 1
        if after <= _LAST[network.version]:
            yield after
