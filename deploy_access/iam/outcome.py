"""The outcome of a part of a policy for a request: it passes, it fails, or that is unknown."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Outcome(Enum):
    """
    Whether a part of a policy is met.

    It is `UNKNOWN` where it depends on a reference that Terraform fills in later, or on a key that
    is not known of the request. It is never rounded to a yes or a no.
    """

    PASS = "pass"  # noqa: S105 - an outcome, no secret
    FAIL = "fail"
    UNKNOWN = "unknown"


def outcome_of(*, met: bool) -> Outcome:
    """Return the outcome that is decided by *met* alone."""
    return Outcome.PASS if met else Outcome.FAIL


def all_of(outcomes: Iterable[Outcome]) -> Outcome:
    """Join with AND: one failure decides, and without one the unknown does."""
    found = Outcome.PASS
    for outcome in outcomes:  # A set would call the `__hash__` of the enumeration, which is slow.
        if outcome is Outcome.FAIL:
            return outcome
        if outcome is Outcome.UNKNOWN:
            found = outcome
    return found


def any_of(outcomes: Iterable[Outcome]) -> Outcome:
    """Join with OR: one that passes decides, and without one the unknown does."""
    found = Outcome.FAIL
    for outcome in outcomes:
        if outcome is Outcome.PASS:
            return outcome
        if outcome is Outcome.UNKNOWN:
            found = outcome
    return found
