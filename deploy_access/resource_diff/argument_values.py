"""Values of arguments, compared by their meaning: names resolved, JSON parsed, policies sorted."""

from __future__ import annotations

import json
import re
from hashlib import blake2b
from typing import TYPE_CHECKING, cast

from deploy_access.errors import InvalidValue
from deploy_access.json_file import parse_json
from deploy_access.json_shape import as_list, as_text, is_container, objects

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deploy_access.terraform.scope import Scope


# Elements of a statement that are sets to IAM, in any order, and one text or a list of it:
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
_UNORDERED = {"Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal"}


_NAME = re.compile(
    r"(?<![\w.])(?P<data>data\.)?(?P<kind>[A-Za-z_]\w*)\.(?P<name>[\w-]+)"
    r"(?:\[[^\]]*\])?(?:\.(?P<attribute>\w+))?"
)
# Types whose attributes follow from their arguments. Of other types, AWS chooses the attributes
# that are no arguments, for example an id, and no change of an argument tells anything of them.
_WHOLE = ("null_resource", "random_", "terraform_data")


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


def texts_within(value: object) -> Iterator[str]:
    """
    List the texts within a value, at any depth, without those that are keys.

    It keeps a stack of its own: a hostile file nests deeper than Python calls functions.
    """
    left = [value]
    while left:
        found = left.pop()
        if isinstance(found, str):
            yield found
        elif isinstance(found, dict):
            left += cast("dict[str, object]", found).values()
        elif isinstance(found, list):
            left += cast("list[object]", found)


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


def made_of(scope: Scope, value: object) -> str:
    """
    Return a digest of a value and of the definitions of all names in it.

    Two unresolved expressions may be the same text and yet have different values: only while the
    digest stays the same, the value does.
    """
    found: dict[str, object] = {}
    left = [value]
    while left:
        for name in _names(left.pop()):
            if name[0] not in found:
                found[name[0]] = _definition(scope, name)
                left.append(found[name[0]])
    text = json.dumps([value, found], sort_keys=True)
    return blake2b(text.encode(), digest_size=16).hexdigest()


def _names(value: object) -> Iterator[re.Match[str]]:
    for text in texts_within(value):
        yield from _NAME.finditer(text) if "${" in text or "%{" in text else ()


def _definition(scope: Scope, found: re.Match[str]) -> object:
    kind, name, attribute = found["kind"], found["name"], found["attribute"]
    if not found["data"] and kind in {"local", "var"}:
        values = scope.module.local_values if kind == "local" else scope.module.variables
        return values.get(name)
    block = scope.blocks.get(("data" if found["data"] else "resource", kind, name, None))
    if block is None:
        return None
    if found["data"] or kind.startswith(_WHOLE):
        return {key: child for key, child in block.body.items() if key != "//"}
    return block.body.get(attribute or "")
