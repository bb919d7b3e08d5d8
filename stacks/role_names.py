"""The names of the roles that are made. An account has one role of a name, whatever its path."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from deploy_access.errors import Problem
from deploy_access.iam.limits import check_role_name

from .ecs_tables import EcsTable
from .field_types import fill
from .origins import origins
from .stack_names import account_stack, images_stack, service_stack
from .table import merge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from . import environments_model as tables
    from .error_collector import ErrorCollector

_OWN_NAME = "{service}-{environment}-deploy"
_OWN_PUSH_NAME = "{service}-images-push"


class _Role(NamedTuple):
    """
    A role that an entry makes, in the stack of that entry.

    Attributes:
        home: The place of its account.
        place: The place of its name.
        key: The key that names it.
    """

    entry: str
    home: str
    place: str
    stack: str
    account: str
    name: str
    key: str


def deploy_role_name(file: tables.EnvironmentsModel, service: str, environment: str) -> str:
    """Name the role that deploys a service to an environment."""
    table = file.services[service]
    name = table.environments[environment].role_name or table.role_name or _OWN_NAME
    return fill(name, service=service, environment=environment)


def push_role_name(file: tables.EnvironmentsModel, service: str) -> str:
    """Name the role that pushes to a shared repository."""
    ecr = file.services[service].ecr
    return fill((ecr and ecr.push_role_name) or _OWN_PUSH_NAME, service=service)


def check_role_names(file: tables.EnvironmentsModel, errors: ErrorCollector) -> None:
    """Add an error for each role that IAM cannot name so, or whose name is held already."""
    held = {
        (file.accounts[account].id, role.rpartition("/")[2].casefold()): (entry, "")
        for account, role, entry in _others(file)
    }
    for role in _made(file):
        errors.add(role.place, *check_role_name(role.name), by=role.name)
        if errors.spoils(role.home):
            continue
        key = (file.accounts[role.account].id, role.name.casefold())
        entry, stack = held.setdefault(key, (role.entry, role.stack))
        # Two stacks of one name are refused as such.
        if entry != role.entry and stack.casefold() != role.stack.casefold():
            errors.add(role.entry, _taken(role, entry))


def _others(file: tables.EnvironmentsModel) -> Iterator[tuple[str, str, str]]:
    """List the roles that are there already: account, role, and the entry that names it."""
    for name, account in file.accounts.items():
        yield name, account.assume_role or "", f"accounts.{name}.assume_role"
    for name, environment in file.environments.items():
        assumed = environment.assume_role or ""
        yield environment.account, assumed, f"environments.{name}.assume_role"
    for service, table in file.services.items():
        for name, here in table.environments.items():
            ecs = merge(EcsTable, table.ecs, here.ecs)
            for role in (*(ecs.task_roles or ()), ecs.execution_role or ""):
                filled = fill(role, service=service, environment=name)
                entry = f"services.{service}.environments.{name}.ecs"
                yield file.environments[name].account, filled, entry


def _made(file: tables.EnvironmentsModel) -> Iterator[_Role]:
    for account in file.accounts:
        if file.infra and file.infra.is_in(account):
            for part in ("plan", "apply"):
                name = f"{file.infra.name_in(account)}-{part}"
                stack, home = account_stack(account), f"accounts.{account}"
                yield _Role("infra", home, "infra.name", stack, account, name, "name")
    for service, table in file.services.items():
        if table.ecr and table.ecr.account:
            entry, name = f"services.{service}.ecr", push_role_name(file, service)
            place = origins({entry: table.ecr}, {"name": "push_role_name"}, default=entry)["name"]
            yield _Role(
                entry,
                f"{entry}.account",
                place,
                images_stack(service),
                table.ecr.account,
                name,
                "push_role_name",
            )
        for environment, here in table.environments.items():
            entry = f"services.{service}.environments.{environment}"
            layers = {entry: here, f"services.{service}": table}
            yield _Role(
                entry,
                f"environments.{environment}.account",
                origins(layers, {"name": "role_name"}, default=entry)["name"],
                service_stack(service, environment),
                file.environments[environment].account,
                deploy_role_name(file, service, environment),
                "role_name",
            )


def _taken(role: _Role, first: str) -> Problem:
    example = f", for example '{_OWN_NAME}'" if role.key == "role_name" else ""
    return Problem(
        what=f"The role of this entry has the same name as that of `{first}`.",
        given=role.name,
        why="An account has one role of a name, whatever its path or letter case, so the second "
        "could not be made.",
        fix=f"Give it another `{role.key}`{example}.",
    )
