"""Documents that are there only if their premises are true."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from deploy_access.json_shape import as_list, as_object, as_text
from deploy_access.terraform.estate import DocumentPart

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from deploy_access.terraform.certainty import Premise
    from deploy_access.terraform.estate import Document


def resting_on(document: Document, premises: Iterable[Premise]) -> Document:
    """Return a document that is there only if all *premises* are true."""
    premises = tuple(premises)
    if not premises:
        return document
    parts = tuple(
        replace(part, premises=(*part.premises, *premises))
        for part in document.parts or (DocumentPart(document=document),)
    )
    return replace(document, content=_without_denies(document.content), parts=parts)


def either(documents: Sequence[Document]) -> Document:
    """Return documents, of which each has its premises, as one."""
    first = documents[0]
    if all(one.written == first.written for one in documents):
        return first
    contents = [as_object(_parsed(one.content)) for one in documents]
    statements = [one for content in contents for one in as_list(content.get("Statement"))]
    return replace(
        first,
        content=json.dumps({**contents[0], "Statement": statements}, ensure_ascii=False),
        unresolved=tuple(dict.fromkeys(name for one in documents for name in one.unresolved)),
        left_out=tuple(dict.fromkeys(name for one in documents for name in one.left_out)),
        parts=tuple(part for one in documents for part in one.parts),
    )


def _without_denies(
    content: str | Mapping[str, object] | None,
) -> str | Mapping[str, object] | None:
    """Return a document with its `Allow` statements only."""
    parsed = _parsed(content)
    # A text of some length has its `Deny` statements taken out; most documents have none.
    if not isinstance(parsed, dict) or "deny" not in json.dumps(parsed).lower():
        return content
    found = {
        key: [one for one in as_list(value) if not _denies(one)]
        if key.lower() == "statement"
        else value
        for key, value in cast("dict[str, object]", parsed).items()
    }
    return json.dumps(found, ensure_ascii=False) if isinstance(content, str) else found


def _parsed(content: str | Mapping[str, object] | None) -> object:
    try:
        return json.loads(content) if isinstance(content, str) else content
    except (ValueError, RecursionError):
        return None


def _denies(statement: object) -> bool:
    items = as_object(statement).items()
    effects = [as_text(value) or "" for key, value in items if key.lower() == "effect"]
    return any(effect.lower() == "deny" for effect in effects)
