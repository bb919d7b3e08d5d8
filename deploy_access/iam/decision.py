"""
What the policies decide together.

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
    """How a request ends."""

    ALLOWED = "allowed"
    DENIED_EXPLICITLY = "denied explicitly"
    """A `Deny` statement applies."""
    DENIED_IMPLICITLY = "denied implicitly"
    """Nothing that is needed allows it."""
    UNKNOWN = "unknown"
    """It depends on what Terraform fills in, or on what nobody has said of the request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """
    How a request ends, and what each statement says about it.

    Attributes:
        verdict: The end of it.
        statements: All that were held against the request, policy by policy.

    """

    verdict: Verdict
    statements: tuple[StatementResult, ...]


def decide(statements: Iterable[StatementResult], allowed: Outcome) -> Decision:
    """
    Join what allows a request with what denies it.

    Args:
        statements: What every statement says, those that deny among them.
        allowed: Whether the `Allow` statements that are needed apply.

    """
    results = tuple(statements)
    denied = any_of(result.applies for result in results if result.statement.effect == "Deny")
    if denied is Outcome.PASS:
        verdict = Verdict.DENIED_EXPLICITLY
    elif allowed is Outcome.FAIL:
        verdict = Verdict.DENIED_IMPLICITLY
    elif Outcome.UNKNOWN in {denied, allowed}:
        verdict = Verdict.UNKNOWN
    else:
        verdict = Verdict.ALLOWED
    return Decision(verdict=verdict, statements=results)
