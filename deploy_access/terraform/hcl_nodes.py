"""The nodes of a parsed Terraform expression; `source` is the expression as it is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class LiteralValue:
    """A number, a boolean or null."""

    value: object


@dataclass(frozen=True, slots=True)
class Template:
    """A text with expressions in it."""

    parts: tuple[str | Node, ...]
    source: str


@dataclass(frozen=True, slots=True)
class ObjectOf:
    """An object: key and value, in the order in which they are written."""

    items: tuple[tuple[Node, Node], ...]


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class FunctionCall:
    """A function and its arguments; *is_expanded* when the last one is a list of arguments."""

    name: str
    arguments: tuple[Node, ...]
    is_expanded: bool
    source: str


@dataclass(frozen=True, slots=True)
class Index:
    """The key in brackets after a value."""

    key: Node


@dataclass(frozen=True, slots=True)
class Splat:
    """`[*]`, or `.*` which takes the attributes that follow it and no index."""

    is_full: bool


Step: TypeAlias = str | Index | Splat
"""What follows a value: an attribute, an index or a splat."""


@dataclass(frozen=True, slots=True)
class Traversal:
    """A name and what follows it."""

    parts: tuple[Step, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Access:
    """A value that is no name, and what follows it."""

    value: Node
    parts: tuple[Step, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Operation:
    """Operators of one precedence, which are applied from left to right."""

    first: Node
    rest: tuple[tuple[str, Node], ...]
    source: str


@dataclass(frozen=True, slots=True)
class Negation:
    """`!` or `-` before a value."""

    sign: str
    value: Node
    source: str


@dataclass(frozen=True, slots=True)
class Conditional:
    """`condition ? yes : no`."""

    condition: Node
    yes: Node
    no: Node
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ForExpression:
    """
    `[for …]` or `{for …}`.

    Attributes:
        names: The one or two names that each member gets.
        collection: What it goes through.
        key: The key of each member of an object; None for a list.
        value: The value of each member.
        condition: Which members count, or None.
        is_grouped: Whether the values of one key become a list.
        source: The expression.
    """

    names: tuple[str, ...]
    collection: Node
    key: Node | None
    value: Node
    condition: Node | None
    is_grouped: bool
    source: str


@dataclass(frozen=True, slots=True)
class Raw:
    """An expression that the parser does not understand, as it is written."""

    source: str


Node: TypeAlias = (
    LiteralValue
    | Template
    | ObjectOf
    | ListOf
    | FunctionCall
    | Traversal
    | Access
    | Operation
    | Negation
    | Conditional
    | ForExpression
    | Raw
)
