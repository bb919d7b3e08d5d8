"""
The functions of Terraform that are evaluated, and those that convert values.

A function that is not here, or whose arguments Terraform would refuse, is not resolved.

Source: https://developer.hashicorp.com/terraform/language/functions
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NoReturn

from deploy_access.json_shape import as_text, is_container
from deploy_access.terraform.collection_functions import COLLECTION_FUNCTIONS
from deploy_access.terraform.expression_values import (
    SetOf,
    UnknownError,
    as_set,
    is_unresolved,
    items_of,
    members_of,
    number_of,
    text_of,
    truth_of,
    type_of,
    unified,
)
from deploy_access.terraform.symbols import is_symbol
from deploy_access.terraform.text_functions import TEXT_FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Arguments = Sequence[object]
    Function = Callable[[Arguments], object]


def call(name: str, arguments: Arguments) -> object:
    """
    Return the value of a function.

    Raises:
        UnknownError: It depends on what is not resolved, or is none of those that are evaluated.
    """
    function = _FUNCTIONS.get(name)
    if function is None or (name not in _OPEN and is_unresolved(list(arguments))):
        raise UnknownError
    return function(arguments)


def _converted(convert: Callable[[object], object]) -> Function:
    """Return a conversion, which leaves null and what is not resolved as it is."""

    def function(arguments: Arguments) -> object:
        if len(arguments) != 1:
            raise UnknownError
        (value,) = arguments
        return value if value is None or is_symbol(value) else convert(value)

    return function


def _as_list(value: object) -> list[object]:
    return unified(members_of(value))


def _as_map(value: object) -> dict[str, object]:
    items = items_of(value)
    return dict(zip(items, unified(items.values()), strict=True))


def _as_set(value: object) -> list[object]:
    # A set of what is not resolved counts as a list where its order does not matter.
    return value if isinstance(value, SetOf) else as_set(members_of(value))


def _encoded(arguments: Arguments) -> str:
    if len(arguments) != 1:
        raise UnknownError
    return json.dumps(arguments[0], ensure_ascii=False, separators=(",", ":"))


def _decoded(arguments: Arguments) -> object:
    if len(arguments) != 1:
        raise UnknownError
    try:
        return json.loads(text_of(arguments[0]), parse_constant=_refused)
    except (ValueError, RecursionError) as error:
        raise UnknownError from error


def _refused(constant: str) -> NoReturn:
    """Refuse `NaN` and `Infinity`, which Python reads and JSON does not have."""
    raise ValueError(constant)


def _coalesced(arguments: Arguments) -> object:
    """Return the first argument that is neither null nor an empty text."""
    for value in arguments:
        if is_symbol(value):
            raise UnknownError
        if value is not None and value != "":
            known = [each for each in arguments if not is_unresolved(each)]
            types = {type_of(each) for each in known} - {"null"}
            return value if is_container(value) or len(types) == 1 else as_text(value)
    raise UnknownError


def _coalesced_list(arguments: Arguments) -> object:
    for value in arguments:
        if value is not None and members_of(value):
            return value
    raise UnknownError


def _tried(arguments: Arguments) -> object:
    """Return the first argument: whether it is an error is not known when it is not resolved."""
    if not arguments or is_unresolved(arguments[0]):
        raise UnknownError
    return arguments[0]


# What these return does not depend on the members of a list or a map that are not resolved.
_OPEN = {
    *("coalesce", "coalescelist", "compact", "concat", "contains", "element", "flatten", "format"),
    *("formatlist", "join", "jsonencode", "keys", "length", "lookup", "merge", "nonsensitive"),
    *("one", "reverse", "sensitive", "slice", "tolist", "tomap", "toset", "tostring", "try"),
    *("values", "zipmap"),
}
_FUNCTIONS: Mapping[str, Function] = {
    **TEXT_FUNCTIONS,
    **COLLECTION_FUNCTIONS,
    "coalesce": _coalesced,
    "coalescelist": _coalesced_list,
    "jsondecode": _decoded,
    "jsonencode": _encoded,
    "nonsensitive": _converted(lambda value: value),
    "sensitive": _converted(lambda value: value),
    "tobool": _converted(truth_of),
    "tolist": _converted(_as_list),
    "tomap": _converted(_as_map),
    "tonumber": _converted(number_of),
    "toset": _converted(_as_set),
    "tostring": _converted(text_of),
    "try": _tried,
}
