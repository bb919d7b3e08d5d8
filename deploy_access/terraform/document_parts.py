"""
The statements of a document of which it is not certain how they come out.

Each is a list of variants: the statement in the ways in which it may stand there, each with its
premises.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from deploy_access.json_shape import as_list, as_object, as_text
from deploy_access.terraform.certainty import Variant
from deploy_access.terraform.estate import Document, DocumentPart

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from deploy_access.terraform.certainty import Variants
    from deploy_access.terraform.resolver import Resolver


def widest(statements: Iterable[Variants]) -> list[object]:
    """List the statements as they are read where one reading has to do."""
    return [
        one.statement
        for variants in statements
        for one in variants
        if (not one.premises if _denies(one.statement) else not one.is_narrower)
    ]


def is_certain(statements: Iterable[Variants]) -> bool:
    """Whether each statement stands there in one way only."""
    return not any(variant.premises for variants in statements for variant in variants)


def remember(scope: Resolver, text: str, statements: Sequence[Variants]) -> str:
    """Remember how the statements of a document may come out, by a text that no other one has."""
    if is_certain(statements):
        return text
    # White space means nothing in JSON, so the text stays the document.
    text += " "
    while scope.symbols.variants.setdefault(text, tuple(statements)) != tuple(statements):
        text += " "
    return text


def variants_of(scope: Resolver, text: str, document: Mapping[str, object]) -> list[Variants]:
    """List the statements of a document with their variants, as far as they were remembered."""
    known = scope.symbols.variants.get(text)
    if known is not None:
        return list(known)
    return [(Variant(statement=one),) for one in as_list(document.get("Statement"))]


def with_parts(
    scope: Resolver,
    written: Mapping[str, object],
    statements: Sequence[Variants],
    document: Document,
) -> Document:
    """Return a document with its parts, if it is not certain what is in it."""
    if is_certain(statements):
        return document

    def part(listed: list[object], left_out: tuple[str, ...] = ()) -> Document:
        raw = json.dumps({**written, "Statement": listed}, ensure_ascii=False)
        content, names = scope.symbols.write_json(raw), scope.symbols.names(raw)
        return Document(content=content, where=document.where, unresolved=names, left_out=left_out)

    certain = [one.statement for each in statements for one in each if not one.premises]
    perhaps = [one for each in statements for one in each if one.premises]
    return replace(
        document,
        content=part(widest(statements)).content,
        parts=(
            DocumentPart(document=part(certain, document.left_out)),
            *(DocumentPart(document=part([v.statement]), premises=v.premises) for v in perhaps),
        ),
    )


def _denies(statement: object) -> bool:
    return (as_text(as_object(statement).get("Effect")) or "").lower() == "deny"


def parsed(text: str) -> Mapping[str, object]:
    """Return the document that a text is; an empty one for any other text."""
    try:
        found: object = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return as_object(found)
