"""The ECS deployment of a service in an environment, with names filled in."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from deploy_access.errors import Problem
from deploy_access.workflow.setting_checks import check_capacity

from .ecs_tables import EcsTable
from .field_types import fill
from .origins import origins
from .part_plans import CodeDeployPlan, EcsPlan
from .table import merge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from collections.abc import Set as AbstractSet

    from . import environments_model as tables
    from .ecs_tables import CodeDeployTable
    from .error_collector import ErrorCollector
    from .service_tables import ServiceTable

# Not required in the model: one of two tables may hold them.
_NEEDED = ("cluster", "services", "task_roles", "execution_role")
_NAMES = (*_NEEDED, "families", "one_off_tasks", "policy_name")


def ecs_plan(file: tables.EnvironmentsModel, service: str, environment: str) -> EcsPlan | None:
    """Return the ECS deployment of a service in an environment; None when it lacks a key."""
    table = file.services[service]
    merged = _merged(table, environment)
    if merged is None or _missing(merged):
        return None
    plan = _filled(merged, lambda name: fill(name, service=service, environment=environment))
    layers = _layers(f"services.{service}", table, environment)
    keys = {key: key for key in _NAMES}
    return replace(plan, origins=origins(layers, keys, default=next(iter(layers))))


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
        policy_name=None if ecs.policy_name is None else put(ecs.policy_name),
        policy_description=ecs.policy_description,
    )


def _codedeploy(table: CodeDeployTable | None, put: Callable[[str], str]) -> CodeDeployPlan | None:
    if table is None:
        return None
    names = (table.application, table.deployment_group, table.deployment_config)
    application, group, config = (None if name is None else put(name) for name in names)
    return CodeDeployPlan(application=application, deployment_group=group, deployment_config=config)


def check_ecs_keys(file: tables.EnvironmentsModel, errors: ErrorCollector) -> None:
    """Add an error for keys that an ECS deployment needs: once, where several environments do."""
    for name, table in file.services.items():
        found = {key: _merged(table, key) for key in table.environments}
        merged = {key: ecs for key, ecs in found.items() if ecs is not None}
        lacking = Counter(key for ecs in merged.values() for key in _missing(ecs))
        shared = {key for key, times in lacking.items() if times > 1 or times == len(merged)}
        tables_ = [ecs for ecs in (table.ecs, *(e.ecs for e in table.environments.values())) if ecs]
        given = {key for ecs in tables_ for key in ecs.model_fields_set}
        entry = f"services.{name}"
        _add_missing(errors, f"{entry}.ecs", shared, given - shared)
        for environment, ecs in merged.items():
            here = f"{entry}.environments.{environment}.ecs"
            if not errors.spoils(here):
                layers = _layers(entry, table, environment)
                place = origins(layers, {"task": "task"}, default=here)["task"]
                errors.add(place, *_check_task(ecs))
            _add_missing(errors, here, {*_missing(ecs)} - shared, ecs.model_fields_set)


def _add_missing(
    errors: ErrorCollector, entry: str, missing: AbstractSet[str], given: AbstractSet[str]
) -> None:
    # A key that is there and wrong is not missing.
    keys = [key for key in _NEEDED if key in missing and not errors.spoils(f"{entry}.{key}")]
    if keys:
        errors.add_certain(entry, _incomplete(keys, given))


def _merged(table: ServiceTable, environment: str) -> EcsTable | None:
    override = table.environments[environment].ecs
    if table.ecs is None and override is None:
        return None
    return merge(EcsTable, table.ecs, override)


def _layers(entry: str, table: ServiceTable, environment: str) -> dict[str, EcsTable | None]:
    override = table.environments[environment].ecs
    return {f"{entry}.environments.{environment}.ecs": override, f"{entry}.ecs": table.ecs}


def _missing(ecs: EcsTable) -> list[str]:
    return [key for key in _NEEDED if getattr(ecs, key) is None]


def _incomplete(missing: list[str], given: AbstractSet[str]) -> Problem:
    return Problem(
        what=f"{_listed(missing)} missing.",
        given=sorted(given),
        why="Without it the first deploy would be denied.",
        fix="Add it to the service's `ecs`, or to that of one environment.",
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
