"""The names that an expression refers to, each with the attribute that it takes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from deploy_access.terraform.hcl import parse_template
from deploy_access.terraform.hcl_nodes import (
    Access,
    Conditional,
    ForExpression,
    FunctionCall,
    Index,
    ListOf,
    LiteralValue,
    Negation,
    ObjectOf,
    Operation,
    Raw,
    Template,
    Traversal,
)
from deploy_access.terraform.hcl_tokens import NotUnderstoodError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deploy_access.terraform.hcl_nodes import Node, Step

Key: TypeAlias = str | int
# Anything in a text that is not parsed which could be a name.
_NAME = re.compile(r"(?<![\w.-])(?P<name>[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*){1,2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class TerraformReference:
    """
    A name in an expression.

    Attributes:
        names: The names before the first index, for example `("local", "x")`.
        key: The key of the first index, when it is written out.
        path: The attributes behind the first index; it ends where an attribute is computed.
        is_whole: Whether it is not known which attribute counts.
    """

    names: tuple[str, ...]
    key: Key | None = None
    path: tuple[str, ...] = ()
    is_whole: bool = False


@lru_cache(maxsize=1024)  # one policy may be looked at for each expression in it
def references(text: str) -> tuple[TerraformReference, ...]:
    """List the names in a template; every name counts wholly in a text that is not parsed."""
    if "${" not in text and "%{" not in text:
        return ()
    try:
        parts = parse_template(text)
    except NotUnderstoodError:
        return tuple(_in_text(text))
    found = (one for part in parts if not isinstance(part, str) for one in _of(part, ()))
    return tuple(dict.fromkeys(found))


def _in_text(text: str) -> Iterator[TerraformReference]:
    for found in _NAME.finditer(text):
        yield TerraformReference(names=tuple(found["name"].split(".")), is_whole=True)


def _of(node: Node, taken: tuple[str, ...]) -> Iterator[TerraformReference]:
    """List the names in *node*, of which the attributes *taken* are used."""
    match node:
        case Traversal(parts):
            yield from _of_steps(parts)
            yield _traversal(parts, taken)
        case Access(value, parts):
            yield from _of_steps(parts)
            yield from _of(value, next(((p,) for p in parts if isinstance(p, str)), taken))
        case FunctionCall(_, arguments):
            for argument in arguments:
                yield from _of(argument, taken)
        case ForExpression():
            yield from _of_loop(node)
        case Raw(source):
            yield from _in_text(source)
        case _:
            for child in _children(node):
                yield from _of(child, ())


def _children(node: Node) -> Sequence[Node]:
    match node:
        case Template(parts):
            found = [part for part in parts if not isinstance(part, str)]
        case ListOf(items):
            found = list(items)
        case ObjectOf(items):
            found = [child for pair in items for child in pair]
        case Operation(first, rest):
            found = [first, *(operand for _, operand in rest)]
        case Negation(_, value):
            found = [value]
        case Conditional(condition, yes, no):
            found = [condition, yes, no]
        case _:
            found = []
    return found


def _of_steps(parts: Sequence[Step]) -> Iterator[TerraformReference]:
    """List the names in indexes."""
    for part in parts:
        if isinstance(part, Index):
            yield from _of(part.key, ())


def _traversal(parts: Sequence[Step], taken: tuple[str, ...]) -> TerraformReference:
    ends = next((at for at, part in enumerate(parts) if not isinstance(part, str)), len(parts))
    names = tuple(part for part in parts[:ends] if isinstance(part, str))
    if ends == len(parts):
        return TerraformReference(names=(*names, *taken))
    rest = parts[ends:]
    index = rest[0]
    key = _key(index.key) if isinstance(index, Index) else None
    path: list[str] = []
    for part in rest[1:]:
        if not isinstance(part, str):
            break
        path.append(part)
    return TerraformReference(names=names, key=key, path=tuple(path) or taken)


def _key(node: Node) -> Key | None:
    match node:
        case LiteralValue(int() as key) | Template((str() as key,)):
            return key
        case _:
            return None


def _of_loop(node: ForExpression) -> Iterator[TerraformReference]:
    """List the names in a `for`, without its own; of the collection, the attributes it uses."""
    inner = [n for n in (node.key, node.value, node.condition) if n is not None]
    found = [one for child in inner for one in _of(child, ())]
    used = [one for one in found if one.names[0] == node.names[-1]]
    yield from (one for one in found if one.names[0] not in node.names)
    attributes = {one.names[1] for one in used if len(one.names) > 1 and not one.is_whole}
    if len(attributes) == 0 or any(len(one.names) == 1 for one in used):
        yield from _of(node.collection, ())
    for attribute in sorted(attributes):
        yield from _of(node.collection, (attribute,))
