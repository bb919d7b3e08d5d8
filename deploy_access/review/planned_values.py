"""The values that synthesis could not know of a stack, from a plan of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deploy_access.json_shape import as_object, as_text, objects
from deploy_access.resource_diff.argument_values import has_reference
from deploy_access.review.plans import planned_values, prior_values
from deploy_access.terraform.plan_expressions import literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from deploy_access.json_file import JsonFile
    from deploy_access.terraform.blocks import Block, Module

    Object = Mapping[str, object]
    Fill = Callable[[Module], Module]


def fill_head(plans: Mapping[str, JsonFile]) -> Fill:
    """
    Fill in the values after apply that a plan knows already.

    Data sources have the values that were read for the plan.
    """
    known = {name: _Known(_head_values(plan.content), plan.content) for name, plan in plans.items()}
    return lambda module: _filled(module, known)


def fill_base(plans: Mapping[str, JsonFile]) -> Fill:
    """Fill in the values before apply: those of the state when the plan was made."""
    known = {name: _Known(prior_values(plan.content), {}) for name, plan in plans.items()}
    return lambda module: _filled(module, known)


class _Known:
    """The values of one plan, and which of them are known after apply only."""

    def __init__(self, values: Mapping[str, Object], plan: Object) -> None:
        self._values = values
        self._unknown = {
            as_text(change.get("address")): as_object(change.get("change")).get("after_unknown")
            for change in objects(plan.get("resource_changes"))
        }

    def fill(self, block: Block) -> Block:
        """Replace expressions by values, and add the attributes that AWS chose."""
        found = self._values.get(block.address, {})
        unknown = as_object(self._unknown.get(block.address))
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


def _head_values(plan: Object) -> dict[str, Object]:
    read = prior_values(plan).items()
    data = {address: found for address, found in read if found.get("mode") == "data"}
    return {**data, **planned_values(plan)}


def _filled(module: Module, known: Mapping[str, _Known]) -> Module:
    found = known.get(module.stack or "")
    if found is None:
        return module
    return replace(module, blocks=tuple(found.fill(block) for block in module.blocks))
