"""The values of parsed expressions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from deploy_access.json_shape import as_text
from deploy_access.terraform.expression_values import (
    NO_NAMES,
    Names,
    SetOf,
    UnknownError,
    is_unresolved,
    items_of,
    members_of,
    text_of,
    truth_of,
)
from deploy_access.terraform.functions import call
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
    Splat,
    Template,
    Traversal,
)
from deploy_access.terraform.local_files import FILE_FUNCTIONS, call_file_function
from deploy_access.terraform.lookup import BlockSymbol, Key, follow, look_up
from deploy_access.terraform.operations import negate, of_common_type, operate
from deploy_access.terraform.symbols import has_symbol, is_symbol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deploy_access.terraform.hcl_nodes import Node, Step
    from deploy_access.terraform.resolver import Resolver

# Each level takes some four of the 1,000 frames that Python allows, and references between locals
# take the others. People nest ten levels.
_NESTED = 80
_TOO_DEEP = Raw("")


class Evaluator:
    """Evaluates the expressions of one module."""

    def __init__(self, scope: Resolver) -> None:
        self._scope = scope
        self._nested = 0

    def value(self, node: Node, names: Names = NO_NAMES) -> object:
        """
        Return the value of an expression; a part that is not resolved is a symbol.

        Raises:
            UnknownError: It is not resolved, and stands for several values.
        """
        if isinstance(node, LiteralValue):
            return node.value
        self._nested += 1
        try:
            return self._resolved(node if self._nested <= _NESTED else _TOO_DEEP, names)
        except UnknownError:
            if names.is_loop:
                raise
            return self._scope.symbols.mark(names.written(getattr(node, "source", "...")))
        finally:
            self._nested -= 1

    def text(self, parts: Sequence[str | Node], names: Names = NO_NAMES) -> object:
        """Return the value of a template; one that is a single expression keeps its type."""
        if len(parts) == 1 and not isinstance(parts[0], str):
            return self.value(parts[0], names)
        return "".join(p if isinstance(p, str) else self._inside(p, names) for p in parts)

    def _inside(self, node: Node, names: Names) -> str:
        """Return an expression inside of a text; a value that is no text becomes a symbol."""
        self._scope.spend(1)
        found = as_text(self.value(node, names))
        if found is None and names.is_loop:
            raise UnknownError
        if found is None:
            return self._scope.symbols.mark(names.written(getattr(node, "source", "...")))
        return found

    def _resolved(self, node: Node, names: Names) -> object:
        match node:
            case Template(parts):
                found = self.text(parts, names)
            case ListOf(items):
                found = [self.value(item, names) for item in items]
            case ObjectOf(items):
                pairs = ((self.value(key, names), value) for key, value in items)
                found = {as_text(key) or "": self.value(value, names) for key, value in pairs}
            case Conditional():
                found = self._chosen(node, names)
            case ForExpression():
                found = self._looped(node, names)
            case _:
                found = self._applied(node, names)
        return found

    def _applied(self, node: Node, names: Names) -> object:
        match node:
            case Traversal(parts):
                found = self._traversed(parts, names)
            case Access(value, parts):
                found = self._continued(self.value(value, names), parts, names)
            case FunctionCall():
                found = self._called(node, names)
            case Operation(first, rest):
                found = self._operated(first, rest, names)
            case Negation(sign, value):
                found = negate(sign, self.value(value, names))
            case _:
                raise UnknownError
        return found

    def _called(self, node: FunctionCall, names: Names) -> object:
        arguments = [self.value(argument, names) for argument in node.arguments]
        if node.is_expanded:
            arguments += members_of(arguments.pop())
        if node.name in FILE_FUNCTIONS:
            place = self._scope.module.configuration
            return self._scope.bounded(call_file_function(node.name, arguments, place, self.text))
        return self._scope.bounded(call(node.name, arguments))

    def _operated(self, first: Node, rest: Sequence[tuple[str, Node]], names: Names) -> object:
        found = self.value(first, names)
        for sign, node in rest:
            found = operate(sign, found, self.value(node, names))
        return found

    def _chosen(self, node: Conditional, names: Names) -> object:
        condition = self.value(node.condition, names)
        if is_unresolved(condition):
            found = self.value(node.yes, names)
            if is_unresolved(found) or found != self.value(node.no, names):
                raise UnknownError
            return found
        branches = (node.yes, node.no) if truth_of(condition) else (node.no, node.yes)
        found = self.value(branches[0], names)
        return found if isinstance(found, str) else self._as_other(found, branches[1], names)

    def _as_other(self, chosen: object, other: Node, names: Names) -> object:
        """Return a branch as the type that it has in common with the other one."""
        try:
            branch = self.value(other, replace(names, is_loop=True))
        except UnknownError:
            branch = self._scope.symbols.mark("...")
        if is_symbol(branch):
            # `for_each` takes `x ? toset(…) : []`, whose branches are both sets.
            return SetOf() if chosen == [] else chosen
        return of_common_type(chosen, branch)

    def _traversed(self, parts: Sequence[Step], names: Names) -> object:
        steps, rest = self._until_splat(parts, names)
        root = steps[0]
        if isinstance(root, str) and root in names.values:
            found = follow(names.values[root], steps[1:])
        else:
            found = look_up(self._scope, steps)
        return self._splatted(found, rest, names)

    def _continued(self, value: object, parts: Sequence[Step], names: Names) -> object:
        steps, rest = self._until_splat(parts, names)
        return self._splatted(follow(value, steps), rest, names)

    def _until_splat(
        self, parts: Sequence[Step], names: Names
    ) -> tuple[list[str | Key], Sequence[Step]]:
        """Return the attributes and keys before a splat, and what is left."""
        found: list[str | Key] = []
        for at, part in enumerate(parts):
            if isinstance(part, Splat):
                return found, parts[at:]
            found.append(self._key(part, names) if isinstance(part, Index) else part)
        return found, ()

    def _key(self, index: Index, names: Names) -> Key:
        found = self.value(index.key, names)
        if isinstance(found, bool) or not isinstance(found, str | int) or is_unresolved(found):
            raise UnknownError
        return Key(found)

    def _splatted(self, value: object, parts: Sequence[Step], names: Names) -> object:
        """Apply a splat: what follows it is taken from each member."""
        if not parts:
            return value
        splat, *rest = parts
        ends = len(rest)
        if isinstance(splat, Splat) and not splat.is_full:
            ends = next((at for at, step in enumerate(rest) if not isinstance(step, str)), ends)
        found = [self._continued(each, rest[:ends], names) for each in _as_members(value)]
        self._scope.spend(len(found))
        return self._continued(found, rest[ends:], names)

    def _looped(self, node: ForExpression, names: Names) -> object:
        found: list[tuple[object, object]] = []
        for key, value in _pairs(self.value(node.collection, names)):
            self._scope.spend(1)
            own = dict(zip(reversed(node.names), (value, key), strict=False))
            inner = Names(values={**names.values, **own}, is_loop=True)
            if node.condition is None or truth_of(self.value(node.condition, inner)):
                name = None if node.key is None else self.value(node.key, inner)
                found.append((name, self.value(node.value, inner)))
        if node.key is None:
            return self._scope.bounded([value for _, value in found])
        return self._scope.bounded(_grouped(found) if node.is_grouped else _object(found))


def _as_members(value: object) -> list[object]:
    """Return what a splat goes through: a list, nothing for null, or the one value."""
    if isinstance(value, list):
        return members_of(cast("object", value))
    if is_symbol(value) and not isinstance(value, BlockSymbol):
        raise UnknownError
    return [] if value is None else [value]


def _pairs(collection: object) -> Iterator[tuple[object, object]]:
    """List the keys and values of what a `for` goes through, in Terraform's order."""
    if isinstance(collection, dict):
        yield from items_of(cast("object", collection)).items()
    elif isinstance(collection, SetOf):
        yield from ((member, member) for member in members_of(collection))
    else:
        yield from enumerate(members_of(collection))


def _object(pairs: Sequence[tuple[object, object]]) -> dict[str, object]:
    found = {_name(key): value for key, value in pairs}
    if len(found) < len(pairs):  # an error of Terraform's
        raise UnknownError
    return found


def _grouped(pairs: Sequence[tuple[object, object]]) -> dict[str, object]:
    found: dict[str, list[object]] = {}
    for key, value in pairs:
        found.setdefault(_name(key), []).append(value)
    return cast("dict[str, object]", found)


def _name(key: object) -> str:
    text = text_of(key)
    if has_symbol(text):
        raise UnknownError
    return text
