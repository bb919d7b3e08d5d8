"""What `each` and `count` stand for in one instance of a block, where that is written out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from deploy_access.reading.plan_expressions import literal
from deploy_access.reading.shapes import as_object, as_text, is_container

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAMED = re.compile(r"\$\{\s*(?P<name>(?:each\.(?:key|value)|count\.index)(?:\.\w+)*)\s*\}")


def filled(body: Mapping[str, object], key: object, value: object) -> Mapping[str, object]:
    """
    Copy arguments with what the instance of *key* has in them.

    Args:
        body: The arguments of the block.
        key: The key of `for_each`, or the number of `count`.
        value: What `for_each` has for the key; the key itself for one of a set.
    """
    known = {"each": {"key": key, "value": value}, "count": {"index": key}}
    return {
        name: child if name in {"for_each", "count"} else _filled(child, known)
        for name, child in body.items()
    }


def _filled(written: object, known: Mapping[str, object]) -> object:
    if isinstance(written, dict):
        items = cast("dict[str, object]", written).items()
        return {name: _filled(child, known) for name, child in items}
    if isinstance(written, list):
        return [_filled(child, known) for child in cast("list[object]", written)]
    if not isinstance(written, str) or "${" not in written:
        return written
    whole = _NAMED.fullmatch(written)
    if whole and is_container(found := _find(known, whole["name"])):
        return found
    return _NAMED.sub(lambda one: _text(known, one), written)


def _text(known: Mapping[str, object], one: re.Match[str]) -> str:
    text = as_text(_find(known, one["name"]))
    return one[0] if text is None else f"{literal(text)}"


def _find(known: Mapping[str, object], name: str) -> object:
    found: object = known
    for part in name.split("."):
        found = as_object(found).get(part)
    return found
