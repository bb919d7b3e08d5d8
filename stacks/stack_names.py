"""The names of the stacks. They must differ: each names a state, a folder and the stack's roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from . import environments_model as tables
    from .error_collector import ErrorCollector


def account_stack(name: str) -> str:
    """Name the stack of an account."""
    return f"account-{name}"


def account_of(stack: str) -> str:
    """Name the account whose stack is called *stack*."""
    return stack.removeprefix(account_stack(""))


def images_stack(service: str) -> str:
    """Name the stack of a shared repository."""
    return f"{service}-images"


def service_stack(service: str, environment: str) -> str:
    """Name the stack of a service in an environment."""
    return f"{service}-{environment}"


def github_stack(owner: str) -> str:
    """Name the stack of GitHub's side of an owner's repositories."""
    return f"github-{owner}"


def check_stack_names(file: tables.EnvironmentsModel, errors: ErrorCollector) -> None:
    """Add an error for each entry whose stack has the name of an earlier one."""
    made: dict[str, str] = {}
    for stack, entry in _stacks(file):
        # Folders of two stacks that differ in case are one folder on many machines.
        first = made.setdefault(stack.casefold(), entry)
        if first != entry:
            errors.add(entry, _taken(stack, first))


def _stacks(file: tables.EnvironmentsModel) -> Iterator[tuple[str, str]]:
    for account in file.accounts:
        yield account_stack(account), f"accounts.{account}"
    for service, table in file.services.items():
        if table.ecr and table.ecr.account:
            yield images_stack(service), f"services.{service}.ecr"
        for environment in table.environments:
            yield (
                service_stack(service, environment),
                f"services.{service}.environments.{environment}",
            )


def _taken(stack: str, first: str) -> Problem:
    return Problem(
        what=f"The stack of this entry has the same name as that of `{first}`.",
        given=stack,
        why="Both would share one state, and each apply would undo the other.",
        fix="Rename one of the two.",
    )
