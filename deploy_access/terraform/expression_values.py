"""
The values that an expression has while it is evaluated.

They are those of JSON, a set, and a block. What is not resolved is a symbol (`symbols`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from deploy_access.json_shape import as_text, is_container
from deploy_access.terraform.hcl_literals import read_number
from deploy_access.terraform.hcl_tokens import NotUnderstoodError
from deploy_access.terraform.symbols import has_symbol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping


class UnknownError(Exception):
    """The module does not hold the value of an expression."""


class SetOf(list[object]):
    """A set: no member twice, and in no order that an index could count."""


class OpenList(list[object]):
    """A list in which a symbol stands for any number of members."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """
    The names that stand for a value in one place only.

    Attributes:
        values: `each`, `count`, the iterator of a `dynamic` block, the names of a `for`.
        is_loop: Whether they change from member to member, so that one symbol cannot stand for an
            expression that has them.
        written: Writes an expression with the values in place of the names, to tell the symbols of
            several instances from each other.
    """

    values: Mapping[str, object] = field(default_factory=dict[str, object])
    is_loop: bool = False
    written: Callable[[str], str] = str


NO_NAMES = Names()


def is_unresolved(value: object) -> bool:
    """Whether *value* is a text that is not resolved, or has such a text in it."""
    return any(isinstance(each, str) and has_symbol(each) for each in _within(value))


def is_open(value: object) -> bool:
    """Whether a list within *value* may have more or fewer members than it shows."""
    return any(isinstance(each, OpenList) for each in _within(value))


def has_numbers(value: object) -> bool:
    """Whether a number or a boolean is within *value*, which a common type may turn into a text."""
    return any(isinstance(each, int | float) for each in _within(value))


def _within(value: object) -> Iterator[object]:
    """List *value*, and at any depth the keys and the values in it."""
    left = [value]
    while left:
        found = left.pop()
        yield found
        if isinstance(found, dict):
            inside = cast("dict[str, object]", found)
            left += [*inside, *inside.values()]
        elif isinstance(found, list):
            left += cast("list[object]", found)


def text_of(value: object) -> str:
    """
    Return a value as a text.

    Raises:
        UnknownError: It has none.
    """
    found = as_text(value)
    if found is None:
        raise UnknownError
    return found


def number_of(value: object) -> int | float:
    """
    Return a value as a number.

    Raises:
        UnknownError: It is none.
    """
    if isinstance(value, str) and value.isascii():
        try:
            number = read_number(value.removeprefix("-")) if _is_digits(value) else None
        except NotUnderstoodError as error:
            raise UnknownError from error
        if number is not None:
            return -number if value.startswith("-") else number
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UnknownError
    return value


def _is_digits(text: str) -> bool:
    whole, _, fraction = text.removeprefix("-").partition(".")
    return (whole + fraction).isdecimal() and bool(whole) and not text.endswith(".")


def whole_of(value: object) -> int:
    """
    Return a value as a whole number.

    Raises:
        UnknownError: It is none.
    """
    number = number_of(value)
    if not isinstance(number, int):
        raise UnknownError
    return number


def truth_of(value: object) -> bool:
    """
    Return a value as a boolean.

    Raises:
        UnknownError: It is none.
    """
    found = {"true": True, "false": False}.get(as_text(value) or "")
    if found is None or not isinstance(value, bool | str):
        raise UnknownError
    return found


def members_of(value: object) -> list[object]:
    """
    Return the members of a list or a set.

    Raises:
        UnknownError: It is none, or it is not known how many members it has.
    """
    if not isinstance(value, list) or isinstance(value, OpenList):
        raise UnknownError
    if isinstance(value, SetOf) and is_unresolved(value):
        raise UnknownError
    return cast("list[object]", value)


def items_of(value: object) -> dict[str, object]:
    """
    Return a map or an object by its keys, in their order.

    Raises:
        UnknownError: It is none, or not all its keys are known.
    """
    if not isinstance(value, dict):
        raise UnknownError
    found = cast("dict[str, object]", value)
    if any(has_symbol(key) for key in found):
        raise UnknownError
    return dict(sorted(found.items()))


def is_same(one: object, other: object) -> bool:
    """
    Whether `==` holds.

    Raises:
        UnknownError: It depends on what is not resolved, or on types that JSON does not tell apart.
    """
    if isinstance(one, str) and one == other:
        return True
    if is_unresolved(one) or is_unresolved(other):
        raise UnknownError
    if one is None or other is None:
        return one is other
    if (
        is_container(one)
        and is_container(other)
        and isinstance(one, dict) is isinstance(other, dict)
    ):
        raise UnknownError  # A list and a tuple of the same members differ.
    if type_of(one) == type_of(other):
        return one == other
    if is_container(one) or is_container(other):
        return False
    # The schema of a provider may turn the text of an argument into a number, or back.
    if as_text(one) == as_text(other) or "string" in {type_of(one), type_of(other)}:
        raise UnknownError
    return False


def type_of(value: object) -> str:
    """Return the name of the type that Terraform gives a value of JSON."""
    for kind, name in _TYPES:
        if isinstance(value, kind):
            return name
    return "null"


_TYPES = (
    (str, "string"),
    (bool, "bool"),
    ((int, float), "number"),
    (list, "list"),
    (dict, "object"),
)


def unified(values: Iterable[object]) -> list[object]:
    """
    Return the members of a list of one type: numbers become texts where a text is among them.

    Raises:
        UnknownError: They have no type in common, or one that depends on what is within them.
    """
    found = list(values)
    types = {type_of(value) for value in found} - {"null"}
    if types & {"list", "object"} and len(found) > 1 and has_numbers(found):
        raise UnknownError
    if len(types) < 2:  # noqa: PLR2004
        return found
    # Terraform finds no type that a number and a boolean have in common.
    if types & {"list", "object"} or types == {"number", "bool"}:
        raise UnknownError
    return [None if value is None else text_of(value) for value in found]


def as_set(values: Iterable[object]) -> SetOf:
    """
    Return a set, in the order in which Terraform goes through it.

    Raises:
        UnknownError: The order depends on more than the members.
    """
    found = unified(values)
    types = {type_of(value) for value in found}
    if is_unresolved(found):
        return SetOf(dict.fromkeys(cast("list[str]", found)) if types == {"string"} else found)
    if types & {"list", "object", "null"}:
        raise UnknownError
    return SetOf(sorted(set(cast("list[str]", found))))
