"""The result of comparing one text of a request with one text of a policy."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from deploy_access.iam.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable


class Comparison(Enum):
    """
    Whether two texts are equal, as an operator understands it.

    `INVALID` is a text that the operator cannot read, or a variable without a value. It meets
    neither an operator nor the negation of that operator.
    """

    EQUAL = "equal"
    DIFFERENT = "different"
    UNKNOWN = "unknown"
    INVALID = "invalid"


def comparison_of(*, equal: bool) -> Comparison:
    """Return the comparison that is decided by *equal* alone."""
    return Comparison.EQUAL if equal else Comparison.DIFFERENT


def all_equal(comparisons: Iterable[Comparison]) -> Comparison:
    """Return the comparison of two wholes from those of their parts."""
    found = set(comparisons)
    # An ARN with one invalid part is invalid, and one part that differs makes it differ, whatever
    # the unknown parts are.
    for decisive in (Comparison.INVALID, Comparison.DIFFERENT, Comparison.UNKNOWN):
        if decisive in found:
            return decisive
    return Comparison.EQUAL


def listed(comparisons: Iterable[Comparison]) -> Outcome:
    """Whether a text is one of those that it was compared with."""
    found = Outcome.FAIL
    for comparison in comparisons:  # Lazy: behind one that is equal nothing is compared.
        if comparison is Comparison.EQUAL:
            return Outcome.PASS
        if comparison is Comparison.UNKNOWN:
            found = Outcome.UNKNOWN
    return found


def unlisted(comparisons: Iterable[Comparison]) -> Outcome:
    """Whether a text is none of those that it was compared with, all of which could be read."""
    found = Outcome.PASS
    for comparison in comparisons:
        if comparison is Comparison.EQUAL or comparison is Comparison.INVALID:
            return Outcome.FAIL
        if comparison is Comparison.UNKNOWN:
            found = Outcome.UNKNOWN
    return found
