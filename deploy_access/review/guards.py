"""
Notices of a change that keeps data less safe: a lock that is lifted, a period that is shorter.

Sources: the pages of the resources in
https://registry.terraform.io/providers/hashicorp/aws/latest/docs and
https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deploy_access.json_shape import as_text, objects, texts
from deploy_access.resource_diff.instances import block_address, stack_resources
from deploy_access.resource_diff.moves import pair, read_declared
from deploy_access.resource_diff.protection import prevents_destroy, weakened_arguments
from deploy_access.resource_diff.resource_kinds import kind_of
from deploy_access.resource_diff.resource_names import identity, is_named_by
from deploy_access.review.model import Notice
from deploy_access.review.order import unordered
from deploy_access.review.plans import made_for

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from deploy_access.resource_diff.instances import Resource
    from deploy_access.resource_diff.model import ResourceChange
    from deploy_access.resource_diff.moves import Pairs
    from deploy_access.terraform.snapshot import ScopedStack, Snapshot

_LIFTED = "`prevent_destroy` is gone, so Terraform may destroy it."
_IGNORED = (
    "`ignore_changes` is another: Terraform leaves alone what it names, whatever stands here."
)
_PROVIDER = "Its provider is another, so Terraform may make it as somebody else or somewhere else."
_EXPIRES = "It deletes data by their age or number, and has other rules now."


def lifted(before: ScopedStack, after: ScopedStack) -> Iterator[Notice]:
    """List the guards of a stack that keep less, and the resources with another provider."""
    if before.source.is_same(after.source):
        return
    if after.has_changes and not before.is_plan:
        before = made_for(after)
    # A plan and a state have no `lifecycle`, and say otherwise which provider it is.
    is_written = not before.is_plan and not after.is_plan
    declared = read_declared(after.content)
    paired = pair(stack_resources(before), stack_resources(after), declared)
    for was, now in paired.kept:
        address = block_address(now.address)
        for what in _lifted(was, now):
            yield Notice(kind="guard", address=address, what=what)
        for what in unordered(was, now) if is_written else ():
            yield Notice(kind="steering", address=address, what=what)
        if is_written and _provider(was) != _provider(now):
            yield Notice(kind="steering", address=address, what=_PROVIDER)
        if is_written and _ignored(was) != _ignored(now):
            yield Notice(kind="steering", address=address, what=_IGNORED)
    for part, successor in _ended(paired, declared.removed):
        for what in weakened_arguments(part, successor):
            yield Notice(kind="guard", address=block_address(part.address), what=what)


def expiring(
    changes: Collection[ResourceChange], base: Snapshot, head: Snapshot
) -> Iterator[Notice]:
    """List the resources that delete data by other rules than before, in stacks of both sides."""
    for change in changes:
        kind = kind_of(change.type)
        if not kind.deletes_by or not {change.stack} <= base.stacks.keys() & head.stacks.keys():
            continue
        is_new = change.action == "create" and kind.part_of
        differs = change.action in {"update", "replace"} and any(
            re.split(r"[.\[]", one.name)[0] == kind.deletes_by for one in change.attributes
        )
        if differs or (is_new and not _is_of_new(change, changes, head.stacks[change.stack])):
            yield Notice(
                kind="guard", address=change.address, what=_EXPIRES, stacks=(change.stack,)
            )


def _lifted(before: Resource, after: Resource) -> Iterator[str]:
    if prevents_destroy(before.body) and not prevents_destroy(after.body):
        yield _LIFTED
    yield from weakened_arguments(before, after)


def _ended(
    paired: Pairs, removed: Mapping[str, bool]
) -> Iterator[tuple[Resource, Resource | None]]:
    """List settings that are destroyed while their resource stays, each with its successor."""
    successors = {(one.type, identity(one)): one for one in paired.made}
    for part in paired.gone:
        says = removed.get(part.address, removed.get(block_address(part.address), True))
        if kind_of(part.type).part_of and says and not _is_part_of(part, paired.gone):
            known = identity(part)
            yield part, successors.get((part.type, known)) if known else None


def _is_of_new(
    change: ResourceChange, changes: Iterable[ResourceChange], stack: ScopedStack
) -> bool:
    """Whether the setting that *change* makes is one of a resource that is new itself."""
    resources = stack_resources(stack)
    part = resources.get(change.address)
    made = {one.address for one in changes if one.stack == stack.name and one.action == "create"}
    return part is not None and _is_part_of(part, (resources[a] for a in made & resources.keys()))


def _is_part_of(part: Resource, others: Iterable[Resource]) -> bool:
    """Whether *part* is a setting of one of the others that hold data."""
    argument = kind_of(part.type).part_of
    return any(is_named_by(part, argument, other) for other in others if kind_of(other.type).holds)


def _provider(resource: Resource) -> str:
    return (as_text(resource.body.get("provider")) or "").removeprefix("${").removesuffix("}")


def _ignored(resource: Resource) -> frozenset[str]:
    blocks = objects(resource.body.get("lifecycle"))
    return frozenset(one for block in blocks for one in texts(block.get("ignore_changes")))
