"""
Terraform's functions of lists, sets and maps.

Source: https://developer.hashicorp.com/terraform/language/functions
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, cast

from deploy_access.terraform.bounds import MOST
from deploy_access.terraform.expression_values import (
    OpenList,
    SetOf,
    UnknownError,
    as_set,
    is_same,
    is_unresolved,
    items_of,
    members_of,
    text_of,
    truth_of,
    unified,
    whole_of,
)
from deploy_access.terraform.symbols import is_symbol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Arguments = Sequence[object]
    Function = Callable[[Arguments], object]


def _only(arguments: Arguments) -> object:
    if len(arguments) != 1:
        raise UnknownError
    return arguments[0]


def _list_of(value: object) -> list[object]:
    """Return the members of a list; a set has no order."""
    if isinstance(value, SetOf):
        raise UnknownError
    return members_of(value)


def _length(arguments: Arguments) -> int:
    value = _only(arguments)
    if isinstance(value, dict):
        return len(items_of(cast("object", value)))
    if not isinstance(value, str):
        return len(members_of(value))
    if is_unresolved(value) or not value.isascii():
        raise UnknownError
    return len(value)


def _keys(arguments: Arguments) -> list[object]:
    return list(items_of(_only(arguments)))


def _values(arguments: Arguments) -> list[object]:
    return list(items_of(_only(arguments)).values())


def _looked_up(arguments: Arguments) -> object:
    match arguments:
        case [found, key, *default] if len(default) <= 1 and not is_unresolved(key):
            items = items_of(found)
            if text_of(key) not in items and not default:
                raise UnknownError
            return items.get(text_of(key), *default)
        case _:
            raise UnknownError


def _merged(arguments: Arguments) -> dict[str, object]:
    found: dict[str, object] = {}
    for each in arguments:
        if each is not None:
            items_of(each)
            found |= cast("dict[str, object]", each)
    return found


def _element(arguments: Arguments) -> object:
    match arguments:
        case [found, number] if (members := _list_of(found)) and whole_of(number) >= 0:
            return members[whole_of(number) % len(members)]
        case _:
            raise UnknownError


def _concatenated(arguments: Arguments) -> list[object]:
    """Join lists; what is known of them shows also beside one that is not resolved."""
    if any(map(is_symbol, arguments)):
        parts = ([each] if is_symbol(each) else _list_of(each) for each in arguments)
        return OpenList(chain.from_iterable(parts))
    return list(chain.from_iterable(_list_of(each) for each in arguments))


def _flattened(arguments: Arguments) -> list[object]:
    found: list[object] = []
    left = list(reversed(members_of(_only(arguments))))
    while left:
        each = left.pop()
        if is_symbol(each):  # which may be a list
            raise UnknownError
        if isinstance(each, list):
            left += reversed(members_of(cast("object", each)))
        else:
            found.append(each)
        if len(found) > MOST:
            raise UnknownError
    return found


def _distinct(arguments: Arguments) -> list[object]:
    found = unified(_list_of(_only(arguments)))
    if is_unresolved(found) or any(isinstance(each, dict | list) for each in found):
        raise UnknownError
    return list(dict.fromkeys(found))


def _compacted(arguments: Arguments) -> list[object]:
    found = [each for each in members_of(_only(arguments)) if each is not None]
    if any(map(is_symbol, found)):
        raise UnknownError
    return [text for each in found if (text := text_of(each))]


def _contains(arguments: Arguments) -> bool:
    match arguments:
        case [found, value]:
            return any(is_same(each, value) for each in members_of(found))
        case _:
            raise UnknownError


def _index(arguments: Arguments) -> int:
    match arguments:
        case [found, value]:
            places = (at for at, each in enumerate(_list_of(found)) if is_same(each, value))
            place = next(places, None)
            if place is None:
                raise UnknownError
            return place
        case _:
            raise UnknownError


def _single(arguments: Arguments) -> object:
    found = members_of(_only(arguments))
    if len(found) > 1:
        raise UnknownError
    return found[0] if found else None


def _ranged(arguments: Arguments) -> list[object]:
    numbers = [whole_of(each) for each in arguments]
    if not 1 <= len(numbers) <= 3 or (len(numbers) == 3 and not numbers[2]):  # noqa: PLR2004
        raise UnknownError
    start, end = numbers[:2] if len(numbers) > 1 else (0, numbers[0])
    step = numbers[2] if len(numbers) == 3 else (1 if end >= start else -1)  # noqa: PLR2004
    found = range(start, end, step)
    # Terraform ends at 1,024 members too.
    if len(found) > 1024 or (end - start) * step < 0:  # noqa: PLR2004
        raise UnknownError
    return list(found)


def _reversed(arguments: Arguments) -> list[object]:
    return list(reversed(_list_of(_only(arguments))))


def _sliced(arguments: Arguments) -> list[object]:
    match arguments:
        case [found, start, end]:
            members, first, last = _list_of(found), whole_of(start), whole_of(end)
            if not 0 <= first <= last <= len(members):
                raise UnknownError
            return members[first:last]
        case _:
            raise UnknownError


def _sorted(arguments: Arguments) -> list[str]:
    found = members_of(_only(arguments))
    if is_unresolved(found):
        raise UnknownError
    return sorted(map(text_of, found))


def _zipped(arguments: Arguments) -> dict[str, object]:
    match arguments:
        case [keys, values] if not is_unresolved(keys):
            names = [text_of(each) for each in _list_of(keys)]
            members = _list_of(values)
            if len(names) != len(members):
                raise UnknownError
            return dict(zip(names, members, strict=True))
        case _:
            raise UnknownError


def _united(arguments: Arguments) -> SetOf:
    return as_set(chain.from_iterable(_texts_of(each) for each in arguments))


def _common(arguments: Arguments) -> SetOf:
    first, *others = [_texts_of(each) for each in arguments] or [[]]
    return as_set(each for each in first if all(each in other for other in others))


def _without(arguments: Arguments) -> SetOf:
    match arguments:
        case [found, less]:
            taken = _texts_of(less)
            return as_set(each for each in _texts_of(found) if each not in taken)
        case _:
            raise UnknownError


def _texts_of(value: object) -> list[str]:
    """Return the members of a set of texts, all of them known."""
    found = members_of(value)
    if is_unresolved(found) or not all(isinstance(each, str) for each in found):
        raise UnknownError
    return cast("list[str]", found)


def _sum(arguments: Arguments) -> int:
    found = members_of(_only(arguments))
    if not found:
        raise UnknownError
    return sum(map(whole_of, found))


def _all(arguments: Arguments) -> bool:
    # Each is looked at, since one that is no boolean is an error.
    found = [truth_of(each) for each in members_of(_only(arguments))]
    return all(found)


def _any(arguments: Arguments) -> bool:
    found = [truth_of(each) for each in members_of(_only(arguments))]
    return any(found)


COLLECTION_FUNCTIONS: Mapping[str, Function] = {
    "alltrue": _all,
    "anytrue": _any,
    "compact": _compacted,
    "concat": _concatenated,
    "contains": _contains,
    "distinct": _distinct,
    "element": _element,
    "flatten": _flattened,
    "index": _index,
    "keys": _keys,
    "length": _length,
    "lookup": _looked_up,
    "merge": _merged,
    "one": _single,
    "range": _ranged,
    "reverse": _reversed,
    "setintersection": _common,
    "setsubtract": _without,
    "setunion": _united,
    "slice": _sliced,
    "sort": _sorted,
    "sum": _sum,
    "values": _values,
    "zipmap": _zipped,
}
