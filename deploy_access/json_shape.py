"""Values of parsed JSON as the type that is expected, or an empty one of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


_CONTAINERS = (dict, list)


def is_container(value: object) -> bool:
    """Whether it is an object or a list."""
    return isinstance(value, _CONTAINERS)


def as_object(value: object) -> Mapping[str, object]:
    """Return the object, or an empty one for anything else."""
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}


def as_list(value: object) -> list[object]:
    """Return the list, a list of the one value, or an empty one for nothing."""
    if isinstance(value, list):
        return cast("list[object]", value)
    return [] if value is None else [value]


def objects(value: object) -> Iterator[Mapping[str, object]]:
    """Return the blocks of one kind: Terraform's JSON has one object, or a list of them."""
    for found in as_list(value):
        if isinstance(found, dict):
            yield cast("Mapping[str, object]", found)


def as_text(value: object) -> str | None:
    """Return a text, as Terraform reads one: a number or a boolean becomes its text."""
    if isinstance(value, str):  # first, as nearly everything is one
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return _number(value) if isinstance(value, float) else None


def _number(value: float) -> str:
    """Write a number as Terraform does: without an exponent, and `1` for `1.0`."""
    mantissa, _, power = repr(value).partition("e")
    if not power:
        return mantissa.removesuffix(".0")
    sign = "-" if value < 0 else ""
    whole, _, fraction = mantissa.removeprefix("-").partition(".")
    if int(power) > 0:
        return sign + whole + fraction.ljust(int(power), "0")
    return f"{sign}0.{'0' * (-int(power) - 1)}{whole}{fraction}"


def texts(value: object) -> list[str]:
    """Return the texts of a list, or of the one value."""
    found = (as_text(each) for each in as_list(value))
    return [text for text in found if text is not None]
