"""Replacements that follow from the replacement of another resource."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from deploy_access.json_shape import as_object, objects, texts
from deploy_access.resource_diff.instances import block_address
from deploy_access.resource_diff.replacement import Change
from deploy_access.resource_diff.resource_kinds import kind_of
from deploy_access.terraform.definitions import texts_within

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from deploy_access.resource_diff.instances import Resource

_EXPRESSION = re.compile(r"\$\{([^}]*)\}")
_REFERENCE = re.compile(r"(?<![\w.])(?P<block>[a-z]\w*\.[\w-]+)(?:\[[^\]]*\])?(?:\.(?P<name>\w+))?")


def follow(changes: Sequence[Change], made: Iterable[str]) -> list[Change]:
    """
    Return the changes, with each replacement that follows from that of a named resource.

    Args:
        changes: The resources of both sides.
        made: The addresses of the resources that are created, without instances.
    """
    replaced = {block_address(c.after.address) for c in changes if c.is_replaced} | set(made)
    touched = {block_address(c.after.address) for c in changes if c.is_any}
    named: dict[str, list[tuple[Change, str, bool]]] = {}
    for change in changes:
        for block, why, is_trigger in () if change.is_replaced else _names(change.after):
            named.setdefault(block, []).append((change, why, is_trigger))
    found: dict[str, str] = {}
    left = [*replaced, *(touched - replaced)]
    for block in left:
        for change, why, is_trigger in named.get(block, []):
            if (is_trigger or block in replaced) and change.after.address not in found:
                found[change.after.address] = why
                replaced.add(block_address(change.after.address))
                left.append(block_address(change.after.address))
    return [
        _replaced(change, found[change.after.address]) if change.after.address in found else change
        for change in changes
    ]


def _replaced(change: Change, why: str) -> Change:
    return Change(before=change.before, after=change.after, differences=change.differences, why=why)


def _names(resource: Resource) -> Iterator[tuple[str, str, bool]]:
    """List the blocks whose replacement replaces *resource*, each with its sentence."""
    for lifecycle in objects(resource.body.get("lifecycle")):
        for trigger in texts(lifecycle.get("replace_triggered_by")):
            for found in _REFERENCE.finditer(trigger):
                yield found["block"], f"`replace_triggered_by` names `{found[0]}`.", True
    fixed = kind_of(resource.type).fixed or {}
    for argument in sorted({name.partition(".")[0] for name in fixed}):
        for found in _references(resource.body.get(argument)):
            if not _is_written(resource, found):
                why = f"`{argument}` cannot be changed, and comes from `{found['block']}`."
                yield found["block"], why, False


def _references(value: object) -> Iterator[re.Match[str]]:
    for text in texts_within(value):
        for expression in _EXPRESSION.findall(text):
            yield from _REFERENCE.finditer(expression)


def _is_written(resource: Resource, found: re.Match[str]) -> bool:
    """Whether the named attribute is an argument, whose value does not change by a replacement."""
    kind, _, name = found["block"].partition(".")
    block = resource.scope.blocks.get(("resource", kind, name, None))
    return block is not None and found["name"] in as_object(cast("object", block.body))
