"""
Terraform's JSON syntax, where one block and a list of blocks are the same thing.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeAlias, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

Json: TypeAlias = dict[str, Any]

COMMENT = "//"


def parse(text: str) -> Json:
    """
    Read a Terraform JSON document and refuse a key that is there twice.

    Python would keep the last one; Terraform reads both as blocks, so one of them would go
    unchecked.
    """
    return cast("Json", json.loads(text, object_pairs_hook=_without_duplicates))


def _without_duplicates(pairs: list[tuple[str, Any]]) -> Json:
    keys = [key for key, _ in pairs]
    for key in keys:
        if keys.count(key) > 1 and key != COMMENT:
            raise ValueError(f"The key {key!r} is there twice in one object.")
    return dict(pairs)


def blocks(value: object) -> Iterator[Json]:
    """
    Yield each block of *value*: a list of blocks, a single one, or nothing.
    """
    if isinstance(value, dict):
        yield cast("Json", value)
    elif isinstance(value, list):
        for item in cast("list[object]", value):
            yield from blocks(item)


def labelled(value: object, labels: int) -> Iterator[tuple[tuple[str, ...], Json]]:
    """
    Yield each block of *value* with its labels: two for a resource (type and name).
    """
    for block in blocks(value):
        if not labels:
            yield (), block
            continue
        for label, inner in block.items():
            if label != COMMENT:
                for rest, body in labelled(inner, labels - 1):
                    yield (label, *rest), body


def first(value: object) -> Json:
    """
    Return the first block of *value*, or an empty one.
    """
    for block in blocks(value):
        return block
    return {}


def strings(value: object) -> tuple[str, ...]:
    """
    Return the texts of *value*: a list, or a single one.
    """
    items = cast("list[object]", value) if isinstance(value, list) else [value]
    return tuple(item for item in items if isinstance(item, str))
