"""Nested blocks, and whether a block makes anything."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deploy_access.json_shape import as_list, objects
from deploy_access.terraform.estate import Unread
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

    A `dynamic` block is read once and noted: how many blocks it makes is not known.
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
                made = [
                    marked(content, each.get("for_each"), "unknown")
                    for content in objects(each.get("content"))
                ]
                found[name] = [*as_list(found.get(name)), *made]
                scope.notes.append(_several(scope, f"{block.address}.{kind}", name, each))
    for name in _LEVELS:
        if name in found:
            found[name] = [_expanded(scope, block, b, kind) for b in objects(found[name])]
    return found


def _several(scope: Resolver, address: str, name: str, block: Mapping[str, object]) -> Unread:
    return Unread(
        kind="multiplicity",
        what=f"How many `{name}` blocks there are is not known; it is read as one.",
        given=str(block.get("for_each")),
        where=scope.module.where(address),
    )


def made(scope: Resolver, block: Block) -> Block | None:
    """
    Return *block* with what it rests on that it is there; None when it makes nothing.

    How many it makes is noted when it is not known. A `count` of 0 makes nothing.
    """
    for argument in ("count", "for_each"):
        given = block.body.get(argument)
        if given is None:
            continue
        known = scope.value(given)
        if known in (0, "0") and argument == "count":
            return None
        if known not in (1, "1") or argument == "for_each":
            scope.notes.append(_unknown_number(scope, block, argument, given))
            return replace(block, perhaps=str(given))
    return block


def _unknown_number(scope: Resolver, block: Block, argument: str, given: object) -> Unread:
    return Unread(
        kind="multiplicity",
        what="How many of it there are is not resolved; it is read as one.",
        given=str(given),
        where=scope.module.where(f"{block.address}.{argument}"),
    )
