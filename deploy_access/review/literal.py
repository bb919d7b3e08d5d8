"""A demand that is to be met or to fail, and how the evaluator finds it for given values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.evaluate.conditions import check_condition
from deploy_access.evaluate.context import Context
from deploy_access.evaluate.outcome import Outcome
from deploy_access.evaluate.policy import Condition
from deploy_access.evaluate.reading import Reader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deploy_access.review.demands import Demand
    from deploy_access.review.language import Text

Values = tuple["Text", ...]
"""What a request holds under one condition key; nothing when it has no such key."""


@dataclass(frozen=True, slots=True)
class Literal:
    """
    One demand on a request.

    Attributes:
        demand: The demand.
        met: Whether it is to be met, rather than to fail.
    """

    demand: Demand
    met: bool = True

    def order(self) -> tuple[bool, str, tuple[str, ...]]:
        """Sort what is to be met first."""
        return not self.met, self.demand.operator, self.demand.values


def agrees(literal: Literal, held: Sequence[str]) -> bool:
    """Whether the values will do, or may."""
    asked = literal.demand
    condition = Condition(operator=asked.operator, key=asked.part, values=asked.values)
    reader = Reader(Context(values={asked.part: held}, references=False), asked.variables)
    outcome = check_condition(condition, reader).outcome
    return outcome is Outcome.UNKNOWN or (outcome is Outcome.PASS) == literal.met
