"""
Statements of which an element is an expression that only Terraform resolves.

A value in a list is a symbol that the comparison reads. An element that has another shape, such as
a whole condition, would be lost: an `Allow` with it, or what keeps a `Deny` narrow.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from deploy_access.json_shape import as_list, as_object, as_text
from deploy_access.terraform.premises import rests_on
from deploy_access.terraform.symbols import has_symbol, is_symbol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from deploy_access.terraform.blocks import Block
    from deploy_access.terraform.certainty import Premise, Variant, Variants
    from deploy_access.terraform.resolver import Resolver

_PRINCIPALS = ("Principal", "NotPrincipal")


def open_statements(
    scope: Resolver, block: Block, statements: Iterable[Variants]
) -> tuple[list[Variants], tuple[str, ...]]:
    """Return statements in the ways in which they may come out, and those that are not known."""
    found: list[Variants] = []
    hidden: list[str] = []
    for variants in statements:
        known = [one for one in variants if not is_symbol(one.statement)]
        hidden += [scope.symbols.write(str(v.statement)) for v in variants if v not in known]
        if known:
            found.append(tuple(way for one in known for way in _ways(scope, block, one)))
    return found, tuple(dict.fromkeys(hidden))


def is_settled(statement: object) -> bool:
    """Whether a statement comes out in one way, as nearly every one does."""
    found = as_object(statement)
    effect, condition = as_text(found.get("Effect")), as_object(found.get("Condition", {}))
    principals = [found[key] for key in _PRINCIPALS if key in found]
    return (
        bool(found)
        and not has_symbol(effect or "")
        and (bool(condition) or "Condition" not in found)
        and not any(has_symbol(name) or is_symbol(keys) for name, keys in condition.items())
        and not any(map(has_symbol, _texts(found.get("NotAction"))))
        and not any(is_symbol(one) or any(map(has_symbol, as_object(one))) for one in principals)
    )


def _ways(scope: Resolver, block: Block, variant: Variant) -> Iterator[Variant]:
    """List a statement without what has no shape, resting on what that comes to."""
    statement = as_object(variant.statement)
    conditions, lost = _conditions(statement.get("Condition"))
    lost += [text for text in _texts(statement.get("NotAction")) if has_symbol(text)]
    whats = (scope.symbols.write(text) for text in lost)
    premises = tuple(rests_on(scope, block, text, "it applies") for text in whats)
    if premises:
        statement = {**statement, "Condition": conditions} if conditions else _without(statement)
    statement = {k: _named(v) if k in _PRINCIPALS else v for k, v in statement.items()}
    for effect, more in _effects(scope, block, as_text(statement.get("Effect")) or ""):
        way = {**statement, "Effect": effect} if more else statement
        yield replace(variant, statement=way).resting(*premises, *more)


def _effects(
    scope: Resolver, block: Block, effect: str
) -> Iterator[tuple[str, tuple[Premise, ...]]]:
    """List both effects where only Terraform knows which one it is."""
    if not has_symbol(effect):
        yield effect, ()
        return
    allows = rests_on(scope, block, scope.symbols.write(effect), "it allows or denies")
    yield "Allow", (allows,)
    yield "Deny", (allows.opposite,)


def _conditions(written: object) -> tuple[Mapping[str, object], list[str]]:
    """Return the conditions that have a shape, and the expressions of the others."""
    if isinstance(written, str):
        return {}, [written] if has_symbol(written) else []
    found: dict[str, object] = {}
    lost: list[str] = []
    for operator, keys in as_object(written).items():
        if has_symbol(operator) or is_symbol(keys):
            lost.append(operator if has_symbol(operator) else str(keys))
        else:
            found[operator] = keys
    return found, lost


def _texts(value: object) -> list[str]:
    return [text for one in as_list(value) if (text := as_text(one)) is not None]


def _without(statement: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in statement.items() if key != "Condition"}


def _named(principal: object) -> object:
    """Return a principal of which the kind is not known as one of an account."""
    if is_symbol(principal):
        return {"AWS": principal}
    if not isinstance(principal, dict):
        return principal
    kinds = cast("dict[str, object]", principal)
    known = {kind: value for kind, value in kinds.items() if not has_symbol(kind)}
    unknown = [one for kind, value in kinds.items() if has_symbol(kind) for one in as_list(value)]
    return known | {"AWS": [*as_list(known.get("AWS")), *unknown]} if unknown else known
