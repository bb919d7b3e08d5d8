"""
Reading JSON without losing a key that is written twice.

JSON's usual readers keep the last of two equal keys and say nothing, so a condition that was
written first is gone.
"""

from __future__ import annotations

import json
from collections import Counter
from math import isinf
from typing import TYPE_CHECKING, NamedTuple, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SHOWN = 100
"""How many objects with repeated keys are kept, of however many."""

JsonPath = tuple[str | int, ...]
"""The way into a document: keys, and places in a list."""


class JsonText(NamedTuple):
    """
    What a text says.

    Attributes:
        content: Its value; of equal keys the last one counts.
        repeated: The way to each key that an object has more than once. One inside of a value that
            another replaced has no way to it, and stands alone.
        more: How many objects more have repeated keys.
    """

    content: object
    repeated: tuple[JsonPath, ...]
    more: int


def parse_text(
    text: str | bytes, parse_constant: Callable[[str], object] | None = None
) -> JsonText:
    """
    Read JSON.

    Args:
        text: The JSON.
        parse_constant: What makes values of `NaN` and the like, which JSON does not have.

    Raises:
        ValueError: It is no JSON, or has a number that is too large.
        RecursionError: It is nested too deep.
    """
    objects = _Objects()
    content = json.loads(
        text, object_pairs_hook=objects, parse_constant=parse_constant, parse_float=_finite
    )
    repeated = tuple(objects.paths(content)) if objects.repeating else ()
    return JsonText(content, repeated, objects.more)


def _finite(text: str) -> float:
    """Read a number with a point or an exponent; `1e999` would be no number but infinity."""
    value = float(text)
    if isinf(value):
        raise ValueError(f"the number {text[:SHOWN]} is too large")
    return value


class _Objects:
    """Makes objects, and keeps those that have a key twice."""

    def __init__(self) -> None:
        self.repeating: dict[int, tuple[dict[str, object], list[str]]] = {}
        self.more = 0

    def __call__(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        found = dict(pairs)
        if len(found) != len(pairs):
            self._keep(found, [key for key, _ in pairs])
        return found

    def _keep(self, found: dict[str, object], keys: list[str]) -> None:
        if len(self.repeating) < SHOWN:
            twice = [key for key, count in Counter(keys).items() if count > 1]
            self.repeating[id(found)] = (found, twice)
        else:
            self.more += 1

    def paths(self, content: object) -> Iterator[JsonPath]:
        """Say where each repeated key is."""
        left = dict(self.repeating)
        stack: list[tuple[JsonPath, object]] = [((), content)]
        while stack and left:
            path, value = stack.pop()
            for key in left.pop(id(value), ({}, []))[1]:
                yield (*path, key)
            stack += (((*path, step), child) for step, child in _containers(value))
        yield from ((key,) for _, keys in left.values() for key in keys)


def _containers(value: object) -> Iterator[tuple[str | int, object]]:
    """List the objects and lists in *value*."""
    if isinstance(value, dict):
        steps = cast("dict[str | int, object]", value).items()
    elif isinstance(value, list):
        steps = enumerate(cast("list[object]", value))
    else:
        return
    yield from ((step, child) for step, child in steps if isinstance(child, dict | list))
