"""
Texts of a policy as patterns, read as the evaluator reads them.

Of every variable of IAM nobody knows the value here, so it is a symbol, as what Terraform fills in.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from deploy_access.evaluate.context import Context
from deploy_access.evaluate.patterns import Wild
from deploy_access.evaluate.reading import WILDCARDS, Reader
from deploy_access.evaluate.texts import Reference

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.evaluate.patterns import Token
    from deploy_access.review.machine import Pattern

_PARTS = 6
ANY_ARN: Pattern = (*((Wild.ANY_IN_PART, ":") * (_PARTS - 1)), Wild.ANY)
"""Whatever the ARN operators take for an ARN."""


@lru_cache(maxsize=16384)
def resource_pattern(text: str, *, variables: bool = True) -> Pattern:
    """
    Read the pattern of a resource.

    A `*` at the end of a part reaches over the next `:`, any other one does not; in the last
    part, the name of the resource, both do.
    """
    tokens = text_pattern(text, WILDCARDS, variables=variables)
    found: list[Token] = []
    part = 1
    for place, item in enumerate(tokens):
        part += item == ":"
        reaches = item is Wild.ANY and (place + 1 == len(tokens) or tokens[place + 1] == ":")
        found.append(_in_part(item) if part < _PARTS and not reaches else item)
    return tuple(found)


def arn_pattern(text: str, *, variables: bool = True) -> Pattern | None:
    """Read an ARN of a condition, whose wildcards stay in their part; None when it is none."""
    if "${" in text and not variables:
        return (Reference(text),)
    tokens = text_pattern(text, WILDCARDS, variables=variables)
    found: list[Token] = []
    part = 1
    for item in tokens:
        part += item == ":"
        found.append(_in_part(item) if part < _PARTS else item)
    is_whole = part >= _PARTS or any(isinstance(item, Reference) for item in tokens)
    return tuple(found) if is_whole else None


def text_pattern(text: str, wildcards: Mapping[str, Wild] | None, *, variables: bool) -> Pattern:
    """Read a text; no character but those of *wildcards* means more than itself."""
    reader = Reader(Context(unknown=("*",)), variables)
    return tuple(reader.pattern(text, wildcards) or ())


def _in_part(item: Token) -> Token:
    if item is Wild.ANY:
        return Wild.ANY_IN_PART
    return Wild.ONE_IN_PART if item is Wild.ONE else item
