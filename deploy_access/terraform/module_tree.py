"""What the modules that one root calls have in common."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from deploy_access.terraform.blocks import Module

# What one root may cost. 20,000 roles, as many as one file may have (`bounds.MOST`), cost 100,000
# when each has one expression, which takes some six seconds.
EFFORT = 120_000
# Instances of modules below one root; people have some dozens.
MOST_MODULES = 1000


@dataclass(slots=True, kw_only=True)
class ModuleTree:
    """
    What the modules of one root share.

    Attributes:
        left: What may still be computed in all of them.
        depth: How deep the value that is being computed lies in others.
        modules: How many modules may still be read.
        fill: Says more about a module than its files do, or leaves it as it is.
    """

    left: int
    depth: int = 0
    modules: int = MOST_MODULES
    fill: Callable[[Module], Module] | None = None

    def anew(self, left: int) -> ModuleTree:
        """Return the same, of which nothing is used up yet."""
        return replace(self, left=left, depth=0, modules=MOST_MODULES)
