"""What a comparison may cost, in steps of the search: the same on every machine."""

from __future__ import annotations

from dataclasses import dataclass, field

from deploy_access.access_diff.pattern_search import MOST_STEPS

MOST_STEPS_OF_RUN = 2_000_000
"""
The steps that a whole comparison may cost, some seconds; beyond them its answers are `perhaps`.

300 changed stacks cost none of them, as each stays within `FREE_STEPS`.
"""
FREE_STEPS = 5_000
"""
The steps of a party that the run is not charged with.

So what is ordinary is decided, whatever else there is: a role of ten statements costs 300.
"""


@dataclass(slots=True)
class RunBudget:
    """
    The steps that are left for all parties together.

    Attributes:
        left: The steps; below zero only what is free is decided.
    """

    left: int = MOST_STEPS_OF_RUN


@dataclass(slots=True)
class Budget:
    """
    The steps that are left for one role or resource.

    Attributes:
        run: What all of them may cost.
        left: The steps that are left of what one may cost.
        free: Of these, the steps that the run is not charged with.
    """

    run: RunBudget = field(default_factory=RunBudget)
    left: int = MOST_STEPS
    free: int = FREE_STEPS

    @property
    def is_spent(self) -> bool:
        """Whether nothing more is decided."""
        return self.left < 0 or (self.free < 0 and self.run.left < 0)

    def spend(self, steps: int) -> None:
        """Take the steps of an answer away."""
        self.left -= steps
        charged = min(steps, max(0, steps - self.free))
        self.free -= steps
        self.run.left -= charged
