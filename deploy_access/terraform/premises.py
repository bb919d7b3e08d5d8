"""The premises of a block: its `count` and `for_each`, its `dynamic` blocks, `ignore_changes`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.json_shape import as_list, objects, texts
from deploy_access.terraform.certainty import Premise
from deploy_access.terraform.presence import mark_of
from deploy_access.terraform.symbols import is_symbol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.terraform.blocks import Block
    from deploy_access.terraform.resolver import Resolver

# Characters of an expression that a reason shows.
_SHOWN = 100


def premises_of(scope: Resolver, block: Block, what: str = "it is there") -> tuple[Premise, ...]:
    """Return what must be true for *block* to be there; nothing where it is there."""
    if block.perhaps:
        return (rests_on(scope, block, block.perhaps, what),)
    if block.rests_on:
        return (rests_on(scope, block, block.rests_on, what, by_default=True),)
    return ()


def nested_premises(
    scope: Resolver, block: Block, body: Mapping[str, object], what: str = "it is there"
) -> tuple[Premise, ...] | None:
    """
    Return what must be true for a nested block to be there, by the mark in its arguments.

    None where it is not there by the default of a variable, which counts for what adds.
    """
    mark = mark_of(body)
    if mark is None:
        return ()
    expression, presence = mark
    if presence == "default-absent":
        return None
    return (rests_on(scope, block, expression, what, by_default=presence == "default"),)


def of_argument(scope: Resolver, block: Block, argument: str, what: str) -> tuple[Premise, ...]:
    """Return the premise that an argument has its value, where that rests on a variable."""
    raw = block.body.get(argument)
    if not scope.has_defaults or "${" not in str(raw):
        return ()
    given = as_list(scope.firm.value(raw))
    # A part of a value, as the account in an ARN, says nothing about whether there is one.
    if not any(map(is_symbol, given)) or any(map(is_symbol, as_list(scope.value(raw)))):
        return ()
    return (rests_on(scope, block, str(raw), what, by_default=True),)


def rests_on(
    scope: Resolver, block: Block, expression: str, what: str, *, by_default: bool = False
) -> Premise:
    """
    Return the premise that *what*, which an expression in *block* decides.

    Two equal expressions have one answer, wherever they stand in a module.
    """
    by = "another value can be set" if by_default else f"only {scope.module.tool} knows it"
    return Premise(
        unknown=_named(scope, block, expression),
        why=f"whether {what} depends on {_shown(expression)}, and {by}",
        by_default=by_default,
    )


def kept_by_aws(scope: Resolver, block: Block, *arguments: str) -> tuple[Premise, ...]:
    """
    Return the premise that AWS has what one of *arguments* says, if Terraform does not change it.

    Source: https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#ignore_changes
    """
    ignored = {
        name.removeprefix("${").removesuffix("}").partition("[")[0].partition(".")[0]
        for lifecycle in objects(block.body.get("lifecycle"))
        for name in texts(lifecycle.get("ignore_changes"))
    }
    kept = [name for name in arguments if name in ignored or "all" in ignored]
    return tuple(
        Premise(
            unknown=_named(scope, block, f"{block.address}.{name} {block.body.get(name)}"),
            why=f"Terraform ignores changes of {block.address}.{name} and keeps what AWS has",
        )
        for name in kept
    )


def _named(scope: Resolver, block: Block, expression: str) -> str:
    """Name what is not known by the module, the expression and all that it is made of."""
    module = block.address.partition(f"{block.type}.{block.name}")[0].removesuffix("data.")
    written: list[object] = [expression]
    if "each." in expression or "count." in expression:
        # Their values are those of one block, and follow from its instances.
        written += [block.address, block.body.get("for_each"), block.body.get("count")]
    return f"{scope.module.stack or ''} {module} {expression} {scope.made_of(written)}"


def _shown(expression: str) -> str:
    text = " ".join(expression[: 2 * _SHOWN].split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
