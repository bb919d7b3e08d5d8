"""
The `json` of the data source `aws_iam_policy_document`.

Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

from deploy_access.json_shape import as_list, as_object, as_text
from deploy_access.terraform.block_body import nested
from deploy_access.terraform.bounds import is_too_long
from deploy_access.terraform.estate import Unread

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from deploy_access.terraform.blocks import Block
    from deploy_access.terraform.resolver import Resolver

_VERSION = "2012-10-17"
_LISTS = {
    "actions": "Action",
    "not_actions": "NotAction",
    "resources": "Resource",
    "not_resources": "NotResource",
}


def policy_json(scope: Resolver, block: Block) -> str | None:
    """
    Return the document of the data source; None when it is longer than any policy.

    Source documents come first, in their order, then its own statements, then overrides. A
    statement replaces an earlier one that has the same `sid`.
    """
    if is_too_long(block.body):
        return None
    merged: dict[str, object] = {"Version": ""}
    statements: list[object] = []
    places: dict[str, int] = {}
    left_out: list[str] = []
    for document in _documents(scope, block, left_out):
        # As the provider merges (`Merge` in its `internal/service/iam/policy_model.go`): the later
        # version of the language and the last `Id` win.
        merged["Version"] = max(str(merged["Version"]), as_text(document.get("Version")) or "")
        if document.get("Id"):
            merged["Id"] = document["Id"]
        _merge(statements, places, as_list(document.get("Statement")))
    text = json.dumps({**merged, "Statement": statements}, ensure_ascii=False)
    if left_out:
        scope.symbols.left_out[text] = tuple(dict.fromkeys(left_out))
    return text


def _merge(statements: list[object], places: dict[str, int], more: list[object]) -> None:
    """Add statements; each replaces the statement of an earlier document with its `sid`."""
    earlier = dict(places)
    for statement in more:
        sid = as_text(as_object(statement).get("Sid"))
        if sid and sid in earlier:
            statements[earlier[sid]] = statement
        else:
            places.update({sid: len(statements)} if sid else {})
            statements.append(statement)


def _documents(
    scope: Resolver, block: Block, left_out: list[str]
) -> Iterator[Mapping[str, object]]:
    yield from _given(scope, block, ("source_json", "source_policy_documents"), left_out)
    version = scope.text(block.body.get("version")) or _VERSION
    own: dict[str, object] = {"Version": version, "Id": scope.text(block.body.get("policy_id"))}
    yield {**own, "Statement": [_statement(s) for s in nested(scope, block, "statement")]}
    yield from _given(scope, block, ("override_json", "override_policy_documents"), left_out)


def _given(
    scope: Resolver, block: Block, arguments: Iterable[str], left_out: list[str]
) -> Iterator[Mapping[str, object]]:
    """List the documents that are merged with this one, and note those that cannot be read."""
    for argument in arguments:
        for value in as_list(scope.value(block.body.get(argument))):
            document = _parsed(value)
            # What a merged document lacked is lacking in this one too.
            left_out += scope.symbols.left_out.get(as_text(value) or "", ())
            if document is not None:
                yield document
            elif value:
                note = _left_out(scope, f"{block.address}.{argument}", value)
                left_out.append(note.given)
                scope.notes.append(note)


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


def _statement(written: Mapping[str, object]) -> dict[str, object]:
    found: dict[str, object] = {"Effect": written.get("effect") or "Allow"}
    if written.get("sid"):
        found = {"Sid": written["sid"], **found}
    for argument, element in (("principals", "Principal"), ("not_principals", "NotPrincipal")):
        if written.get(argument):
            found[element] = _principals(as_list(written[argument]))
    for argument, element in _LISTS.items():
        if written.get(argument):
            # The provider replaces `&{` everywhere but in actions, which have no variables.
            found[element] = _values(written[argument], replace="resources" in argument)
    if written.get("condition"):
        found["Condition"] = _conditions(as_list(written["condition"]))
    return found


def _principals(blocks: list[object]) -> object:
    found: dict[str, list[object]] = {}
    for block in map(as_object, blocks):
        kind = as_text(block.get("type")) or ""
        found.setdefault(kind, []).extend(_replaced(block.get("identifiers")))
    if found == {"*": ["*"]}:
        return "*"
    return {kind: _one_or_many(values) for kind, values in found.items()}


def _conditions(blocks: list[object]) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, list[object]]] = {}
    for block in map(as_object, blocks):
        keys = found.setdefault(as_text(block.get("test")) or "", {})
        key = as_text(block.get("variable")) or ""
        keys.setdefault(key, []).extend(_replaced(block.get("values")))
    return {test: {k: _one_or_many(v) for k, v in keys.items()} for test, keys in found.items()}


def _values(written: object, *, replace: bool) -> object:
    return _one_or_many(_replaced(written) if replace else as_list(written))


def _replaced(written: object) -> list[object]:
    """Return the values with IAM's variables, which Terraform writes as `&{...}`, as `${...}`."""
    return [v.replace("&{", "${") if isinstance(v, str) else v for v in as_list(written)]


def _one_or_many(values: list[object]) -> object:
    return values[0] if len(values) == 1 else values
