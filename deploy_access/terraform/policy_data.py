"""
The `json` of the data source `aws_iam_policy_document`.

Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from deploy_access.iam.statement_documents import ELEMENTS
from deploy_access.json_shape import as_list, as_object, as_text
from deploy_access.terraform.block_body import nested
from deploy_access.terraform.bounds import is_too_long
from deploy_access.terraform.document_parts import remember, variants_of, widest
from deploy_access.terraform.estate import Unread
from deploy_access.terraform.policy_statement import statement_variants
from deploy_access.terraform.premises import rests_on

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from deploy_access.terraform.blocks import Block
    from deploy_access.terraform.certainty import Premise, Variant, Variants
    from deploy_access.terraform.resolver import Resolver

_VERSION = "2012-10-17"
_DOCUMENT = {name.lower(): name for name in ("Version", "Id", "Statement")}
_STATEMENT = {name.lower(): name for name in ELEMENTS}


def policy_json(scope: Resolver, block: Block) -> str | None:
    """
    Return the document of the data source; None when it is longer than any policy.

    Source documents come first, in their order, then its own statements, then overrides.
    """
    if is_too_long(block.body):
        return None
    merged: dict[str, object] = {"Version": ""}
    statements: list[Variants] = []
    left_out: list[str] = []
    for document in _documents(scope, block, left_out):
        # As the provider merges (`Merge` in its `internal/service/iam/policy_model.go`): the later
        # version of the language and the last `Id` win.
        merged["Version"] = max(str(merged["Version"]), document.version)
        if document.id:
            merged["Id"] = document.id
        _merge(statements, document)
    text = json.dumps({**merged, "Statement": widest(statements)}, ensure_ascii=False)
    text = remember(scope, text, statements)
    if left_out:
        scope.symbols.left_out[text] = tuple(dict.fromkeys(left_out))
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class _Merged:
    """
    A document that is merged with others.

    Attributes:
        version: Its version, or an empty text.
        id: Its `Id`, or None.
        statements: Its statements.
        replacing: For a document that is not known: the premise that it does not replace a
            statement that has a `Sid`.
    """

    version: str = ""
    id: object = None
    statements: Sequence[Variants] = ()
    replacing: Premise | None = None


def _merge(statements: list[Variants], document: _Merged) -> None:
    """
    Add statements; each replaces the one with its `Sid`, also one of its own document.

    Source: `Merge` in the provider's `internal/service/iam/policy_model.go`.
    """
    places = {sid: place for place, one in enumerate(statements) if (sid := _sid(one))}
    if document.replacing:
        for place in places.values():
            kept = (one.resting(document.replacing) for one in statements[place])
            statements[place] = tuple(kept)
    for variants in document.statements:
        sid = _sid(variants)
        if sid and sid in places:
            statements[places[sid]] = (*variants, *_unless(variants, statements[places[sid]]))
        else:
            places.update({sid: len(statements)} if sid else {})
            statements.append(variants)


def _sid(variants: Variants) -> str:
    return as_text(as_object(variants[0].statement).get("Sid")) or ""


def _unless(variants: Variants, earlier: Variants) -> Iterator[Variant]:
    """List the variants of an earlier statement that stay where no later one is there."""
    there = _presence(variants)
    for one in earlier if there else ():
        yield from (one.resting(premise.opposite) for premise in there)


def _presence(variants: Variants) -> tuple[Premise, ...]:
    """Return what all variants rest on, which is that the statement is there at all."""
    common = [one for one in variants[0].premises if all(one in v.premises for v in variants)]
    return tuple(common)


def _documents(scope: Resolver, block: Block, left_out: list[str]) -> Iterator[_Merged]:
    yield from _given(scope, block, ("source_json", "source_policy_documents"), left_out)
    statements = (statement_variants(scope, block, s) for s in nested(scope, block, "statement"))
    yield _Merged(
        version=scope.text(block.body.get("version")) or _VERSION,
        id=scope.text(block.body.get("policy_id")),
        statements=[variants for variants in statements if variants],
    )
    yield from _given(scope, block, ("override_json", "override_policy_documents"), left_out)


def _given(
    scope: Resolver, block: Block, arguments: Iterable[str], left_out: list[str]
) -> Iterator[_Merged]:
    """List the documents that are merged with this one, and note those that cannot be read."""
    for argument in arguments:
        for value in as_list(scope.value(block.body.get(argument))):
            document = _parsed(value)
            # What a merged document lacked is lacking in this one too.
            left_out += scope.symbols.left_out.get(as_text(value) or "", ())
            if document is not None:
                yield _read(scope, as_text(value) or "", document)
            elif value:
                note = _left_out(scope, f"{block.address}.{argument}", value)
                left_out.append(note.given)
                scope.notes.append(note)
                yield _Merged(replacing=_not_replaced(scope, block, argument, note.given))


def _not_replaced(scope: Resolver, block: Block, argument: str, given: str) -> Premise | None:
    if not argument.startswith("override"):
        return None
    return rests_on(scope, block, given, "another statement replaces it").opposite


def _read(scope: Resolver, text: str, document: Mapping[str, object]) -> _Merged:
    """
    Read a document as Go's decoder of JSON does: keys in any case of letters, the last one wins.

    Source: `IAMPolicyDoc` and `IAMPolicyStatement` in the provider's
    `internal/service/iam/policy_model.go`, and https://pkg.go.dev/encoding/json#Unmarshal.
    """
    found = _spelled(document, _DOCUMENT)
    return _Merged(
        version=as_text(found.get("Version")) or "",
        id=found.get("Id"),
        statements=[
            tuple(replace(one, statement=_spelled(one.statement, _STATEMENT)) for one in variants)
            for variants in variants_of(scope, text, found)
        ],
    )


def _spelled(written: object, names: Mapping[str, str]) -> dict[str, object]:
    """Return an object with its keys as AWS spells them, without those that AWS does not have."""
    items = as_object(written).items()
    return {names[key.lower()]: value for key, value in items if key.lower() in names}


def _left_out(scope: Resolver, address: str, value: object) -> Unread:
    text = as_text(value)
    return Unread(
        kind="unresolved",
        what="A document that belongs into this one is not known; it is left out.",
        given=json.dumps(value) if text is None else scope.symbols.write(text),
        where=scope.module.where(address),
    )


def _parsed(value: object) -> Mapping[str, object] | None:
    if not isinstance(value, str):
        return None
    try:
        found: object = json.loads(value)
    except (ValueError, RecursionError):
        return None
    return cast("Mapping[str, object]", found) if isinstance(found, dict) else None
