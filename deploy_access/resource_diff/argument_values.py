"""Values of arguments, compared by their meaning: names resolved, JSON parsed, policies sorted."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

from deploy_access.errors import InvalidValue
from deploy_access.json_file import parse_json
from deploy_access.json_shape import as_list, as_text, is_container, objects
from deploy_access.terraform.definitions import texts_within

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.terraform.scope import Scope


# Elements of a statement that are sets to IAM, in any order, and one text or a list of it:
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
_UNORDERED = {"Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal"}


def resolve(scope: Scope, value: object) -> object:
    """Return *value* with its names resolved; `${expression}` where only Terraform knows it."""
    if isinstance(value, str):
        return _resolved(scope, value) if "${" in value or "%{" in value else value
    if isinstance(value, dict):
        items = cast("dict[str, object]", value).items()
        return {key: resolve(scope, child) for key, child in items}
    if isinstance(value, list):
        return [resolve(scope, child) for child in cast("list[object]", value)]
    return value


def has_reference(value: object) -> bool:
    """Whether a text within *value* has an expression or a directive of Terraform."""
    return any("${" in text or "%{" in text for text in texts_within(value))


def parsed(value: object) -> object:
    """Return the JSON object or list that a text is; None for anything else."""
    text = value.strip() if isinstance(value, str) else ""
    if not text or f"{text[0]}{text[-1]}" not in {"{}", "[]"}:
        return None
    try:
        found = parse_json(f'{{"":{text}}}'.encode(errors="replace"), "").content
    except InvalidValue:
        return None
    return found[""] if len(found) == 1 else None


def is_policy(value: object) -> bool:
    """Whether *value* is a policy document of AWS."""
    return isinstance(value, dict) and "Statement" in value


def same_scalar(one: object, other: object) -> bool:
    """Whether two values are equal to Terraform, which converts `"14"` to `14` and back."""
    return one == other or (
        not is_container(one) and not is_container(other) and as_text(one) == as_text(other)
    )


def same_policy(one: object, other: object) -> bool:
    """Whether two policy documents are equal but for order and lists of one element."""
    return _policy(one) == _policy(other)


def _resolved(scope: Scope, text: str) -> object:
    found = scope.value(text)
    if isinstance(found, str):
        is_json = found.lstrip()[:1] in {"{", "["}
        return scope.symbols.write_json(found) if is_json else scope.symbols.write(found)
    return scope.symbols.write_value(found)


def _policy(value: object) -> object:
    document = dict(cast("Mapping[str, object]", value))
    statements = [_statement(each) for each in objects(document.get("Statement"))]
    document["Statement"] = sorted(statements, key=_key)
    return document


def _statement(statement: Mapping[str, object]) -> object:
    return {
        key: _listed(child) if key in _UNORDERED or key == "Condition" else child
        for key, child in statement.items()
    }


def _listed(value: object) -> object:
    """Return the value with each text as a list of one and each list sorted, at any depth."""
    if isinstance(value, dict):
        return {key: _listed(child) for key, child in cast("dict[str, object]", value).items()}
    return sorted(as_text(child) or _key(child) for child in as_list(value))


def _key(value: object) -> str:
    return json.dumps(value, sort_keys=True)
