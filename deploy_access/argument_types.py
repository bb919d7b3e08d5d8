"""
The types of arguments, held against the annotations: not everybody runs a type checker.

What is wrong is refused in the words of all other mistakes, all at once, and before it is used.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache, wraps
from inspect import Parameter, signature
from types import MappingProxyType
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    ParamSpec,
    TypeGuard,
    TypeVar,
    cast,
    get_args,
    get_origin,
)

from deploy_access.errors import Problem, did_you_mean, reject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from _typeshed import DataclassInstance

P = ParamSpec("P")
R = TypeVar("R")
Ways = Mapping[str, str]
"""What to do, in a sentence, by the name of the argument or of the class that is wanted."""

_PLAIN: Mapping[str, type] = {"bool": bool, "int": int, "str": str, "None": type(None)}
_LISTS = {"Collection": Collection, "Sequence": Sequence, "tuple": Sequence}
_WORDS = {"bool": "`True` or `False`", "int": "a whole number", "str": "a text"}
_PLURALS = {"a text": "texts", "a whole number": "whole numbers"}
_WRITE = {
    "bool": "Write it without quotes.",
    "int": "Write it without quotes and without a fraction.",
    "str": "Write it in quotes.",
    "Mapping": "Write it in braces: {'key': 'value'}.",
    "Sequence": "Write it in brackets, also when it is only one.",
}
# CDKTF hides a reference in the mantissa of a number whose first bits are 0xfdff, about -8.1e298.
# https://github.com/hashicorp/terraform-cdk/blob/main/packages/cdktf/lib/tokens/private/encoding.ts
_NUMBER_REFERENCE = -1e100


def is_number_reference(value: float) -> bool:
    """Whether *value* stands for a number that Terraform fills in later."""
    return value < _NUMBER_REFERENCE


def single_text(keyword: str, given: object) -> Problem:
    """Return the problem that a text stands where a list of texts is taken."""
    return Problem(
        what=f"`{keyword}` is a list of texts.",
        given=given,
        why="A single text would be read letter by letter.",
        fix=f"Write {keyword}=[{given!r}].",
    )


def check_arguments(
    function: Callable[P, R], *, ways: Ways = MappingProxyType({}), but: Collection[str] = ()
) -> Callable[P, R]:
    """
    Return *function* with its arguments checked.

    Args:
        function: Its annotations say what each argument may be.
        ways: What to do instead.
        but: Arguments that *function* itself has more to say of.
    """
    parameters = signature(function).parameters
    names = [p.name for p in parameters.values() if p.kind is Parameter.POSITIONAL_OR_KEYWORD]
    rest = [p.name for p in parameters.values() if p.kind is Parameter.VAR_POSITIONAL]
    known = vars(sys.modules[function.__module__])
    wanted = {
        name: _Wanted(annotation=str(p.annotation), names=known, ways=ways)
        for name, p in parameters.items()
        if p.annotation is not Parameter.empty and name not in but
    }

    @wraps(function)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        # What is too many, too few or unknown is Python's to say.
        given = [*zip(names, args, strict=False), *kwargs.items()]
        given += [(name, one) for name in rest for one in args[len(names) :]]
        reject(p for name, one in given if name in wanted for p in wanted[name].check(name, one))
        return function(*args, **kwargs)

    return checked


def check_fields(value: DataclassInstance, *, ways: Ways = MappingProxyType({})) -> None:
    """
    Check the fields of a dataclass, each by its annotation.

    Raises:
        InvalidValue: Some are of another type.
    """
    names = vars(sys.modules[type(value).__module__])
    reject(
        problem
        for field in fields(value)
        for problem in _Wanted(annotation=str(field.type), names=names, ways=ways).check(
            field.name, getattr(value, field.name)
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What an annotation says, with the names that it may use."""

    annotation: str
    names: Mapping[str, Any]
    ways: Ways

    def check(self, keyword: str, given: object) -> Iterator[Problem]:
        if type(given) not in _plain_types(self.annotation):
            yield from self._check(_parsed(self.annotation), keyword, given)

    def _check(self, wanted: ast.expr, keyword: str, given: object) -> Iterator[Problem]:
        if self._fits(wanted, given):
            return
        table = next(filter(_is_table, _choices(wanted)), None)
        if table is not None and isinstance(given, Mapping):
            yield from self._check_table(table, keyword, cast("Mapping[object, object]", given))
        else:
            yield self._wrong(wanted, keyword, given)

    def _check_table(
        self, wanted: ast.Subscript, keyword: str, given: Mapping[object, object]
    ) -> Iterator[Problem]:
        key_type, value_type = cast("ast.Tuple", wanted.slice).elts
        for key, value in given.items():
            yield from self._check(key_type, f"key of {keyword}", key)
            yield from self._check(value_type, f"{keyword}[{key!r}]", value)

    def _wrong(self, wanted: ast.expr, keyword: str, given: object) -> Problem:
        if isinstance(given, str) and any(_is_list(one) for one in _choices(wanted)):
            return single_text(keyword, given)
        return Problem(
            what=f"`{keyword}` takes {self._words(wanted)}.",
            given=given,
            why="Any other value has no meaning here, or ends in an error of Python later.",
            fix=self.ways.get(keyword) or self._meant(wanted, given) or self._way_out(wanted),
        )

    def _fits(self, wanted: ast.expr, given: object) -> bool:
        if literals := self._literals(wanted):
            # A `True` is equal to 1.
            return isinstance(given, str) and given in literals
        match wanted:
            case ast.BinOp(left=left, right=right):
                return self._fits(left, given) or self._fits(right, given)
            case ast.Constant(value=value):
                return given is value
            case ast.Name(id=name):
                return self._is_a(name, given)
            case ast.Subscript(value=ast.Name(id=name), slice=inner):
                return self._holds(name, inner, given)
            case _:  # no annotation of ours
                raise TypeError(self.annotation)

    def _holds(self, name: str, inner: ast.expr, given: object) -> bool:
        parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
        if name == "Mapping":
            return isinstance(given, Mapping) and all(
                self._fits(parts[0], key) and self._fits(parts[1], value)
                for key, value in cast("Mapping[object, object]", given).items()
            )
        # Texts and bytes are sequences to Python.
        if isinstance(given, str | bytes | bytearray) or not isinstance(given, _LISTS[name]):
            return False
        return all(self._fits(parts[0], one) for one in cast("Collection[object]", given))

    def _is_a(self, name: str, given: object) -> bool:
        match name:
            case "object":
                return True
            case "str":
                return isinstance(given, str)
            case "bool":
                return isinstance(given, bool)
            case "int":
                # `bool` is an `int` to Python; a reference is a `float`.
                is_number = isinstance(given, int) and not isinstance(given, bool)
                return is_number or (isinstance(given, float) and is_number_reference(given))
            case _:
                return self._is_of(name, given)

    def _is_of(self, name: str, given: object) -> bool:
        known = self.names.get(name)
        if isinstance(known, type):
            return isinstance(given, known)
        # It is imported for type checkers alone, so only its name is known.
        return any(one.__name__ == name for one in type(given).__mro__)

    def _words(self, wanted: ast.expr) -> str:
        found = [self._word(one) for one in _choices(wanted)]
        return " or ".join(dict.fromkeys(found))

    def _word(self, wanted: ast.expr) -> str:
        if literals := self._literals(wanted):
            return " or ".join(map(repr, literals))
        match wanted:
            case ast.Name(id=name):
                return _WORDS.get(name) or f"`{name.removesuffix('Base')}`"
            case ast.Subscript(value=ast.Name(id="Mapping"), slice=ast.Tuple(elts=[_, value])):
                return f"a table with {self._many(value)}"
            case ast.Subscript(slice=ast.Tuple(elts=[value, *_])) | ast.Subscript(slice=value):
                return f"a list of {self._many(value)}"
            case _:
                raise TypeError(self.annotation)

    def _many(self, wanted: ast.expr) -> str:
        words = self._words(wanted)
        return _PLURALS.get(words, words)

    def _meant(self, wanted: ast.expr, given: object) -> str:
        """Suggest the word that a misspelt one was meant to be, where there is a choice."""
        known = [word for one in _choices(wanted) for word in self._literals(one)]
        return did_you_mean(given, known) if isinstance(given, str) else ""

    def _literals(self, wanted: ast.expr) -> tuple[str, ...]:
        match wanted:
            case ast.Name(id=name) if get_origin(self.names.get(name)) is Literal:
                return get_args(self.names[name])
            case ast.Subscript(value=ast.Name(id="Literal"), slice=inner):
                return _listed(inner)
            case _:
                return ()

    def _way_out(self, wanted: ast.expr) -> str:
        for name in (node.id for node in ast.walk(wanted) if isinstance(node, ast.Name)):
            if name in self.ways:
                return self.ways[name]
        first = _choices(wanted)[0]
        kind = first.value if isinstance(first, ast.Subscript) else first
        name = kind.id if isinstance(kind, ast.Name) else ""
        return _WRITE.get("Sequence" if name in _LISTS else name, "Use one of these.")


@cache
def _plain_types(annotation: str) -> frozenset[type]:
    """Return the types of which every value fits: most fields are of these, and seen at once."""
    found = {_PLAIN.get(ast.unparse(one)) for one in _members(_parsed(annotation))}
    return frozenset(filter(None, found))


@cache
def _parsed(annotation: str) -> ast.expr:
    return ast.parse(annotation, mode="eval").body


@cache
def _listed(inner: ast.expr) -> tuple[str, ...]:
    """Read the words of a `Literal`, once: fields of one kind are checked again and again."""
    parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
    return tuple(ast.literal_eval(part) for part in parts)


def _choices(wanted: ast.expr) -> list[ast.expr]:
    """List the types of a union; None stands for an argument that is left out."""
    return [one for one in _members(wanted) if not isinstance(one, ast.Constant)]


def _members(wanted: ast.expr) -> list[ast.expr]:
    if isinstance(wanted, ast.BinOp):
        return [*_members(wanted.left), *_members(wanted.right)]
    return [wanted]


def _is_table(wanted: ast.expr) -> TypeGuard[ast.Subscript]:
    match wanted:
        case ast.Subscript(value=ast.Name(id="Mapping")):
            return True
        case _:
            return False


def _is_list(wanted: ast.expr) -> bool:
    match wanted:
        case ast.Subscript(value=ast.Name(id=name)):
            return name in _LISTS
        case _:
            return False
