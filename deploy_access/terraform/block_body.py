"""The blocks within a block."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.json_shape import as_list, as_text, objects
from deploy_access.terraform.estate import Unread
from deploy_access.terraform.instances import filled, members_of_dynamic
from deploy_access.terraform.presence import marked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deploy_access.terraform.blocks import Block
    from deploy_access.terraform.resolver import Resolver


# The blocks of `aws_iam_policy_document`, which lie in each other and may each be `dynamic`.
_LEVELS = ("statement", "principals", "not_principals", "condition")
_EXPANDED = ("dynamic", *_LEVELS)


def nested(scope: Resolver, block: Block, kind: str) -> Iterator[Mapping[str, object]]:
    """
    Resolve the blocks of *kind* in *block*.

    A `dynamic` block whose `for_each` is not known is read once and noted.
    """
    if block.body.keys().isdisjoint((kind, *_EXPANDED)):
        return  # Most blocks end here, without a copy.
    yield from objects(scope.value(_expanded(scope, block, block.body, kind).get(kind)))


def _expanded(
    scope: Resolver, block: Block, body: Mapping[str, object], kind: str
) -> Mapping[str, object]:
    """Put the content of `dynamic` blocks where their blocks would be, at every level."""
    found = dict(body)
    for dynamic in objects(found.pop("dynamic", None)):
        for name, written in dynamic.items():
            for each in objects(written):
                made = _made(scope, f"{block.address}.{kind}", name, each)
                found[name] = [*as_list(found.get(name)), *made]
    for name in _LEVELS:
        if name in found:
            found[name] = [_expanded(scope, block, b, kind) for b in objects(found[name])]
    return found


def _made(
    scope: Resolver, address: str, name: str, dynamic: Mapping[str, object]
) -> Iterator[Mapping[str, object]]:
    """
    List the blocks that a `dynamic` block makes.

    Source: https://developer.hashicorp.com/terraform/language/expressions/dynamic-blocks
    """
    given, contents = dynamic.get("for_each"), list(objects(dynamic.get("content")))
    known = members_of_dynamic(scope, given, contents)
    if known is None:
        scope.notes.append(_several(scope, address, name, given))
        yield from (marked(content, given, "unknown") for content in contents)
        return
    members, is_firm = known
    iterator = as_text(dynamic.get("iterator")) or name
    for key, value in members:
        for content in contents:
            own = filled(scope, content, {iterator: {"key": key, "value": value}})
            yield own if is_firm else marked(own, given, "default")
    if not members and not is_firm:
        yield from (marked(content, given, "default-absent") for content in contents)


def _several(scope: Resolver, address: str, name: str, given: object) -> Unread:
    return Unread(
        kind="multiplicity",
        what=f"How many `{name}` blocks there are is not known; it is read as one.",
        given=str(given),
        where=scope.module.where(address),
    )


def unknown_number(scope: Resolver, block: Block) -> Unread:
    """Return the note that it is not known how many of *block* there are."""
    argument = "for_each" if block.body.get("count") is None else "count"
    return Unread(
        kind="multiplicity",
        what="How many of it there are is not resolved; it is read as one.",
        given=block.perhaps,
        where=scope.module.where(f"{block.address}.{argument}"),
    )
