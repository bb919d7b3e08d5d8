"""The notices of all stacks; one that several stacks have counts once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deploy_access.resource_diff.stack_pairs import pairs
from deploy_access.review.ended_barriers import ended
from deploy_access.review.guards import expiring, lifted
from deploy_access.review.known_settings import KnownSettings, known_settings
from deploy_access.review.loaded_files import loaded_files
from deploy_access.review.order import waiting
from deploy_access.review.secret_outputs import secret_outputs
from deploy_access.review.shared_states import shared_states
from deploy_access.review.steering import steering
from deploy_access.review.uncompared_access import unseen

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from deploy_access.json_file import JsonFile
    from deploy_access.resource_diff.model import ResourceChange
    from deploy_access.review.model import Notice
    from deploy_access.terraform.snapshot import ScopedStack, Snapshot

# The order of the report: code that runs could do all the rest.
_KINDS = ("steering", "access", "guard")


def find_notices(
    base: Snapshot,
    head: Snapshot,
    changes: Collection[ResourceChange],
    plans: Mapping[str, JsonFile] | None = None,
) -> tuple[Notice, ...]:
    """
    List the changes that a reviewer must read, by kind.

    Args:
        base: The side before.
        head: The side after.
        changes: The changes of resources.
        plans: By stack, the plan of Terraform itself.
    """
    found: dict[Notice, set[str]] = {}
    for notice in (
        *_of_stacks(base, head),
        *shared_states(base, head),
        *unseen(changes, base, head, plans),
        *expiring(changes, base, head),
        *ended(changes, base, head),
        *secret_outputs(base, head),
    ):
        found.setdefault(replace(notice, stacks=()), set()).update(notice.stacks)
    merged = [replace(one, stacks=tuple(sorted(stacks))) for one, stacks in found.items()]
    return tuple(sorted(merged, key=_order))


def _order(one: Notice) -> tuple[bool, int, Notice]:
    return not one.is_first, _KINDS.index(one.kind), one


def _of_stacks(base: Snapshot, head: Snapshot) -> Iterator[Notice]:
    has_new = not head.stacks.keys() <= base.stacks.keys()
    side = base if base.stacks else head
    known = known_settings(side, is_first=not base.stacks) if has_new else KnownSettings()
    for name, before, after in pairs(base.stacks, head.stacks):
        found = [*loaded_files(before, after)] if after else []
        found += waiting(before, after, head.stacks) if before and after else ()
        if not (before and after and before.source.is_same(after.source)):
            found += _of_stack(before, after, known)
        yield from (replace(one, stacks=(name,)) for one in found)


def _of_stack(
    before: ScopedStack | None, after: ScopedStack | None, known: KnownSettings
) -> list[Notice]:
    guards = lifted(before, after) if before and after else ()
    return [*steering(before, after, known), *guards]
