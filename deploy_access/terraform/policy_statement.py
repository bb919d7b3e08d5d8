"""
One `statement` of the data source `aws_iam_policy_document`, in the ways in which it may come out.

Its blocks may be `dynamic`: it is not certain then whether a condition or a principal is there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

from deploy_access.json_shape import as_list, as_object, as_text, objects
from deploy_access.terraform.certainty import Variant, Variants
from deploy_access.terraform.premises import nested_premises, rests_on
from deploy_access.terraform.presence import mark_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deploy_access.terraform.blocks import Block
    from deploy_access.terraform.certainty import Premise
    from deploy_access.terraform.resolver import Resolver

    _Block = Mapping[str, object]

_LISTS = {
    "actions": "Action",
    "not_actions": "NotAction",
    "resources": "Resource",
    "not_resources": "NotResource",
}
# Each condition that may not be there doubles the variants; more of them are taken as one.
_MOST_APART = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Doubtful:
    """Blocks of a statement that are there only if a premise is true."""

    blocks: tuple[_Block, ...]
    premise: Premise


def statement_variants(scope: Resolver, block: Block, written: _Block) -> Variants:
    """Return a `statement` in the ways in which it may come out; nothing where it is absent."""
    there = nested_premises(scope, block, written)
    if there is None:
        return ()
    return tuple(
        Variant(
            statement=_statement(one),
            premises=(*there, *who, *when),
            is_narrower=is_narrower,
        )
        for part, who in _by_principals(scope, block, written)
        for one, when, is_narrower in _by_conditions(scope, block, part)
    )


def _by_principals(
    scope: Resolver, block: Block, written: _Block
) -> Iterator[tuple[_Block, tuple[Premise, ...]]]:
    """Split a statement by the principals that may not be there."""
    certain: list[_Block] = []
    doubtful: list[_Doubtful] = []
    for one in objects(written.get("principals")):
        premises = nested_premises(scope, block, one, "its principal is there")
        if premises:
            doubtful.append(_Doubtful(blocks=(one,), premise=premises[0]))
        elif premises is not None:
            certain.append(one)
    if not doubtful:
        yield written, ()
        return
    if certain:
        yield {**written, "principals": certain}, ()
    for each in doubtful:
        yield {**written, "principals": [*each.blocks]}, (each.premise,)


def _by_conditions(
    scope: Resolver, block: Block, written: _Block
) -> Iterator[tuple[_Block, tuple[Premise, ...], bool]]:
    """List a statement with and without the conditions that may not be there."""
    certain, doubtful = _conditions_of(scope, block, written)
    if not doubtful:
        yield {**written, "condition": certain}, (), False
        return
    names = [(one.get("test"), one.get("variable")) for one in certain]
    names += [(o.get("test"), o.get("variable")) for each in doubtful for o in each.blocks]
    # Two blocks of one test and variable are one condition, which more values make wider.
    is_one = len(names) != len(set(map(str, names)))
    for number in range(len(doubtful) + 1):
        for there in combinations(doubtful, number):
            blocks = [*certain, *(one for each in there for one in each.blocks)]
            absent = [each.premise.opposite for each in doubtful if each not in there]
            present = [each.premise for each in there] if is_one else []
            is_narrower = number > 0 and not is_one
            yield {**written, "condition": blocks}, (*absent, *present), is_narrower


def _conditions_of(
    scope: Resolver, block: Block, written: _Block
) -> tuple[list[_Block], list[_Doubtful]]:
    certain: list[_Block] = []
    doubtful: list[_Doubtful] = []
    denies = as_text(written.get("effect")) != "Allow"
    for one in objects(written.get("condition")):
        mark = mark_of(one)
        if mark is None:
            certain.append(one)
        elif mark[1] != "default-absent" or denies:
            is_default = mark[1] != "unknown"
            premise = rests_on(
                scope, block, mark[0], "its condition is there", by_default=is_default
            )
            # For a condition, the default does not count.
            premise = replace(premise, by_default=False)
            doubtful.append(_Doubtful(blocks=(one,), premise=premise))
    if len(doubtful) > _MOST_APART:
        blocks = tuple(one for each in doubtful for one in each.blocks)
        named = ", ".join(mark[0] for one in blocks if (mark := mark_of(one)))
        premise = rests_on(scope, block, named, "its conditions are there")
        doubtful = [_Doubtful(blocks=blocks, premise=premise)]
    return certain, doubtful


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
