"""
The blocks that a `count`, a `for_each` or a `dynamic` block makes.

Source: https://developer.hashicorp.com/terraform/language/meta-arguments/for_each
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from deploy_access.json_shape import as_object, as_text, is_container
from deploy_access.terraform.bounds import weigh
from deploy_access.terraform.expression_values import (
    Names,
    SetOf,
    UnknownError,
    is_open,
    members_of,
    whole_of,
)
from deploy_access.terraform.plan_expressions import literal
from deploy_access.terraform.symbols import has_symbol, is_symbol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from deploy_access.terraform.blocks import Block
    from deploy_access.terraform.resolver import Resolver
    from deploy_access.terraform.symbols import Symbols

# The most blocks that one block makes: `count = 1e9` must not exhaust memory.
_MOST = 1000
# The most that one `dynamic` block makes. A bucket policy, the longest but a key's, has 20,480
# characters, so statements of 100 characters, with an ARN in each, are no more than these.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/add-bucket-policy.html
_MOST_NESTED = 200
# Characters of a value that stand in the text of an expression that is not resolved.
_SHOWN = 200

_NAME = re.compile(r"[\w.-]+")


def instances_of(scope: Resolver, block: Block) -> tuple[Block, ...]:
    """
    Return the blocks that *block* makes, with `each` and `count` replaced by their values.

    One stands for all of them where they are not known, and says so.
    """
    argument = next((a for a in ("count", "for_each") if block.body.get(a) is not None), None)
    if argument is None:
        return (block,)
    given = block.body[argument]
    members = _counted if argument == "count" else _each
    try:
        found = members(scope.value(given))
        scope.spend(len(found) * (1 + sum(weigh(block.body)) // 100))
    except UnknownError:
        return (replace(block, perhaps=_written(given)),)
    rests_on = block.rests_on if _is_firm(scope, given, members) else _written(given)
    return tuple(
        replace(
            block,
            body=filled(scope, _own(block), _names(argument, key, value)),
            address=f"{block.address}[{json.dumps(key, ensure_ascii=False)}]",
            index=key,
            rests_on=rests_on,
        )
        for key, value in found
    )


def members_of_dynamic(
    scope: Resolver, given: object, content: object
) -> tuple[Sequence[tuple[object, object]], bool] | None:
    """
    Return the keys and values of the `for_each` of a `dynamic` block, and whether they are firm.

    They are not firm where they rest on the default of a variable. None when they are not known.
    """
    try:
        found = _of_collection(scope.value(given))
        scope.spend(len(found) * (1 + sum(weigh(content)) // 100))
        return found, _is_firm(scope, given, _of_collection)
    except UnknownError:
        return None


def filled(
    scope: Resolver, body: Mapping[str, object], values: Mapping[str, object]
) -> Mapping[str, object]:
    """Return arguments with the names of *values* replaced, as far as they are resolved."""
    roots = tuple(f"{name}." for name in values)
    names = Names(values=values, written=_writer(scope.symbols, values))

    def fill(written: object) -> object:
        if isinstance(written, dict):
            items = cast("dict[str, object]", written).items()
            return {as_text(fill(key)) or key: fill(child) for key, child in items}
        if isinstance(written, list):
            return [fill(child) for child in cast("list[object]", written)]
        if not isinstance(written, str) or not any(root in written for root in roots):
            return written
        found = scope.value_for(written, names)
        # Written out as a list, it would have as many members as it has symbols.
        return names.written(written) if is_open(found) else template_of(scope.symbols, found)

    return as_object(fill(body))


def template_of(symbols: Symbols, value: object) -> object:
    """Return a value as an argument is written, with `${expression}` for each symbol."""
    return symbols.write_value(literal(value))


def _names(argument: str, key: object, value: object) -> Mapping[str, object]:
    if argument == "count":
        return {"count": {"index": key}}
    return {"each": {"key": key, "value": value}}


def _own(block: Block) -> Mapping[str, object]:
    """Return the arguments of one instance."""
    return {k: v for k, v in block.body.items() if k not in {"count", "for_each"}}


def _is_firm(scope: Resolver, given: object, members: Callable[[object], object]) -> bool:
    """Whether the members are known without the default of a variable."""
    try:
        members(scope.firm.value(given))
    except UnknownError:
        return False
    return True


def _counted(value: object) -> Sequence[tuple[int, object]]:
    number = whole_of(value)
    if not 0 <= number <= _MOST:
        raise UnknownError
    return [(index, None) for index in range(number)]


def _each(value: object) -> Sequence[tuple[str, object]]:
    """Return the members of a map, or of a set of texts; a list is an error of Terraform's."""
    if isinstance(value, SetOf):
        if not all(isinstance(member, str) for member in value):
            raise UnknownError
        found = [(cast("str", member), member) for member in value]
    elif isinstance(value, dict):
        found = list(cast("dict[str, object]", value).items())
    else:
        raise UnknownError
    if len(found) > _MOST or any(has_symbol(key) for key, _ in found):
        raise UnknownError
    return sorted(found, key=lambda pair: pair[0])


def _of_collection(value: object) -> Sequence[tuple[object, object]]:
    if not isinstance(value, list) or isinstance(value, SetOf):
        found: Sequence[tuple[object, object]] = _each(cast("object", value))
    else:
        found = list(enumerate(members_of(cast("object", value))))
    if len(found) > _MOST_NESTED:
        raise UnknownError
    return found


def _writer(symbols: Symbols, values: Mapping[str, object]) -> Callable[[str], str]:
    """Return what writes an expression with the values of its names."""
    roots = "|".join(map(re.escape, values))
    pattern = re.compile(rf"(?<![\w.-])(?P<root>{roots})\.(?P<rest>[\w-]+(?:\.[\w-]+)*)")

    def write(found: re.Match[str]) -> str:
        value = _found(values[found["root"]], found["rest"].split("."))
        text = found[0] if value is None else _expression(symbols, value)
        if len(text) <= _SHOWN:
            return text
        key = as_object(values[found["root"]]).get("key")
        return f"{found['root']}[{json.dumps(key, ensure_ascii=False)}].{found['rest']}"

    return lambda source: pattern.sub(write, source)


def _found(value: object, path: Iterable[str]) -> object:
    for name in path:
        value = as_object(value).get(name)
    return value


def _expression(symbols: Symbols, value: object) -> str:
    """Return a value as an expression."""
    if isinstance(value, str) and is_symbol(value):
        written = symbols.write(value)[2:-1]
        return written if _NAME.fullmatch(written) else f"({written})"
    if not is_container(value):
        return symbols.write(str(literal(json.dumps(value, ensure_ascii=False))))
    if isinstance(value, list):
        members = (_expression(symbols, each) for each in cast("list[object]", value))
        return f"[{', '.join(members)}]"
    pairs = as_object(value).items()
    return f"{{{', '.join(f'{json.dumps(k)}: {_expression(symbols, v)}' for k, v in pairs)}}}"


def _written(given: object) -> str:
    return given if isinstance(given, str) else json.dumps(given)
