"""The nodes of a parsed Terraform expression."""

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
    """A function and its arguments."""

    name: str
    arguments: tuple[Node, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Index:
    """The key in brackets after a name; None when it is computed."""

    key: str | int | None


@dataclass(frozen=True, slots=True)
class Traversal:
    """A name and what follows it: attributes and indexes."""

    parts: tuple[str | Index, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Raw:
    """An expression that the parser does not understand, as it is written."""

    source: str


Node: TypeAlias = LiteralValue | Template | ObjectOf | ListOf | FunctionCall | Traversal | Raw
