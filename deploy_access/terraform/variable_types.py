"""
The values that variables have by their types.

Source: https://developer.hashicorp.com/terraform/language/expressions/type-constraints
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from deploy_access.json_shape import as_list
from deploy_access.terraform.expression_values import (
    OpenList,
    UnknownError,
    as_set,
    number_of,
    text_of,
    truth_of,
)
from deploy_access.terraform.hcl import parse_expression
from deploy_access.terraform.hcl_nodes import (
    FunctionCall,
    ListOf,
    LiteralValue,
    ObjectOf,
    Template,
    Traversal,
)
from deploy_access.terraform.symbols import is_symbol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from deploy_access.terraform.hcl_nodes import Node


def typed(value: object, type_: str) -> object:
    """
    Return what Terraform makes of *value* for a variable of a type.

    Args:
        value: The value.
        type_: The type as it is written; empty for any.
    """
    try:
        return _converted(value, parse_expression(type_)) if type_.strip() else value
    except UnknownError:
        return value  # an error of Terraform's


def _converted(value: object, kind: Node) -> object:
    if value is None or is_symbol(value) or isinstance(value, OpenList):
        return value
    found = value
    match kind:
        case Traversal((str(name),)) if name in _PLAIN:
            found = _PLAIN[name](value)
        case FunctionCall("set", (inner,)):
            found = as_set([_converted(each, inner) for each in as_list(value)])
        case FunctionCall("list", (inner,)) if isinstance(value, list):
            found = [_converted(each, inner) for each in cast("list[object]", value)]
        case FunctionCall("map", (inner,)) if isinstance(value, dict):
            items = cast("dict[str, object]", value).items()
            found = {key: _converted(each, inner) for key, each in items}
        case FunctionCall("object", (ObjectOf(items),)) if isinstance(value, dict):
            found = _object(cast("dict[str, object]", value), items)
        case _:
            pass
    return found


def _object(value: Mapping[str, object], items: tuple[tuple[Node, Node], ...]) -> object:
    """Return an object with the defaults of the attributes that it does not have."""
    found: dict[str, object] = {}
    for key, kind in items:
        name = _constant(key)
        if not isinstance(name, str):
            raise UnknownError
        match kind:
            case FunctionCall("optional", (inner, *defaults)):
                given = value.get(name)
                if given is None and defaults:
                    given = _constant(defaults[0])
                found[name] = _converted(given, inner)
            case _ if name in value:
                found[name] = _converted(value[name], kind)
            case _:
                raise UnknownError
    return found


def _constant(node: Node) -> object:
    """Return the value of an expression without names, which is all that a type may have."""
    match node:
        case LiteralValue(value):
            return value
        case Template(parts) if all(isinstance(part, str) for part in parts):
            return "".join(map(str, parts))
        case ListOf(items):
            return [_constant(item) for item in items]
        case ObjectOf(items):
            return {str(_constant(key)): _constant(item) for key, item in items}
        case _:
            raise UnknownError


_PLAIN: Mapping[str, Callable[[object], object]] = {
    "bool": truth_of,
    "number": number_of,
    "string": text_of,
}
