"""The parts of Terraform's expressions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class LiteralValue:
    """A number, a truth value or null."""

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
    """A function and what it is given."""

    name: str
    arguments: tuple[Node, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Index:
    """What stands in brackets behind a name; None when it is computed."""

    key: str | int | None


@dataclass(frozen=True, slots=True)
class Traversal:
    """A name and what follows it: attributes and indexes."""

    parts: tuple[str | Index, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Raw:
    """What this reader has no part for, as it is written."""

    source: str


Node: TypeAlias = LiteralValue | Template | ObjectOf | ListOf | FunctionCall | Traversal | Raw
