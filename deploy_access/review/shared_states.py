"""The notices about stacks that keep their state in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.resource_diff.argument_values import resolve
from deploy_access.review.model import Notice
from deploy_access.terraform.state_place import state_place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.terraform.snapshot import Snapshot

_WHAT = "These stacks keep their state in one place, so each would destroy what the other made."


def shared_states(base: Snapshot, head: Snapshot) -> Iterator[Notice]:
    """List the states of the head that several stacks have, unless those had one before, too."""
    before = list(_by_place(base).values())
    for place, stacks in _by_place(head).items():
        if len(stacks) > 1 and not any(stacks <= known for known in before):
            yield Notice(
                kind="steering",
                address="terraform.backend",
                what=_WHAT,
                given=f"It is `{place}`.",
                stacks=tuple(sorted(stacks)),
            )


def _by_place(side: Snapshot) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, stack in side.stacks.items():
        # A single file and a plan do not say in which folder Terraform runs.
        if directory := stack.source.directory:
            terraform = resolve(stack.scope, stack.content.get("terraform"))
            place = state_place(terraform, directory)
            if place is not None:
                found.setdefault(place, set()).add(name)
    return found
