"""One run, one role and the evaluator's decision, from which a cause is found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from deploy_access.explain.differences import nearness
from deploy_access.iam.decision import Verdict
from deploy_access.iam.outcome import Outcome

if TYPE_CHECKING:
    from deploy_access.github.run import Run
    from deploy_access.iam.conditions import Check
    from deploy_access.iam.decision import Decision
    from deploy_access.iam.evaluation import StatementResult
    from deploy_access.terraform.estate import Role

_COMPARED = 200
"""
The values that are compared to find the nearest one.

A trust policy of 8,192 characters, the most that AWS takes, has room for 200 subjects of 38.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """
    A decision, and the input that led to it.

    Attributes:
        run: The run.
        role: The role.
        subject: The `sub` that was decided about: the run's own, or its other form.
        provider_arn: The provider that the token was shown to, as far as it is known.
        decision: The evaluator's decision.
        nearest: The most telling statement: one that denies, or the one that comes nearest.
    """

    run: Run
    role: Role
    subject: str
    provider_arn: str
    decision: Decision
    nearest: StatementResult | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "nearest", self._find_nearest())

    def _find_nearest(self) -> StatementResult | None:
        results = self.decision.statements
        if self.decision.verdict is Verdict.DENIED_EXPLICITLY:
            applying = [r for r in results if r.applies is Outcome.PASS]
            return next(r for r in applying if r.statement.effect == "Deny")
        if self.decision.verdict is Verdict.UNKNOWN:
            return next(r for r in results if r.applies is Outcome.UNKNOWN)
        # Most parts met wins, and of equal ones the statement with the nearest subject.
        allowing = [r for r in results if r.statement.effect == "Allow"]
        met = list(map(_met, allowing))
        best = max(met, default=())
        ties = [result for result, one in zip(allowing, met, strict=True) if one == best]
        return max(ties[:_COMPARED], key=self._subject_nearness, default=None)

    @property
    def failing(self) -> tuple[Check, ...]:
        """The conditions of the nearest statement that the run does not meet."""
        checks = self.nearest.checks if self.nearest else ()
        return tuple(check for check in checks if check.outcome is Outcome.FAIL)

    @property
    def nearness(self) -> tuple[object, ...]:
        """How near the nearest statement comes; the greater of two is nearer."""
        result = self.nearest
        return (*_met(result), self._subject_nearness(result)) if result else ()

    def _subject_nearness(self, result: StatementResult) -> tuple[int, ...]:
        subjects = [check for check in result.checks if self.is_about(check, "sub")]
        values = [value for check in subjects for value in check.wanted[:_COMPARED]]
        return max((nearness(self.subject, value) for value in values), default=(0, 0, 0, 0))

    def is_about(self, check: Check, claim: str) -> bool:
        """Whether a condition is about this claim of the token."""
        return check.key.casefold() == f"{self.run.provider}:{claim}".casefold()

    def claim_of(self, check: Check) -> str | None:
        """Return the claim that a condition is about; None for another key."""
        prefix = f"{self.run.provider}:".casefold()
        key = check.key.casefold()
        return key.removeprefix(prefix) if key.startswith(prefix) else None

    def nearest_value(self, check: Check) -> str:
        """Return the value of a condition that comes nearest to the token's value."""
        held = check.held[0] if check.held else ""
        return max(check.wanted[:_COMPARED], key=lambda value: nearness(held, value), default="")


def _met(result: StatementResult) -> tuple[int, ...]:
    """Return how much of a statement is met; the principal weighs more than a condition."""
    fails = sum(check.outcome is Outcome.FAIL for check in result.checks)
    # Another principal is another issuer: a statement with it is further off than one in which
    # `aud`, `sub` and the action differ.
    about = 3 * (result.principal is Outcome.FAIL) + (result.action is Outcome.FAIL)
    return result.applies is Outcome.PASS, result.applies is Outcome.UNKNOWN, -about - fails
