"""The value of a reference: a local, a variable, an attribute, another stack's output."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from deploy_access.terraform.attributes import COMPUTED
from deploy_access.terraform.hcl_nodes import Index

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deploy_access.terraform.blocks import Block, Mode
    from deploy_access.terraform.resolver import Resolver

# The name that CDKTF gives to the remote state of another stack.
_REMOTE = "cross-stack-reference-input-"
# Names that begin a reference and are no type of a resource.
# https://developer.hashicorp.com/terraform/language/expressions/references
_NO_RESOURCES = {"each", "count", "module", "path", "self", "terraform"}


class UnknownError(Exception):
    """The module does not hold the value of an expression."""


def look_up(scope: Resolver, parts: Sequence[str | object]) -> object:
    """
    Return the value of a reference.

    Raises:
        UnknownError: The module does not hold it.
    """
    match parts:
        case ["local", str(name), *rest] if name in scope.module.local_values:
            return _follow(_local(scope, name), rest)
        case ["var", str(name), *rest] if name in scope.module.variables:
            return _follow(scope.module.variables[name], rest)
        case ["data", "terraform_remote_state", str(name), "outputs", str(output), *rest]:
            return _follow(_passed(scope, name, output), rest)
        case ["data", str(kind), str(name), *rest]:
            return _of_block(scope, "data", kind, name, rest)
        case [str(kind), str(name), *rest] if kind not in _NO_RESOURCES:
            return _of_block(scope, "resource", kind, name, rest)
        case _:
            raise UnknownError


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


def _of_block(scope: Resolver, mode: Mode, kind: str, name: str, rest: Sequence[object]) -> object:
    index = rest[0].key if rest and isinstance(rest[0], Index) else None
    names = rest[1:] if rest and isinstance(rest[0], Index) else rest
    # A plan has a block for each instance, a stack has one block for all of them.
    block = scope.blocks.get((mode, kind, name, index)) or scope.blocks.get(
        (mode, kind, name, None)
    )
    if block is None or not names or not isinstance(names[0], str):
        raise UnknownError
    return _follow(attribute(scope, block, names[0]), names[1:])


def _local(scope: Resolver, name: str) -> object:
    return scope.once("local", name, raw=scope.module.local_values[name])


def _passed(scope: Resolver, name: str, output: str) -> object:
    """Return an output of another stack, which CDKTF passes on through its remote state."""
    other = scope.siblings.get(name.removeprefix(_REMOTE))
    if other is None or not name.startswith(_REMOTE) or output not in other.module.outputs:
        raise UnknownError
    return other.value(other.module.outputs[output])


def _follow(value: object, rest: Sequence[object]) -> object:
    """Return the value that attributes and indexes lead to in objects and lists."""
    for step in rest:
        key = step.key if isinstance(step, Index) else step
        if isinstance(value, dict) and isinstance(key, str) and key in value:
            value = cast("dict[str, object]", value)[key]
        elif (
            isinstance(value, list)
            and isinstance(key, int)
            and key < len(cast("list[object]", value))
        ):
            value = cast("list[object]", value)[key]
        else:
            raise UnknownError
    if value is None:
        raise UnknownError
    return value
