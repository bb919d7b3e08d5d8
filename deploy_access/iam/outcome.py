"""Yes, no, or not to be said: what every comparison of a policy with a request comes to."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Outcome(Enum):
    """
    Whether a part of a policy is met.

    `UNKNOWN` is what depends on a reference that Terraform fills in later, or on a key of which
    nobody has said whether the request holds it. It is never rounded to a yes or a no.
    """

    PASS = "pass"  # noqa: S105 - an outcome, no secret
    FAIL = "fail"
    UNKNOWN = "unknown"


def outcome_of(*, met: bool) -> Outcome:
    """Turn a plain yes or no into an outcome."""
    return Outcome.PASS if met else Outcome.FAIL


def all_of(outcomes: Iterable[Outcome]) -> Outcome:
    """Join with AND: one failure decides, and without one the unknown does."""
    found = Outcome.PASS
    for outcome in outcomes:  # a set would call the hash of an enumeration, which is slow
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
