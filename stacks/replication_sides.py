"""Copies of images between two accounts of one file: the receiving registry has to allow them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.errors import Problem

from .stack_target import account_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from . import environments_model as tables
    from .error_collector import ErrorCollector


def check_replication_sides(file: tables.EnvironmentsModel, errors: ErrorCollector) -> None:
    """Add an error for each account that gets copies of another one, and does not allow them."""
    for source, receiver in dict.fromkeys(_copies(file)):
        table = file.accounts[receiver].registry
        allowed = {account_id(file, one) for one in table.allow_replication_from} if table else ()
        if file.accounts[source].id not in allowed and _are_known(errors, source, receiver):
            entry = f"accounts.{receiver}.registry.allow_replication_from"
            errors.add(entry, _not_allowed(source, [] if table is None else [*allowed]))


def _copies(file: tables.EnvironmentsModel) -> Iterator[tuple[str, str]]:
    """List the accounts that copy, each with an account that gets the copies in its own region."""
    for source, table in file.accounts.items():
        for rule in table.registry.replication if table.registry else ():
            given = table.id if rule.account is None else account_id(file, rule.account)
            for receiver, other in file.accounts.items():
                # Of its other regions this file sets nothing.
                if table.id != given == other.id and other.region in rule.regions:
                    yield source, receiver


def _are_known(errors: ErrorCollector, *accounts: str) -> bool:
    keys = ("id", "region")
    return not any(errors.spoils(f"accounts.{name}.{key}") for name in accounts for key in keys)


def _not_allowed(source: str, allowed: list[str]) -> Problem:
    return Problem(
        what=f"`accounts.{source}` copies images into this registry, which does not allow it.",
        given=sorted(allowed),
        why="ECR says so to nobody: the push succeeds, and the copy is missing.",
        fix=f'Add "{source}" to the list.',
    )
