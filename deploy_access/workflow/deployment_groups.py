"""
The CodeDeploy deployment groups that stacks make, with the time that each deployment waits in them.

Source: https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_BlueGreenDeploymentConfiguration.html
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from deploy_access.json_shape import as_object, as_text, objects
from deploy_access.terraform.lookup import attribute

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from deploy_access.terraform.blocks import Block
    from deploy_access.terraform.scope import Scope
    from deploy_access.workflow.deployer import EcsService, EcsTarget

_TYPE = "aws_codedeploy_deployment_group"
_AT_ONCE = "CONTINUE_DEPLOYMENT"
"""The traffic is shifted as soon as the new tasks are ready: the default."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentGroup:
    """
    A deployment group that a stack makes.

    Attributes:
        application: The application's name.
        name: Its name.
        account: Its account, or None when it is not known.
        region: Its region, or None when it is not known.
        minutes: How long a deployment waits before it shifts the traffic and before it ends the old
            tasks, together; None when it is not known.
    """

    application: str
    name: str
    account: str | None
    region: str | None
    minutes: int | None


def read_deployment_groups(scope: Scope) -> Iterator[DeploymentGroup]:
    """
    Read the deployment groups of a stack.

    One that may be made or not is left out: whether it is that of a workflow is not known.
    """
    for block in scope.module.blocks:
        made_once = block.body.keys().isdisjoint({"count", "for_each"})
        if (block.mode, block.type) == ("resource", _TYPE) and made_once:
            place = scope.place(block)
            settings = attribute(scope, block, "blue_green_deployment_config")
            yield DeploymentGroup(
                application=_written(scope, block, "app_name"),
                name=_written(scope, block, "deployment_group_name"),
                account=place.account,
                region=place.region,
                minutes=_minutes(_block(settings)),
            )


def _written(scope: Scope, block: Block, name: str) -> str:
    return as_text(attribute(scope, block, name)) or ""


def _block(value: object) -> Mapping[str, object]:
    return next(objects(value), as_object(None))


def _minutes(settings: Mapping[str, object]) -> int | None:
    """Add the two waiting times; the first one counts where a person has to shift the traffic."""
    ready = _block(settings.get("deployment_ready_option"))
    ends = _block(settings.get("terminate_blue_instances_on_deployment_success"))
    before = _whole(ready.get("wait_time_in_minutes"))
    if before is None and ready.get("action_on_timeout") == _AT_ONCE:
        before = 0
    after = _whole(ends.get("termination_wait_time_in_minutes"))
    return None if before is None or after is None else before + after


def _whole(value: object) -> int | None:
    """Read a number as Terraform does: a text of digits is one too."""
    text = as_text(value) or ""
    return int(text) if text.isascii() and text.isdigit() else None


def with_waits(target: EcsTarget, groups: Sequence[DeploymentGroup]) -> EcsTarget:
    """Return the target whose services know how long their deployment group waits."""
    here = [one for one in groups if (one.account, one.region) == (target.account, target.region)]
    return replace(target, services=tuple(_with_wait(one, here) for one in target.services))


def _with_wait(service: EcsService, groups: Sequence[DeploymentGroup]) -> EcsService:
    group = service.codedeploy
    if group is None:
        return service
    names = (group.application, group.group)
    found = {one.minutes for one in groups if (one.application, one.name) == names}
    minutes = found.pop() if len(found) == 1 else None
    return replace(service, codedeploy=replace(group, minutes=minutes))
