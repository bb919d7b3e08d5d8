"""A policy document in an argument: written as text, as an expression or as a data source."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from deploy_access.json_shape import as_list
from deploy_access.terraform.document_parts import parsed, variants_of, with_parts
from deploy_access.terraform.estate import Document, Unread
from deploy_access.terraform.firm_statements import may_rest_on_default, resting_on_defaults
from deploy_access.terraform.open_statements import is_settled, open_statements
from deploy_access.terraform.partial_documents import resting_on
from deploy_access.terraform.premises import kept_by_aws

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from deploy_access.terraform.blocks import Block
    from deploy_access.terraform.certainty import Premise
    from deploy_access.terraform.estate import Where
    from deploy_access.terraform.scope import Scope

# A document that is one data source is reported at the data source, where it can be mended.
_DATA = re.compile(
    r"\$\{\s*(data\.aws_iam_policy_document\.[\w-]+(?:\[[^\]]*\])?)\.(?:minified_)?json\s*\}"
)


def read_document(
    scope: Scope, block: Block, argument: str, raw: object, premises: Iterable[Premise] = ()
) -> Document:
    """
    Read the policy document in *argument* of *block*.

    Each expression in it that is not resolved is noted.

    Args:
        scope: The module.
        block: The block.
        argument: The argument, for example `inline_policy[0].policy`.
        raw: Its value as it is written.
        premises: What must be true for the document to be there.
    """
    data = _DATA.fullmatch(raw) if isinstance(raw, str) else None
    where = scope.module.where(
        f"{scope.module.prefix}{data[1]}" if data else f"{block.address}.{argument}"
    )
    value = scope.value(raw)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    names = scope.symbols.names(text)
    content = _content(scope, value, names)
    if content is None and not names:
        scope.notes.append(_no_document(value, where))
    note_unresolved(scope, names, where)
    left_out = scope.symbols.left_out.get(text, ())
    found = Document(content=content, where=where, unresolved=names, left_out=left_out)
    whole = _whole(scope, block, raw, text, found)
    return resting_on(whole, (*premises, *kept_by_aws(scope, block, argument.partition("[")[0])))


def _whole(scope: Scope, block: Block, raw: object, text: str, document: Document) -> Document:
    """Return a document with its parts; nearly every one is certain and ends here."""
    may_rest = may_rest_on_default(scope, raw)
    is_written = text not in scope.symbols.variants and not may_rest
    if is_written and not document.unresolved:
        return document
    written = parsed(text)
    if is_written and all(map(is_settled, as_list(written.get("Statement")))):
        return document
    statements, hidden = open_statements(scope, block, variants_of(scope, text, written))
    document = replace(document, left_out=(*document.left_out, *hidden))
    if may_rest:
        statements = resting_on_defaults(scope, block, raw, statements)
    return with_parts(scope, written, statements, document)


def note_unresolved(scope: Scope, names: tuple[str, ...], where: Where) -> None:
    """Note each expression that nothing resolves."""
    scope.notes += [
        Unread(
            kind="unresolved",
            what=f"What this stands for is only known to {scope.module.tool}.",
            given=name,
            where=where,
        )
        for name in names
    ]


def _content(
    scope: Scope, value: object, names: tuple[str, ...]
) -> str | Mapping[str, object] | None:
    if isinstance(value, dict):
        return cast("dict[str, object]", scope.symbols.write_value(cast("object", value)))
    if not isinstance(value, str):
        return None
    if not names:
        return value
    written = scope.symbols.write_json(value)
    return written if _is_json(written) else None


def _is_json(text: str) -> bool:
    """Whether a text is JSON; an expression outside of quotes makes it none."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _no_document(value: object, where: Where) -> Unread:
    return Unread(
        kind="malformed",
        what="There is no policy document where one belongs.",
        given=json.dumps(value),
        where=where,
    )
