"""
Terraform's functions of texts and numbers.

Source: https://developer.hashicorp.com/terraform/language/functions
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deploy_access.terraform.bounds import LONGEST
from deploy_access.terraform.expression_values import (
    UnknownError,
    is_unresolved,
    members_of,
    number_of,
    text_of,
    type_of,
    whole_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Arguments = Sequence[object]
    Function = Callable[[Arguments], object]

# A width of two digits is more than a name has; anything else with `%` is not read.
_VERB = re.compile(r"%(?:%|(?P<zeros>0?)(?P<width>[1-9][0-9]?)?(?P<verb>[sdv]))")
_WHITE = " \t\n\r\v\f"


def _ascii(arguments: Arguments, count: int) -> list[str]:
    """Return texts whose letters Python and Go treat alike."""
    found = [text_of(each) for each in arguments]
    if len(found) != count or not all(each.isascii() for each in found):
        raise UnknownError
    return found


def _one(change: Callable[[str], str]) -> Function:
    return lambda arguments: change(*_ascii(arguments, 1))


def _two(change: Callable[[str, str], object]) -> Function:
    return lambda arguments: change(*_ascii(arguments, 2))


def _trimmed(text: str, characters: str) -> str:
    return text.strip(characters) if characters else text


def _chomped(text: str) -> str:
    return text.rstrip("\r\n")


def _replaced(arguments: Arguments) -> str:
    text, old, new = _ascii(arguments, 3)
    # Between slashes it is a regular expression.
    if not old or (len(old) > 1 and old.startswith("/") and old.endswith("/")):
        raise UnknownError
    _bound(len(text) + text.count(old) * len(new))
    return text.replace(old, new)


def _split(separator: str, text: str) -> list[str]:
    if not separator:
        raise UnknownError
    return text.split(separator)


def _part(arguments: Arguments) -> str:
    if len(arguments) != 3:  # noqa: PLR2004
        raise UnknownError
    (text,) = _ascii(arguments[:1], 1)
    start, length = (whole_of(each) for each in arguments[1:])
    if not 0 <= start <= len(text) or length < -1:
        raise UnknownError
    return text[start:] if length == -1 else text[start : start + length]


def _joined(arguments: Arguments) -> str:
    if len(arguments) < 2:  # noqa: PLR2004
        raise UnknownError
    separator = text_of(arguments[0])
    found = [text_of(each) for every in arguments[1:] for each in members_of(every)]
    _bound(sum(map(len, found)) + len(separator) * len(found))
    return separator.join(found)


def _formatted(arguments: Arguments) -> str:
    if not arguments:
        raise UnknownError
    left = list(arguments[1:])
    pattern = text_of(arguments[0])
    if "%" in _VERB.sub("", pattern) or is_unresolved(pattern):
        raise UnknownError
    found = _VERB.sub(lambda verb: "%" if verb[0] == "%%" else _written(verb, left), pattern)
    if left:
        raise UnknownError
    _bound(len(found))
    return found


def _written(verb: re.Match[str], left: list[object]) -> str:
    """Write the next argument as a verb of a format says."""
    if not left:
        raise UnknownError
    value = left.pop(0)
    if verb["verb"] == "d":
        text = str(whole_of(value))
    elif verb["zeros"]:
        raise UnknownError
    else:
        text = text_of(value)
    if not verb["width"]:
        return text
    if not text.isascii():
        raise UnknownError
    return text.zfill(int(verb["width"])) if verb["zeros"] else text.rjust(int(verb["width"]))


def _list_formatted(arguments: Arguments) -> list[object]:
    """Format once for each member of the lists, with the other arguments as they are."""
    lists = [each for each in arguments[1:] if type_of(each) == "list"]
    lengths = {len(members_of(each)) for each in lists}
    if len(lengths) != 1:
        raise UnknownError
    (length,) = lengths
    rows = zip(*(_repeated(each, length) for each in arguments), strict=True)
    found: list[object] = [_formatted(row) for row in rows]
    _bound(sum(len(str(each)) for each in found))
    return found


def _repeated(value: object, length: int) -> list[object]:
    return members_of(value) if type_of(value) == "list" else [value] * length


def _bound(length: int) -> None:
    """Stop before a text is made that is longer than any policy."""
    if length > LONGEST:
        raise UnknownError


def _extreme(choose: Callable[[list[float]], float]) -> Function:
    def extreme(arguments: Arguments) -> object:
        if not arguments:
            raise UnknownError
        return choose([number_of(each) for each in arguments])

    return extreme


TEXT_FUNCTIONS: Mapping[str, Function] = {
    "chomp": _one(_chomped),
    "endswith": _two(str.endswith),
    "format": _formatted,
    "formatlist": _list_formatted,
    "join": _joined,
    "lower": _one(str.lower),
    "max": _extreme(max),
    "min": _extreme(min),
    "replace": _replaced,
    "split": _two(_split),
    "startswith": _two(str.startswith),
    "strcontains": _two(str.__contains__),
    "substr": _part,
    "trim": _two(_trimmed),
    "trimprefix": _two(str.removeprefix),
    "trimspace": _one(lambda text: text.strip(_WHITE)),
    "trimsuffix": _two(str.removesuffix),
    "upper": _one(str.upper),
}
