"""
What of a document rests on the default of a variable.

Another value can be set, by `-var` or `TF_VAR_…`. The default counts for what a document says and
for what it allows; whether a `Deny` or a condition is there never rests on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from deploy_access.json_shape import as_object, as_text, objects
from deploy_access.terraform.certainty import Variant
from deploy_access.terraform.document_parts import parsed
from deploy_access.terraform.premises import rests_on
from deploy_access.terraform.symbols import has_symbol, is_symbol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deploy_access.terraform.blocks import Block
    from deploy_access.terraform.certainty import Premise, Variants
    from deploy_access.terraform.resolver import Resolver

_REMOTE = "terraform_remote_state"


def may_rest_on_default(scope: Resolver, raw: object) -> bool:
    """Whether the default of a variable may stand in a value; a glance that costs nothing."""
    text = raw if isinstance(raw, str) else str(raw)
    return "${" in text and (scope.has_defaults or _REMOTE in text)


def resting_on_defaults(
    scope: Resolver, block: Block, raw: object, statements: Sequence[Variants]
) -> list[Variants]:
    """
    Return statements with what rests on the default of a variable.

    Args:
        scope: The module.
        block: The block.
        raw: The document as it is written.
        statements: Its statements by the defaults.
    """
    firm = scope.firm.value(raw)
    text = firm if isinstance(firm, str) else None
    document = as_object(firm) if text is None else parsed(text)
    # A list that is not known as a whole has no statement that stands there for certain.
    others = list(objects(document.get("Statement")))
    premise = rests_on(scope, block, str(raw), "it is there", by_default=True)
    return [
        # What has more variants, or a premise, is known not to be certain.
        _checked(one[0], others, premise) if len(one) == 1 and not one[0].premises else one
        for one in statements
    ]


def _checked(only: Variant, firm: Sequence[object], premise: Premise) -> Variants:
    statement = as_object(only.statement)
    firm = list(objects(firm))  # a symbol may stand for any number of statements
    if any(_is_like(one, statement) for one in firm):
        return (only,)
    if (as_text(statement.get("Effect")) or "").lower() == "deny":
        return (only.resting(premise),)
    plain = {key: value for key, value in statement.items() if key != "Condition"}
    if "Condition" not in statement or not any(_is_like(_plain(one), plain) for one in firm):
        return (only,)
    return (
        Variant(statement=plain, premises=(premise.opposite,)),
        Variant(statement=statement, is_narrower=True),
    )


def _plain(statement: object) -> dict[str, object]:
    return {key: value for key, value in as_object(statement).items() if key != "Condition"}


def _is_like(firm: object, given: object) -> bool:
    """Whether *given* is *firm* with values for what is not known in it."""
    if isinstance(firm, str) and isinstance(given, str):
        return firm == given or has_symbol(firm)
    if isinstance(firm, dict) and isinstance(given, dict):
        known, other = as_object(cast("object", firm)), as_object(cast("object", given))
        return known.keys() == other.keys() and all(
            _is_member_like(key, value, other[key]) for key, value in known.items()
        )
    if isinstance(firm, list) and isinstance(given, list):
        known_list, other_list = cast("list[object]", firm), cast("list[object]", given)
        is_alike = len(known_list) == len(other_list) and all(map(_is_like, known_list, other_list))
        return is_alike or any(map(is_symbol, known_list))
    return firm == given or is_symbol(cast("object", firm))


def _is_member_like(key: str, firm: object, given: object) -> bool:
    if key == "Effect":  # Of an effect that is not known nobody can say that it denies.
        return firm == given
    if key == "Condition" and not _is_written_out(firm):
        return False
    return _is_like(firm, given)


def _is_written_out(condition: object) -> bool:
    """Whether all operators are there; a symbol may stand for no condition at all."""
    return not any(map(is_symbol, (condition, *as_object(condition).values())))
