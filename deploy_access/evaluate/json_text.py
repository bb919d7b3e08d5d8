"""
Reading JSON without losing a key that is written twice.

JSON's usual readers keep the last of two equal keys and say nothing, so a condition that was
written first is gone.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, cast

from deploy_access.errors import InvalidValue, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

Path = tuple[str | int, ...]
"""The way into a document: keys, and places in a list."""


class JsonObject(dict[str, Any]):
    """
    An object of a JSON text, with what a dictionary cannot hold.

    Attributes:
        duplicates: Keys that it has more than once; the last one counts.

    """

    duplicates: tuple[str, ...] = ()


def read_json(text: str | bytes) -> object:
    """
    Read a JSON text; its objects remember their duplicate keys.

    Raises:
        InvalidValue: It is no JSON.

    """
    try:
        return cast("object", json.loads(text, object_pairs_hook=_object))
    except (ValueError, RecursionError) as error:
        raise InvalidValue(
            Problem(
                what="The document is no JSON.",
                given=text[:40],
                why=f"It cannot be read: {error}.",
                fix="Give the policy as IAM has it, for example from `aws iam get-role`.",
            )
        ) from error


def find_duplicates(document: object) -> Iterator[Path]:
    """Find every key that `read_json` has read more than once, with the way to it."""
    waiting: list[tuple[Path, object]] = [((), document)]
    while waiting:
        path, found = waiting.pop()
        if isinstance(found, JsonObject):
            yield from ((*path, key) for key in found.duplicates)
        if isinstance(found, dict):
            inner = cast("dict[str, object]", found).items()
            waiting.extend(((*path, key), value) for key, value in inner)
        elif isinstance(found, list):
            places = enumerate(cast("list[object]", found))
            waiting.extend(((*path, place), value) for place, value in places)


def _object(pairs: list[tuple[str, object]]) -> JsonObject:
    found = JsonObject(pairs)
    if len(found) < len(pairs):
        times = Counter(key for key, _ in pairs)
        found.duplicates = tuple(key for key in found if times[key] > 1)
    return found
