"""The values that synthesis could not know of a stack, from a plan of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from deploy_access.json_shape import as_object
from deploy_access.resource_diff.argument_values import has_reference
from deploy_access.terraform.plan import read_sides
from deploy_access.terraform.plan_expressions import KNOWN_LATER, literal
from deploy_access.terraform.plan_sides import unknown_after_apply
from deploy_access.terraform.snapshot import is_plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from deploy_access.json_file import JsonFile
    from deploy_access.terraform.blocks import Block, Module
    from deploy_access.terraform.plan_sides import Side
    from deploy_access.terraform.sources import StackFile

    Object = Mapping[str, object]
    Fill = Callable[[Module], Module]


def fill_head(plans: Mapping[str, JsonFile]) -> Fill:
    """
    Fill in the values after apply that a plan knows already.

    Data sources have the values that were read for the plan.
    """
    known = {
        name: _Known(read_sides(plan.content)[1], unknown_after_apply(plan.content))
        for name, plan in plans.items()
    }
    return lambda module: _filled(module, known)


def fill_base(plans: Mapping[str, JsonFile]) -> Fill:
    """Fill in the values before apply: those of the state when the plan was made."""
    known = {name: _Known(read_sides(plan.content)[0], {}) for name, plan in plans.items()}
    return lambda module: _filled(module, known)


def tell_apart(base: Iterable[StackFile], head: Iterable[StackFile]) -> Fill | None:
    """
    Fill in which plan of two it is whose apply makes a value known; None for other sides.

    A plan has the references in an expression and not what stands around them, so two expressions
    that are equal there may differ.
    """
    others = [source for source in head if is_plan(source.file.content)]
    names = {
        source.file.name
        for source in base
        if is_plan(source.file.content) and not any(source.is_same(other) for other in others)
    }
    if not others or not names:
        return None
    return lambda module: _renamed(module) if module.file in names else module


def _renamed(module: Module) -> Module:
    return replace(
        module,
        blocks=tuple(
            replace(block, body=cast("Object", _of_base(block.body))) for block in module.blocks
        ),
    )


def _of_base(value: object) -> object:
    if isinstance(value, str):
        return value.replace(f"{KNOWN_LATER}}}", f"{KNOWN_LATER} of BASE}}")
    if isinstance(value, dict):
        items = cast("dict[str, object]", value).items()
        return {key: _of_base(child) for key, child in items}
    if isinstance(value, list):
        return [_of_base(child) for child in cast("list[object]", value)]
    return value


class _Known:
    """The values of one plan, and which of them are known after apply only."""

    def __init__(self, values: Side, unknown: Mapping[str, Object]) -> None:
        self._values = values
        self._unknown = unknown

    def fill(self, block: Block) -> Block:
        """Replace expressions by values, and add the attributes that AWS chose."""
        found = self._values.get((block.address, ""), {})
        unknown = self._unknown.get(block.address, {})
        secret = as_object(found.get("sensitive_values"))
        body = dict(block.body)
        for name, value in as_object(found.get("values")).items():
            # What is written out stays: it is what the stack says, also where the plan differs.
            if value is None or unknown.get(name) or secret.get(name):
                continue
            written = body.get(name)
            is_attribute = written is None and isinstance(value, str)
            if is_attribute or (written is not None and has_reference(written)):
                body[name] = literal(value)
        return replace(block, body=body)


def _filled(module: Module, known: Mapping[str, _Known]) -> Module:
    found = known.get(module.stack or "")
    if found is None:
        return module
    return replace(module, blocks=tuple(found.fill(block) for block in module.blocks))
