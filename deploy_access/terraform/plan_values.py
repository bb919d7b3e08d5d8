"""
The values of a resource in a plan: known values, and expressions for the others.

For a configuration in JSON the plan holds each expression in full, as `constant_value`. For one in
Terraform's own language it holds the references only.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

from deploy_access.json_shape import as_list, as_object, objects
from deploy_access.terraform.plan_expressions import KNOWN_LATER, expressions, literal, written

if TYPE_CHECKING:
    from collections.abc import Mapping

    _Object = Mapping[str, object]

_NOT_WRITTEN = {"references": list[object]()}
_LATER = f"${{{KNOWN_LATER}}}"
# A configuration has no `dynamic` blocks. Where one makes blocks of a statement of
# `aws_iam_policy_document`, and their number is not known, one stands for them that is not known.
_STANDS_FOR = {
    "condition": {"test": "StringEquals", "variable": _LATER, "values": [_LATER]},
    "not_principals": {"type": "AWS", "identifiers": [_LATER]},
    "principals": {"type": "AWS", "identifiers": [_LATER]},
}


def fill_in(values: _Object, unknown: _Object, configured: _Object) -> dict[str, object]:
    """Return the values, with expressions from the configuration for what is known after apply."""
    keys = dict.fromkeys([*values, *configured])
    return {
        key: _filled(key, values.get(key), unknown.get(key), configured.get(key)) for key in keys
    }


def _filled(name: str, value: object, unknown: object, configured: object) -> object:
    if not _has_unknown(unknown):
        return literal(value)
    if isinstance(configured, list):
        return _blocks(name, value, unknown, cast("list[object]", configured))
    if configured is None and next(objects(value), None) is not None:
        return _blocks(name, value, unknown, [])
    if configured is None:
        return None if unknown is True else literal(value)
    expression = written(name, as_object(configured))
    if unknown is True or "constant_value" in as_object(configured):
        return expression
    # Of a list some members are known: they stand first, and the expression for the others.
    pairs = zip(as_list(value), as_list(unknown), strict=False)
    known = [literal(child) for child, open_ in pairs if not _has_unknown(open_)]
    return [*known, *as_list(expression)]


def _blocks(name: str, value: object, unknown: object, configured: list[object]) -> object:
    """
    Fill in nested blocks.

    Their order in the plan may differ from the configuration, so each is matched by its constants.
    """
    if not isinstance(value, list) or not isinstance(unknown, list):
        more = [_STANDS_FOR[name]] if name in _STANDS_FOR else []
        return [*as_list(expressions(configured)), *more]
    left = list(configured)
    found: list[object] = []
    pairs = zip(
        map(as_object, cast("list[object]", value)),
        map(as_object, cast("list[object]", unknown)),
        strict=False,
    )
    for block, open_ in pairs:
        match = next((each for each in left if _agrees(block, as_object(each))), None)
        if match is not None:
            left.remove(match)
        known = as_object(match)
        lost: dict[str, object] = {
            key: list[object]() if key in _STANDS_FOR else _NOT_WRITTEN
            for key in open_
            if key not in known
        }
        found.append(fill_in(block, open_, {**known, **lost}))
    return found


def _agrees(block: _Object, configured: _Object) -> bool:
    """Whether *block* has every constant of the configuration."""
    for name, expression in configured.items():
        leaf = as_object(expression)
        if "constant_value" in leaf and "references" not in leaf:
            constant = leaf["constant_value"]
            if not any(
                _same(constant, value) for value in (block.get(name), literal(block.get(name)))
            ):
                return False
    return True


def _same(one: object, other: object) -> bool:
    """Whether two values are equal; a set is a list whose order means nothing."""
    if isinstance(one, list) and isinstance(other, list):
        lists = (cast("list[object]", one), cast("list[object]", other))
        first, second = (sorted(json.dumps(child) for child in each) for each in lists)
        return first == second
    return one == other


def _has_unknown(unknown: object) -> bool:
    left = [unknown]
    while left:
        found = left.pop()
        if found is True:
            return True
        if isinstance(found, dict):
            left += cast("dict[str, object]", found).values()
        elif isinstance(found, list):
            left += cast("list[object]", found)
    return False
