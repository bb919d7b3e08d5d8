"""The hints for `deploy-access workflow` that the roles of a service carry."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from deploy_access.errors import Problem, reject
from deploy_access.workflow.settings import BUILD_HINTS

from .ecs_tables import EcsTable, TaskTable
from .field_types import fill
from .table import Table, merge
from .workflow_table import InfraWorkflowTable, WorkflowTable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from . import environments_model as tables
    from .service_tables import ServiceTable


def deploy_hints(
    file: tables.EnvironmentsModel, service: str, environment: str
) -> Mapping[str, object]:
    """Return the hints of the role that deploys; when it also pushes, those on building too."""
    table = file.services[service]
    own = table.environments[environment]
    merged = merge(WorkflowTable, file.workflow, table.workflow, own.workflow)
    task = merge(EcsTable, table.ecs, own.ecs).task or TaskTable()

    def put(text: str) -> str:
        return fill(text, service=service, environment=environment)

    hints = {**_hints(task, put), **_hints(merged, put)}
    # The image of a shared repository is built by the role that pushes there, not by this one.
    shared = table.ecr is not None and table.ecr.account is not None
    kept = {key: hint for key, hint in hints.items() if not (shared and key in BUILD_HINTS)}
    neighbours = _has_neighbours(file, service)
    apart = {"environment": environment, "service": service} if neighbours else {}
    return {**apart, **_of_server(file), **kept}


def build_hints(file: tables.EnvironmentsModel, service: str) -> Mapping[str, object]:
    """
    Return the hints of the role that pushes to a shared repository.

    Raises:
        InvalidValue: An environment has a say in how the image is built.
    """
    table = file.services[service]
    merged = merge(WorkflowTable, file.workflow, table.workflow)
    hints = _hints(merged, lambda text: fill(text, service=service))
    building = {key: hint for key, hint in hints.items() if key in {*BUILD_HINTS, "runs_on"}}
    reject(_check_shared(table, building))
    apart = {"service": hints.get("service", service)} if _has_neighbours(file, service) else {}
    return {**apart, **_of_server(file), **building}


def infra_hints(
    file: tables.EnvironmentsModel, table: InfraWorkflowTable | None
) -> Mapping[str, object]:
    """Return the hints of the role that plans the stacks."""
    return _hints(merge(InfraWorkflowTable, file.workflow, table), str)


def _of_server(file: tables.EnvironmentsModel) -> dict[str, object]:
    version = file.github.server_version
    return {} if version is None else {"server_version": version}


def _has_neighbours(file: tables.EnvironmentsModel, service: str) -> bool:
    """Whether its repository has other services, so that its roles say whose they are."""
    names = [_repository(file, name) for name in file.services]
    return names.count(_repository(file, service)) > 1


def _repository(file: tables.EnvironmentsModel, service: str) -> str:
    name = file.services[service].repository.lower()
    return name if "/" in name else f"{file.github.owner}/{name}".lower()


def _hints(table: Table, put: Callable[[str], str]) -> dict[str, object]:
    """Return the keys of a table that are in the file, with their names filled in."""
    return {key: _filled(getattr(table, key), put) for key in sorted(table.model_fields_set)}


def _filled(value: object, put: Callable[[str], str]) -> object:
    if isinstance(value, Table):
        return _hints(value, put)
    if isinstance(value, dict):
        tables = cast("dict[str, object]", value)
        return {put(key): _filled(each, put) for key, each in tables.items()}
    if isinstance(value, list | tuple):
        return [_filled(each, put) for each in cast("Sequence[object]", value)]
    return put(value) if isinstance(value, str) else value


def _check_shared(service: ServiceTable, building: Mapping[str, object]) -> Iterator[Problem]:
    changed = {
        name: sorted(given)
        for name, table in service.environments.items()
        if table.workflow and (given := BUILD_HINTS & table.workflow.model_fields_set)
    }
    if changed:
        yield Problem(
            what="The image is built once, and environments change how.",
            given=changed,
            why="All of them deploy what the role of `ecr.account` pushes.",
            fix="Move the keys to the service's own `workflow`, or remove `ecr.account`.",
        )
    waiting = [key for key, hint in building.items() if "{environment}" in str(hint)]
    if waiting:
        yield Problem(
            what="How a shared image is built holds `{environment}`.",
            given=waiting,
            why="It is built once, for all environments.",
            fix="Leave it out, or remove `ecr.account`.",
        )
