"""The operators of Terraform's expressions, and the type that the branches of a conditional get."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, cast

from deploy_access.json_shape import as_text, is_container
from deploy_access.terraform.expression_values import (
    SetOf,
    UnknownError,
    as_set,
    has_numbers,
    is_same,
    is_unresolved,
    members_of,
    number_of,
    truth_of,
    type_of,
    unified,
    whole_of,
)
from deploy_access.terraform.hcl_literals import DIGITS

if TYPE_CHECKING:
    from collections.abc import Callable

_ORDER: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_LARGEST = 10**DIGITS


def operate(sign: str, left: object, right: object) -> object:
    """
    Return the value of `left sign right`.

    Raises:
        UnknownError: It depends on what is not resolved, or is an error of Terraform's.
    """
    match sign:
        case "==":
            return is_same(left, right)
        case "!=":
            return not is_same(left, right)
        case "&&" | "||":
            return _both(left, right, decides=sign == "||")
        case "<" | "<=" | ">" | ">=":
            return _ORDER[sign](number_of(left), number_of(right))
        case _:
            return _computed(sign, whole_of(left), whole_of(right))


def negate(sign: str, value: object) -> object:
    """
    Return the value of `!value` or `-value`.

    Raises:
        UnknownError: It is not resolved.
    """
    return not truth_of(value) if sign == "!" else -number_of(value)


def _both(left: object, right: object, *, decides: bool) -> bool:
    """Return a value that one side alone may decide."""
    known = [truth_of(side) for side in (left, right) if not is_unresolved(side)]
    if decides in known:
        return decides
    if len(known) == 1 or is_unresolved([left, right]):
        raise UnknownError
    return not decides


def _computed(sign: str, left: int, right: int) -> int:
    """Compute with whole numbers; fractions have more digits in Terraform than in Python."""
    match sign:
        case "+":
            found = left + right
        case "-":
            found = left - right
        case "*":
            found = left * right
        case "/" if right and left % right == 0:
            found = left // right
        case "%" if left >= 0 and right > 0:
            found = left % right
        case _:
            raise UnknownError
    if abs(found) >= _LARGEST:
        raise UnknownError
    return found


def of_common_type(chosen: object, other: object) -> object:
    """
    Return the branch of a conditional that counts, as the type that both branches have in common.

    Raises:
        UnknownError: The type depends on more than these values.
    """
    if chosen is None or other is None or isinstance(chosen, str):
        return chosen
    if isinstance(other, SetOf) and isinstance(chosen, list):
        return as_set(members_of(cast("object", chosen)))
    if not is_container(chosen):
        return (
            as_text(chosen) if type_of(other) == "string" and not is_unresolved(other) else chosen
        )
    if not has_numbers(chosen):
        return chosen
    return _of_members(chosen, other)


def _of_members(chosen: object, other: object) -> object:
    if isinstance(chosen, dict) and isinstance(other, dict):
        object_, others = cast("dict[str, object]", chosen), cast("dict[str, object]", other)
        if object_.keys() == others.keys():
            return {k: of_common_type(v, others[k]) for k, v in object_.items()}
        found = unified([*object_.values(), *others.values()])
        return dict(zip(object_, found, strict=False))
    if isinstance(chosen, list) and isinstance(other, list):
        members, rest = members_of(cast("object", chosen)), members_of(cast("object", other))
        if len(members) == len(rest):
            return [of_common_type(*pair) for pair in zip(members, rest, strict=True)]
        return unified([*members, *rest])[: len(members)]
    raise UnknownError
