"""The ECS deployment of a service in an environment, with names filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.errors import Problem, reject
from deploy_access.workflow.setting_checks import check_capacity
from stacks.environments_model import EcsTable
from stacks.estate_plan import CodeDeployPlan, EcsPlan
from stacks.field_types import fill
from stacks.table import merge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from stacks import environments_model as tables

# Not required in the model: one of two tables may hold them.
_NEEDED = ("cluster", "services", "task_roles", "execution_role")


def ecs_plan(file: tables.EnvironmentsModel, service: str, environment: str) -> EcsPlan | None:
    """
    Return the ECS deployment of a service in an environment; None when it has none.

    Raises:
        InvalidValue: A key is missing in both tables.
    """
    table = file.services[service]
    override = table.environments[environment].ecs
    if table.ecs is None and override is None:
        return None
    merged = merge(EcsTable, table.ecs, override)
    reject([*_check_complete(merged), *_check_task(merged)])
    return _filled(merged, lambda name: fill(name, service=service, environment=environment))


def _filled(ecs: EcsTable, put: Callable[[str], str]) -> EcsPlan:
    return EcsPlan(
        cluster=put(ecs.cluster or ""),
        services=tuple(map(put, ecs.services or ())),
        families=None if ecs.families is None else tuple(map(put, ecs.families)),
        task_roles=tuple(map(put, ecs.task_roles or ())),
        execution_role=put(ecs.execution_role or ""),
        read_task_definition=ecs.read_task_definition,
        one_off_tasks=tuple(map(put, ecs.one_off_tasks)),
        codedeploy=_codedeploy(ecs.codedeploy, put),
        tag_on_create=ecs.tag_on_create,
        also=ecs.also,
    )


def _codedeploy(
    table: tables.CodeDeployTable | None, put: Callable[[str], str]
) -> CodeDeployPlan | None:
    if table is None:
        return None
    names = (table.application, table.deployment_group, table.deployment_config)
    application, group, config = (None if name is None else put(name) for name in names)
    return CodeDeployPlan(application=application, deployment_group=group, deployment_config=config)


def _check_complete(ecs: EcsTable) -> Iterator[Problem]:
    missing = [key for key in _NEEDED if getattr(ecs, key) is None]
    if missing:
        yield Problem(
            what=f"{_listed(missing)} missing.",
            given=sorted(ecs.model_fields_set),
            why="Without it the first deploy would be denied.",
            fix="Add it here for one environment, or to the service's `ecs` for all of them.",
        )


def _check_task(ecs: EcsTable) -> Iterator[Problem]:
    task = ecs.task
    if task is None:
        return
    yield from check_capacity("task", task.model_dump())
    if not ecs.one_off_tasks:
        yield Problem(
            what="`task` is about `one_off_tasks`, and there are none.",
            given=sorted(task.model_fields_set),
            why="Nobody would read it.",
            fix="Name the families that are run once, or remove `task`.",
        )
    elif task.schedule and ecs.services:
        yield Problem(
            what="`task.schedule` is for tasks alone, and there are services.",
            given={"schedule": task.schedule, "services": list(ecs.services)},
            why="A run at that time would build and deploy what is on the default branch.",
            fix="Give the tasks a service of their own, with `services = []`.",
        )


def _listed(keys: list[str]) -> str:
    return " and ".join(f"`{key}`" for key in keys) + (" is" if len(keys) == 1 else " are")
