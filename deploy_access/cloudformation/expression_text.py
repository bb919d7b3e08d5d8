"""Expressions of Terraform as values, and values as the text of expressions."""

from __future__ import annotations

import json
import re
from typing import cast

from deploy_access.json_shape import as_object, is_container

NO_VALUE = object()
"""`AWS::NoValue`: what has it is left out."""
_TEMPLATE = re.compile(r"([$%])\{")
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
_DYNAMIC = re.compile(r"\{\{resolve:([^{}]*)\}\}")


class Expression(str):
    """A value that Terraform computes: `${...}`, and nothing beside it."""

    __slots__ = ()

    @classmethod
    def of(cls, source: str) -> Expression:
        """Return the value of an expression."""
        return cls(f"${{{source}}}")

    @property
    def source(self) -> str:
        """The expression."""
        return self[2:-1]


def unknown(name: str, given: object) -> Expression:
    """Return a call that nothing resolves, as people know the function: `Fn::ImportValue("x")`."""
    shown = json.dumps(given, ensure_ascii=False, default=str)
    return Expression.of(f"{name}({escaped(shown)})")


def source_of(value: object) -> str:
    """Return a value as the source of an expression."""
    if value is NO_VALUE or value is None:
        return "null"
    if isinstance(value, Expression):
        return value.source
    if not is_container(value):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return f"[{', '.join(map(source_of, cast('list[object]', value)))}]"
    items = (f"{json.dumps(key)}: {source_of(one)}" for key, one in as_object(value).items())
    return f"{{{', '.join(items)}}}"


def escaped(text: str) -> str:
    """Return a text in which Terraform fills in nothing."""
    return _TEMPLATE.sub(r"\1\1{", text)


def literal(text: str) -> str:
    """Return a text as Terraform writes it; what AWS looks up when it deploys is unknown."""
    pieces = _DYNAMIC.split(text)  # every second one is looked up
    return "".join(
        unknown("resolve", piece) if at % 2 else escaped(piece) for at, piece in enumerate(pieces)
    )
