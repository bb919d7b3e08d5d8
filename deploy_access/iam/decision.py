"""
The verdict on a request, from all the policies that count for it.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from deploy_access.iam.outcome import Outcome, any_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deploy_access.iam.evaluation import StatementResult


class Verdict(Enum):
    """Whether a request is allowed."""

    ALLOWED = "allowed"
    DENIED_EXPLICITLY = "denied explicitly"
    """A `Deny` statement applies."""
    DENIED_IMPLICITLY = "denied implicitly"
    """A statement that would have to allow it is missing."""
    UNKNOWN = "unknown"
    """It depends on a value that Terraform fills in, or on an unknown key of the request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """
    The verdict on a request, and the result of each statement.

    Attributes:
        verdict: The verdict.
        statements: The results of all statements, policy by policy.

    """

    verdict: Verdict
    statements: tuple[StatementResult, ...]


def decide(statements: Iterable[StatementResult], allowed: Outcome) -> Decision:
    """
    Decide from the statements that allow a request and from those that deny it.

    Args:
        statements: The results of all statements, also of those that deny.
        allowed: Whether the `Allow` statements that are needed apply.

    """
    results = tuple(statements)
    denied = any_of(result.applies for result in results if result.statement.effect == "Deny")
    if denied is Outcome.PASS:
        verdict = Verdict.DENIED_EXPLICITLY
    elif allowed is Outcome.FAIL:
        # Before the unknown: without an Allow it is denied, whether an unknown Deny applies or not.
        verdict = Verdict.DENIED_IMPLICITLY
    elif Outcome.UNKNOWN in {denied, allowed}:
        verdict = Verdict.UNKNOWN
    else:
        verdict = Verdict.ALLOWED
    return Decision(verdict=verdict, statements=results)
