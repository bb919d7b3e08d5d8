"""
What Terraform would do to each resource, from the stacks of two sides.

Each stack has a state of its own, so each is compared by itself.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deploy_access.json_shape import as_object
from deploy_access.resource_diff.address_changes import find_renamed, how_to_keep, why_renamed
from deploy_access.resource_diff.change_text import (
    created,
    elsewhere,
    forgotten,
    gone_with_stack,
    imported,
    kept,
    lost,
)
from deploy_access.resource_diff.instances import block_address, stack_resources
from deploy_access.resource_diff.moves import pair, read_declared
from deploy_access.resource_diff.planned_changes import read_changes
from deploy_access.resource_diff.replacement import compare
from deploy_access.resource_diff.replacement_chain import follow
from deploy_access.resource_diff.stack_pairs import pairs, says_what_changes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from deploy_access.json_file import JsonFile
    from deploy_access.resource_diff.instances import Resource
    from deploy_access.resource_diff.model import ResourceAction, ResourceChange
    from deploy_access.terraform.snapshot import ScopedStack

    Object = Mapping[str, object]
    Resources = Mapping[str, Resource]
    Stacks = Mapping[str, ScopedStack]

_RANKS: Mapping[ResourceAction, int] = {
    "destroy": 0,
    "replace": 1,
    "forget": 2,
    "update": 3,
    "move": 4,
    "import": 5,
    "create": 6,
}


def compare_resources(
    base: Stacks, head: Stacks, plans: Mapping[str, JsonFile] | None = None
) -> list[ResourceChange]:
    """
    Return the changes of the resources of every stack; `in_order` sorts them.

    Args:
        base: The stacks before.
        head: The stacks after; one may be a plan.
        plans: By stack, the plan of Terraform itself.
    """
    changes: list[ResourceChange] = []
    gone: list[tuple[str, Resource]] = []
    made: list[tuple[str, Resource]] = []
    for name, before, after in pairs(base, head):
        found = _Compared(name, before, after, _plan_of(name, before, after, plans or {}))
        changes += found.changes
        gone += ((name, resource) for resource in found.gone)
        made += ((name, resource) for resource in found.made)
    return _with_renamed(changes, gone, made)


def in_order(changes: Iterable[ResourceChange]) -> tuple[ResourceChange, ...]:
    """Sort changes: data that are lost first, then other destructions, then the rest."""
    return tuple(sorted(changes, key=_order))


def _order(change: ResourceChange) -> tuple[bool, bool, int, str, str]:
    loses = change.is_destroyed and change.holds_data
    rank = _RANKS[change.action]
    return (not loses, not change.is_destroyed, rank, change.stack, change.address)


class _Compared:
    """The changes of one stack, with the resources that it loses and makes."""

    def __init__(
        self, name: str, before: ScopedStack | None, after: ScopedStack | None, plan: Object | None
    ) -> None:
        self.changes: list[ResourceChange] = []
        self.gone: tuple[Resource, ...] = ()
        self.made: tuple[Resource, ...] = ()
        if plan is None and before and after and not _may_differ(before, after):
            return
        old = stack_resources(before) if before else {}
        new = stack_resources(after) if after else {}
        if before and before.is_plan and not (after and after.is_plan):
            old = _as_written(old, new)
        if plan is not None:
            self._read(name, plan, old, new)
        else:
            self._compare(name, old, new, after)

    def _read(self, name: str, plan: Object, old: Resources, new: Resources) -> None:
        self.changes = read_changes(name, plan, old, new)
        actions = {change.address: change.action for change in self.changes}
        self.gone = tuple(r for a, r in old.items() if actions.get(a) == "destroy")
        self.made = tuple(r for a, r in new.items() if actions.get(a) == "create")

    def _compare(
        self, name: str, old: Resources, new: Resources, after: ScopedStack | None
    ) -> None:
        declared = read_declared(after.content if after else {})
        paired = pair(old, new, declared)
        compared = [compare(one, other) for one, other in paired.kept]
        fresh = {block_address(r.address) for r in paired.made} - {block_address(a) for a in old}
        for change in follow(compared, fresh):
            self.changes += elsewhere(name, change) or kept(name, change)
        for resource in paired.made:
            known = resource.address in declared.imported
            self.changes.append((imported if known else created)(name, resource))
        self.made = tuple(r for r in paired.made if r.address not in declared.imported)
        self._lose(name, paired.gone, declared.removed, paired.blocked, is_stack=after is None)

    def _lose(
        self,
        name: str,
        gone: Iterable[Resource],
        removed: Mapping[str, bool],
        blocked: Mapping[str, str],
        *,
        is_stack: bool,
    ) -> None:
        destroyed: list[Resource] = []
        for resource in gone:
            says = removed.get(resource.address, removed.get(block_address(resource.address)))
            if says is False:
                self.changes.append(forgotten(name, resource))
                continue
            destroyed.append(resource)
            if is_stack:
                self.changes.append(gone_with_stack(name, resource))
            else:
                self.changes.append(lost(name, resource, blocked.get(resource.address)))
        self.gone = tuple(destroyed)


def _as_written(planned: Resources, written: Resources) -> Resources:
    """Return planned resources with the arguments that are written: the provider adds others."""
    return {
        address: resource.only(written[address].body) if address in written else resource
        for address, resource in planned.items()
    }


def _plan_of(
    name: str,
    before: ScopedStack | None,
    after: ScopedStack | None,
    plans: Mapping[str, JsonFile],
) -> Object | None:
    """Return the plan that says what Terraform does; None where two sides are compared."""
    if after is not None and after.is_plan:
        is_plain = before is not None and before.is_plan and not says_what_changes(before, after)
        return None if is_plain else after.content
    return plans[name].content if name in plans else None


def _may_differ(before: ScopedStack, after: ScopedStack) -> bool:
    """Whether a stack can differ: its bytes do, or it reads the outputs of another stack."""
    if not before.source.is_same(after.source):
        return True
    return "terraform_remote_state" in as_object(after.content.get("data"))


def _with_renamed(
    changes: list[ResourceChange],
    gone: list[tuple[str, Resource]],
    made: list[tuple[str, Resource]],
) -> list[ResourceChange]:
    """Return the changes, with how to keep each resource that only has another address."""
    renamed = find_renamed(gone, made)
    resources = {(stack, resource.address): resource for stack, resource in gone}
    found: list[ResourceChange] = []
    for change in changes:
        key = (change.stack, change.address)
        target = renamed.get(key) if change.action == "destroy" else None
        if target is None:
            found.append(change)
            continue
        how = how_to_keep(change.stack, resources[key], target)
        note = f"{how} {change.note}".strip()
        found.append(replace(change, why=why_renamed(change.stack, target), note=note))
    return found
