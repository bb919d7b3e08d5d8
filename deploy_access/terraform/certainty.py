"""
What a part of a policy rests on, where no file says whether the part is there.

What is uncertain never subtracts: a `Deny`, a condition or a boundary that may not be there counts
as absent, an `Allow` that may be there counts as present. A comparison of two sides must know more:
the same part that is uncertain for the same reason on both sides is no difference. So each part has
its premises, and a premise has a name that is the same on both sides while its answer is.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from deploy_access.json_shape import as_list, as_object, as_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from deploy_access.terraform.estate import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Premise:
    """
    What must be true for something to be there, and what nothing that was read tells.

    Attributes:
        unknown: The name of the question; two premises of one name have the same answer.
        why: The reason why it is not known, as a phrase.
        answers: The answers with which the premise is true.
        is_other: Whether it is true with every answer but these.
        by_default: Whether it is true by the default of a variable, which counts for what adds.
    """

    unknown: str
    why: str
    answers: tuple[str, ...] = ("yes",)
    is_other: bool = False
    by_default: bool = False

    @property
    def opposite(self) -> Premise:
        """The premise that is true when this one is not."""
        return replace(self, is_other=not self.is_other, by_default=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPart:
    """
    A part of a policy document.

    Attributes:
        document: The part as a document of its own.
        premises: What must be true for it to be there; nothing where it is there.
    """

    document: Document
    premises: tuple[Premise, ...] = ()


def one_of(unknown: str, why: str, names: Iterable[str]) -> dict[str, Premise]:
    """Return a premise for each of *names*: of several that exclude each other, this one counts."""
    first, *others = dict.fromkeys(names)
    # One of them counts in any case, so the first one does with every answer that names no other.
    found = {first: Premise(unknown=unknown, why=why, answers=tuple(others), is_other=True)}
    return found | {name: Premise(unknown=unknown, why=why, answers=(name,)) for name in others}


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
