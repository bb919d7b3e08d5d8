"""What a value is made of: itself, and all that the names in it lead to, as it is written."""

from __future__ import annotations

import json
import re
from hashlib import blake2b
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.reading.scope import Scope

_NAME = re.compile(
    r"(?<![\w.])(?P<data>data\.)?(?P<kind>[A-Za-z_]\w*)\.(?P<name>[\w-]+)"
    r"(?:\[[^\]]*\])?(?:\.(?P<attribute>\w+))?"
)
# Those that put out what they are given; of others, AWS makes up what is no argument.
_WHOLE = ("null_resource", "random_", "terraform_data")


def made_of(scope: Scope, value: object) -> str:
    """
    Sum up a value with all that its names lead to: where two differ, it may be another value.

    It is for what nobody can resolve, where the same expression may stand for something else.
    """
    found: dict[str, object] = {}
    left = [value]
    while left:
        for name in _names(left.pop()):
            if name[0] not in found:
                found[name[0]] = _definition(scope, name)
                left.append(found[name[0]])
    text = json.dumps([value, found], sort_keys=True)
    return blake2b(text.encode(), digest_size=16).hexdigest()


def _names(value: object) -> Iterator[re.Match[str]]:
    left = [value]
    while left:
        found = left.pop()
        if isinstance(found, str):
            yield from _NAME.finditer(found) if "${" in found or "%{" in found else ()
        elif isinstance(found, dict):
            left += cast("dict[str, object]", found).values()
        elif isinstance(found, list):
            left += cast("list[object]", found)


def _definition(scope: Scope, found: re.Match[str]) -> object:
    kind, name, attribute = found["kind"], found["name"], found["attribute"]
    if not found["data"] and kind in {"local", "var"}:
        values = scope.module.local_values if kind == "local" else scope.module.variables
        return values.get(name)
    block = scope.blocks.get(("data" if found["data"] else "resource", kind, name, None))
    if block is None:
        return None
    if found["data"] or kind.startswith(_WHOLE):
        return {key: child for key, child in block.body.items() if key != "//"}
    return block.body.get(attribute or "")
