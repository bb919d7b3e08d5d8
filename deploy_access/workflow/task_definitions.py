"""The ECS task definitions that stacks make, with the roles that they hand to their tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.json_shape import as_text
from deploy_access.terraform.lookup import attribute
from deploy_access.workflow.deployer import TaskDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.terraform.blocks import Block
    from deploy_access.terraform.scope import Scope

_TYPE = "aws_ecs_task_definition"
_ROLES = ("task_role_arn", "execution_role_arn")


def read_task_definitions(scope: Scope) -> Iterator[TaskDefinition]:
    """
    Read the definitions of a stack.

    One that may be made or not is left out: whether a workflow finds it on AWS is not known.
    """
    for block in scope.module.blocks:
        made_once = block.body.keys().isdisjoint({"count", "for_each"})
        if (block.mode, block.type) == ("resource", _TYPE) and made_once:
            place = scope.place(block)
            roles = [_written(scope, block, name) for name in _ROLES if block.body.get(name)]
            yield TaskDefinition(
                family=_written(scope, block, "family"),
                account=place.account,
                region=place.region,
                roles=tuple(dict.fromkeys(roles)),
            )


def _written(scope: Scope, block: Block, name: str) -> str:
    """Read an argument, with `${expression}` for what Terraform fills in."""
    return scope.symbols.write(as_text(attribute(scope, block, name)) or "")
