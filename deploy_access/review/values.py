"""Values of arguments, as they are compared: by what they mean, not by how they are written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

from deploy_access.errors import InvalidValue
from deploy_access.reading.json_text import parse_json
from deploy_access.reading.shapes import as_list, as_text, is_container, objects

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.reading.scope import Scope

_UNORDERED = {"Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal"}


def resolve(scope: Scope, value: object) -> object:
    """Put in what the names in *value* stand for; `${expression}` stays where nothing says it."""
    if isinstance(value, str):
        return _resolved(scope, value) if "${" in value or "%{" in value else value
    if isinstance(value, dict):
        items = cast("dict[str, object]", value).items()
        return {key: resolve(scope, child) for key, child in items}
    if isinstance(value, list):
        return [resolve(scope, child) for child in cast("list[object]", value)]
    return value


def has_reference(value: object) -> bool:
    """Whether something in it is for Terraform to fill in."""
    left = [value]
    while left:
        found = left.pop()
        if isinstance(found, str):
            if "${" in found or "%{" in found:
                return True
        elif isinstance(found, dict):
            left += cast("dict[str, object]", found).values()
        elif isinstance(found, list):
            left += cast("list[object]", found)
    return False


def parsed(value: object) -> object:
    """Read a text that is a JSON object or list; None for anything else."""
    text = value.strip() if isinstance(value, str) else ""
    if not text or f"{text[0]}{text[-1]}" not in {"{}", "[]"}:
        return None
    try:
        found = parse_json(f'{{"":{text}}}'.encode(errors="replace"), "").content
    except InvalidValue:
        return None
    return found[""] if len(found) == 1 else None


def is_policy(value: object) -> bool:
    """Whether it is a policy document of AWS."""
    return isinstance(value, dict) and "Statement" in value


def same_scalar(one: object, other: object) -> bool:
    """Whether two values are one to Terraform, which takes `"14"` for `14` and back."""
    return one == other or (
        not is_container(one) and not is_container(other) and as_text(one) == as_text(other)
    )


def same_policy(one: object, other: object) -> bool:
    """Whether two policy documents differ in nothing but order and lists of one."""
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
    """Make every value a sorted list, at whatever depth it is."""
    if isinstance(value, dict):
        return {key: _listed(child) for key, child in cast("dict[str, object]", value).items()}
    return sorted(as_text(child) or _key(child) for child in as_list(value))


def _key(value: object) -> str:
    return json.dumps(value, sort_keys=True)
