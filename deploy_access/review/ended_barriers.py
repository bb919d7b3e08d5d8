"""Notices of what held access back, watched or kept copies, and is destroyed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.json_shape import as_object, as_text, objects
from deploy_access.resource_diff.argument_values import has_reference, is_policy, parsed, resolve
from deploy_access.resource_diff.instances import stack_resources
from deploy_access.resource_diff.resource_names import is_named_by
from deploy_access.resource_diff.stack_pairs import pairs
from deploy_access.review.barriers import BARRIERS
from deploy_access.review.model import Notice
from deploy_access.terraform.module_facts import READERS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from deploy_access.resource_diff.instances import Resource
    from deploy_access.resource_diff.model import ResourceChange
    from deploy_access.terraform.snapshot import Snapshot

_DENIED = (
    "It denied something, and is not compared: what another policy allows of it is allowed now."
)
_MAY = "It may have denied something, and is not compared: what is in it is not known here."


def ended(changes: Iterable[ResourceChange], base: Snapshot, head: Snapshot) -> Iterator[Notice]:
    """List the barriers that go while what they are barriers of stays."""
    gone: dict[str, list[ResourceChange]] = {}
    for change in changes:
        if change.is_destroyed:
            gone.setdefault(change.stack, []).append(change)
    for name, before, _ in pairs(base.stacks, head.stacks) if gone else ():
        if before and name in gone:
            yield from _of_stack(gone[name], stack_resources(before))


def _of_stack(
    gone: Collection[ResourceChange], resources: Mapping[str, Resource]
) -> Iterator[Notice]:
    others = [resources[one.address] for one in gone if one.address in resources]
    for change in gone:
        part = resources.get(change.address)
        if part and change.action == "destroy":
            found = _notice(change, part, others)
            yield from (found,) if found else ()


def _notice(change: ResourceChange, part: Resource, gone: Collection[Resource]) -> Notice | None:
    barrier = BARRIERS.get(part.type)
    what = barrier.what if barrier else _denied(part)
    if not what or as_text(part.body.get("skip_destroy")) == "true":
        return None
    of = (barrier.of,) if barrier else tuple(part.body)
    others = [one for one in gone if one.address != part.address]
    if any(name and is_named_by(part, name, other) for name in of for other in others):
        return None
    kind = barrier.kind if barrier else "access"
    return Notice(kind=kind, address=change.address, what=what, stacks=(change.stack,))


def _denied(part: Resource) -> str:
    """Say what the end of a policy means that `access_diff` does not compare."""
    if part.type in READERS:
        return ""
    for name, written in part.body.items():
        value = resolve(part.scope, written)
        document = value if is_policy(value) else parsed(value)
        if is_policy(document):
            statements = objects(as_object(document).get("Statement"))
            if any(one.get("Effect") != "Allow" for one in statements):
                return _DENIED
        elif name.endswith("policy") and "policy" in part.type and has_reference(value):
            return _MAY
    return ""
