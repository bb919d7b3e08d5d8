"""The value of a reference: a local, a variable, a block, an attribute, another stack's output."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, cast

from deploy_access.terraform.attributes import COMPUTED
from deploy_access.terraform.expression_values import SetOf, UnknownError, members_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deploy_access.terraform.blocks import Block, Mode
    from deploy_access.terraform.resolver import Resolver

# Names that begin a reference and are no type of a resource.
# https://developer.hashicorp.com/terraform/language/expressions/references
_NO_RESOURCES = {"each", "count", "module", "path", "self", "terraform"}


class BlockSymbol(str):
    """The symbol of a resource or a data source, whose attributes can be looked up."""

    __slots__ = ("block",)
    block: Block

    @classmethod
    def of(cls, symbol: str, block: Block) -> BlockSymbol:
        """Return the symbol of *block*."""
        found = cls(symbol)
        found.block = block
        return found


@dataclass(frozen=True, slots=True)
class Key:
    """A key in brackets after a name, whose value is known."""

    value: str | int


Steps: TypeAlias = "Sequence[str | Key]"
"""The attributes and keys that follow a value."""


def look_up(scope: Resolver, parts: Steps) -> object:
    """
    Return the value of a reference.

    Raises:
        UnknownError: The module does not hold it.
    """
    match parts:
        case ["local", str(name), *rest] if name in scope.module.local_values:
            return follow(scope, _local(scope, name), rest)
        case ["var", str(name), *rest] if name in scope.module.variables:
            return follow(scope, scope.module.variables[name], rest)
        case ["data", "terraform_remote_state", str(name), "outputs", str(output), *rest]:
            return follow(scope, _passed(scope, name, output), rest)
        case ["data", str(kind), str(name), *rest]:
            return _of_block(scope, "data", kind, name, rest)
        case [str(kind), str(name), *rest] if kind not in _NO_RESOURCES:
            return _of_block(scope, "resource", kind, name, rest)
        case _:
            raise UnknownError


def follow(scope: Resolver, value: object, rest: Steps) -> object:
    """
    Return the value that attributes and keys lead to.

    Raises:
        UnknownError: There is none.
    """
    for step in rest:
        if isinstance(value, BlockSymbol) and isinstance(step, str):
            value = attribute(scope, value.block, step)
        else:
            value = _member(value, step.value if isinstance(step, Key) else step)
    return value


def attribute(scope: Resolver, block: Block, name: str) -> object:
    """
    Return an argument of *block*, or an attribute that AWS makes of its arguments.

    An unknown value is one symbol, named by the address of *block*: two references to it are equal.
    """
    computed = COMPUTED.get((block.mode, block.type, name))
    given = block.body.get(name)
    if given is not None or computed is None:
        found = scope.once(block.mode, block.address, name, raw=given)
    else:
        found = computed(scope, block)
    return scope.symbols.mark(f"{block.address}.{name}") if found is None else found


def _of_block(scope: Resolver, mode: Mode, kind: str, name: str, rest: Steps) -> object:
    key = rest[0].value if rest and isinstance(rest[0], Key) else None
    written = scope.blocks.get((mode, kind, name, None))
    if written is None:  # A plan has a block for each instance, a stack has one for all of them.
        written = scope.blocks.get((mode, kind, name, key))
        if written is None:
            raise UnknownError
        return follow(scope, _symbol(scope, written), rest if key is None else rest[1:])
    instances = scope.instances(written)
    if len(instances) == 1 and instances[0].index is None:
        if not rest and written.perhaps:
            raise UnknownError
        return follow(scope, _symbol(scope, instances[0]), rest if key is None else rest[1:])
    return follow(scope, _all(scope, instances), rest)


def _all(scope: Resolver, instances: Sequence[Block]) -> object:
    """Return the instances of a block: a list by their numbers, or a map by their keys."""
    found = {block.index: _symbol(scope, block) for block in instances}
    return list(found.values()) if 0 in found else found


def _symbol(scope: Resolver, block: Block) -> BlockSymbol:
    return BlockSymbol.of(scope.symbols.mark(block.address), block)


def _local(scope: Resolver, name: str) -> object:
    return scope.once("local", name, raw=scope.module.local_values[name])


def _passed(scope: Resolver, name: str, output: str) -> object:
    """Return an output of another stack, which CDKTF passes on through its remote state."""
    other = scope.stack_behind(name)
    if other is None or output not in other.module.outputs:
        raise UnknownError
    return other.value(other.module.outputs[output])


def _member(value: object, key: str | int) -> object:
    """Return the member of an object by its key, or of a list by its number."""
    if isinstance(value, dict):
        items = cast("dict[str, object]", value)
        if isinstance(key, str) and key in items:
            return items[key]
    elif isinstance(value, list) and not isinstance(value, SetOf):
        members = members_of(cast("object", value))
        number = int(key) if isinstance(key, str) and key.isdecimal() and len(key) < 9 else key  # noqa: PLR2004
        if isinstance(number, int) and 0 <= number < len(members):
            return members[number]
    raise UnknownError
