"""
What no longer waits for another: a stack, a resource, or an apply that a condition stopped.

Terraform then makes both at once, or the other one first: a permission before what holds it back.

Sources: https://developer.hashicorp.com/terraform/cdktf/concepts/stacks#stack-dependencies,
https://developer.hashicorp.com/terraform/language/meta-arguments/depends_on and
https://developer.hashicorp.com/terraform/language/expressions/custom-conditions
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from deploy_access.json_shape import objects, texts
from deploy_access.review.model import Notice
from deploy_access.terraform.block_comments import without_comment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deploy_access.resource_diff.instances import Resource
    from deploy_access.terraform.snapshot import ScopedStack

_STACK = "The stack no longer waits for stack `{}`: both may be applied in any order."
_RESOURCE = "It no longer waits for `{}`: Terraform may make it first."
_CONDITION = "A `{}` is gone or another: Terraform may go on where it stopped before."
_CONDITIONS = ("precondition", "postcondition")


def waiting(
    before: ScopedStack, after: ScopedStack, head: Mapping[str, ScopedStack]
) -> Iterator[Notice]:
    """List the stacks that a stack needed before, and that are still there, but are not needed."""
    lost = {*before.source.dependencies} & head.keys() - {after.name}
    for name in sorted(lost - _needed(after, head) if lost else ()):
        yield Notice(kind="steering", address="dependencies", what=_STACK.format(name))


def unordered(before: Resource, after: Resource) -> Iterator[str]:
    """Say for which resources a resource waited, and which conditions held, only before."""
    if not before.body.keys() & {"depends_on", "lifecycle"}:
        return
    for address in sorted(_depends_on(before) - _depends_on(after)):
        written = json.dumps(without_comment(after.body))
        is_named = re.search(rf"(?<![\w.]){re.escape(address)}(?![\w-])", written)
        if not is_named and _is_there(after, address):
            yield _RESOURCE.format(address)
    for kind in _CONDITIONS:
        if not {*_conditions(before, kind)} <= {*_conditions(after, kind)}:
            yield _CONDITION.format(kind)


def _needed(stack: ScopedStack, head: Mapping[str, ScopedStack]) -> set[str]:
    """Return the stacks that are applied before *stack*, also through others."""
    found: set[str] = set()
    left = [*stack.source.dependencies]
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += head[name].source.dependencies if name in head else ()
    return found


def _depends_on(resource: Resource) -> set[str]:
    found = texts(resource.body.get("depends_on"))
    return {one.removeprefix("${").removesuffix("}").strip() for one in found}


def _is_there(resource: Resource, address: str) -> bool:
    mode, parts = "resource", address.partition("[")[0].split(".")
    if parts[0] == "data":
        mode, parts = "data", parts[1:]
    blocks = resource.scope.blocks
    return any((m, k, n) == (mode, *parts[:2]) for m, k, n, _ in blocks)


def _conditions(resource: Resource, kind: str) -> Iterator[str]:
    for lifecycle in objects(resource.body.get("lifecycle")):
        for condition in objects(lifecycle.get(kind)):
            yield json.dumps(condition.get("condition"))
