"""The stacks of the base and the head, matched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.terraform.changed_stacks import state_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deploy_access.terraform.snapshot import ScopedStack

    Stacks = Mapping[str, ScopedStack]


def pairs(
    base: Stacks, head: Stacks
) -> Iterator[tuple[str, ScopedStack | None, ScopedStack | None]]:
    """Match stacks by name, and a new stack with the removed one whose state it takes over."""
    left = {
        state: name
        for name, stack in base.items()
        if name not in head and (state := state_of(stack.source))
    }
    taken: set[str] = set()
    for name, after in head.items():
        state = state_of(after.source)
        former = name if name in base else left.get(state) if state else None
        if former is not None and former not in taken:
            taken.add(former)
            yield name, base[former], after
        else:
            yield name, None, after
    for name, before in base.items():
        if name not in taken:
            yield name, before, None


def says_what_changes(before: ScopedStack | None, after: ScopedStack | None) -> bool:
    """Whether *after* leads from *before*: not a state, nor the second of two plans."""
    if after is None or not after.is_plan:
        return True
    return after.has_changes and not (before and before.has_changes)
