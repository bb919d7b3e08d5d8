"""The value of a reference: a local, a variable, a block, an attribute, another stack's output."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, cast

from deploy_access.terraform.attributes import COMPUTED
from deploy_access.terraform.expression_values import SetOf, UnknownError, members_of
from deploy_access.terraform.variable_types import typed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deploy_access.terraform.blocks import Block, Mode
    from deploy_access.terraform.resolver import Called, Resolver

# Names that begin a reference and are no type of a resource.
# https://developer.hashicorp.com/terraform/language/expressions/references
_NO_RESOURCES = {"each", "count", "module", "path", "self", "terraform"}
_PATHS = {"module", "root", "cwd"}


class BlockSymbol(str):
    """
    The symbol of a resource or a data source, whose attributes can be looked up.

    Attributes:
        block: The block.
        scope: The module that has it, which may hand it to another one.
    """

    __slots__ = ("block", "scope")
    block: Block
    scope: Resolver

    @classmethod
    def of(cls, scope: Resolver, block: Block) -> BlockSymbol:
        """Return the symbol of *block*."""
        found = cls(scope.symbols.mark(block.address))
        found.block, found.scope = block, scope
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
            found = follow(_local(scope, name), rest)
        case ["var", str(name), *rest]:
            found = follow(_variable(scope, name), rest)
        case ["module", str(name), *rest]:
            found = _of_called(scope, name, rest)
        case ["path", str(name)] if name in _PATHS and scope.module.configuration:
            found = scope.module.configuration.path if name == "module" else "."
        case ["data", "terraform_remote_state", str(name), "outputs", str(output), *rest]:
            found = follow(_passed(scope, name, output), rest)
        case ["data", str(kind), str(name), *rest]:
            found = _of_block(scope, "data", kind, name, rest)
        case [str(kind), str(name), *rest] if kind not in _NO_RESOURCES:
            found = _of_block(scope, "resource", kind, name, rest)
        case _:
            raise UnknownError
    return found


def follow(value: object, rest: Steps) -> object:
    """
    Return the value that attributes and keys lead to.

    Raises:
        UnknownError: There is none.
    """
    for step in rest:
        if isinstance(value, BlockSymbol) and isinstance(step, str):
            value = attribute(value.scope, value.block, step)
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
        return follow(BlockSymbol.of(scope, written), rest if key is None else rest[1:])
    instances = scope.instances(written)
    if len(instances) == 1 and instances[0].index is None:
        if not rest and written.perhaps:
            raise UnknownError
        return follow(BlockSymbol.of(scope, instances[0]), rest if key is None else rest[1:])
    return follow(_all({one.index: BlockSymbol.of(scope, one) for one in instances}), rest)


def _all(instances: Mapping[str | int | None, object]) -> object:
    """Return several of one block: a list by their numbers, or a map by their keys."""
    return list(instances.values()) if 0 in instances else dict(instances)


def _variable(scope: Resolver, name: str) -> object:
    """Return the value of a variable: what the call of the module gives, or its default."""
    caller = scope.caller
    if caller is not None and name in caller.arguments:
        found = caller.argument(name)
        if found is not None or name not in scope.module.not_null:
            return typed(found, scope.module.types.get(name, ""))
    if name not in scope.module.variables:
        raise UnknownError
    return scope.module.variables[name]


def _of_called(scope: Resolver, name: str, rest: Steps) -> object:
    """Return an output of a module that is called; all of its outputs where none is named."""
    called = scope.called(name)
    if not called:
        raise UnknownError
    key = rest[0].value if rest and isinstance(rest[0], Key) else None
    one = called[0] if len(called) == 1 and called[0].index is None else None
    if key is not None and one is None:
        one = next((each for each in called if each.index == key), None)
        if one is None:
            raise UnknownError
    if one is None:
        return follow(_all({each.index: _outputs(each) for each in called}), rest)
    steps = rest if key is None else rest[1:]
    if steps and isinstance(steps[0], str):
        return follow(_output(one, steps[0]), steps[1:])
    if one.is_uncertain:
        raise UnknownError
    return follow(_outputs(one), steps)


def _outputs(called: Called) -> object:
    return {name: _output(called, name) for name in called.scope.module.outputs}


def _output(called: Called, name: str) -> object:
    outputs = called.scope.module.outputs
    if name not in outputs:
        raise UnknownError
    return called.scope.once("output", name, raw=outputs[name])


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
