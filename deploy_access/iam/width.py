"""
How wide a value of a policy is: a resource, a principal, a subject or a value of a condition.

Where not all values can be shown, the widest are. So that many patterns cannot hide the one foreign
account, the first one of each kind comes before all the others.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, TypeVar

from deploy_access.iam.arns import account_named, account_of
from deploy_access.iam.references import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

T = TypeVar("T")


class WidthKind(IntEnum):
    """What a value reaches, the widest first."""

    EVERYTHING = 0
    PATTERN = 1
    UNKNOWN = 2
    OTHER_ACCOUNT = 3
    WHOLE_ACCOUNT = 4
    ONE = 5


Width = tuple[WidthKind, int]
"""The kind, and of two patterns the letters that are fixed; the smaller one is wider."""
NARROWEST: Width = (WidthKind.ONE, 0)


def width(value: str, account: str = "") -> Width:
    """
    Return how wide a value is.

    Args:
        value: As the policy has it; `all but` others is everything.
        account: The account of the role or resource, if it is known.
    """
    if value == "*" or value.startswith("all but "):
        return WidthKind.EVERYTHING, 0
    if has_wildcard(value):
        return WidthKind.PATTERN, len(value) - value.count("*") - value.count("?")
    if "${" in value:
        return WidthKind.UNKNOWN, 0
    whole = account_named(value)
    named = whole or account_of(value)
    if named and account and named != account:
        return WidthKind.OTHER_ACCOUNT, 0
    return (WidthKind.WHOLE_ACCOUNT, 0) if whole else NARROWEST


def widest_first(values: Iterable[T], of: Callable[[T], Width]) -> list[T]:
    """Sort by width, but let the first one of each kind lead; equals keep their order."""
    rest = [*values]
    if len(rest) <= 1:
        return rest
    rest.sort(key=of)
    leading = {of(value)[0]: place for place, value in reversed([*enumerate(rest)])}
    places = dict.fromkeys(sorted(leading.values()))
    return [*(rest[p] for p in places), *(v for p, v in enumerate(rest) if p not in places)]


def by_width(values: Iterable[str], account: str = "") -> list[str]:
    """Sort texts so."""
    return widest_first(values, lambda value: width(value, account))
