"""The ECR registry of an account: its tables, as the values that `EcrRegistry` takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

from deploy_access.errors import Problem

from .lifecycle_plan import lifecycle_rules
from .part_plans import RegistryPlan
from .stack_target import account_id

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from constructs_lib import (
        CreationTemplate,
        PullThroughCache,
        ReplicationRule,
        Scanning,
        TagMutability,
    )
    from constructs_lib.creation_template import Occasion

    from . import environments_model as tables
    from . import registry_tables as rows
    from .error_collector import ErrorCollector

_EMPTY = RegistryPlan(
    scanning=None,
    replication=(),
    pull_through=(),
    allow_replication_from=(),
    creation_templates=(),
)

Row = TypeVar("Row")
Value = TypeVar("Value")


def registry_plan(
    file: tables.EnvironmentsModel, name: str, errors: ErrorCollector
) -> RegistryPlan | None:
    """Return the registry of the account called *name*, if it has one; errors have their entry."""
    table = file.accounts[name].registry
    if table is None:
        return None
    entry = f"accounts.{name}.registry"
    scanning = table.scanning
    plan = RegistryPlan(
        scanning=scanning and errors.attempt(f"{entry}.scanning", lambda: _scanning(scanning)),
        replication=_each(
            errors, f"{entry}.replication", table.replication, lambda row: _copies(file, row)
        ),
        pull_through=_each(errors, f"{entry}.pull_through", table.pull_through, _cache),
        allow_replication_from=tuple(
            account_id(file, account) for account in table.allow_replication_from
        ),
        creation_templates=_each(
            errors,
            f"{entry}.creation_templates",
            table.creation_templates,
            lambda row: _template(file, row),
        ),
    )
    if plan != _EMPTY:
        return plan
    # Where something is refused, that nothing is left is no mistake of its own.
    if not any(value for _, value in table):
        errors.add(entry, _nothing())
    return None


def _nothing() -> Problem:
    return Problem(
        what="The table sets nothing.",
        given={},
        why="The registry stays as it is on AWS, so nobody would read the table.",
        fix='Add a key, for example `scanning = { type = "basic" }`, or remove the table.',
    )


def _each(
    errors: ErrorCollector, entry: str, given: Sequence[Row], make: Callable[[Row], Value]
) -> tuple[Value, ...]:
    found: list[Value] = []
    for number, row in enumerate(given):
        with errors.about(f"{entry}[{number}]"):
            found.append(make(row))
    return tuple(found)


# The values are imported where they are made: with them comes cdktf, which takes a second, and most
# files have no registry.


def _scanning(row: rows.ScanningTable) -> Scanning:
    from constructs_lib import Scanning  # noqa: PLC0415

    if row.type == "enhanced":
        return Scanning.enhanced(continuous=row.continuous, on_push=row.on_push or ())
    on_push = ("*",) if row.on_push is None else row.on_push
    return Scanning(type="BASIC", on_push=on_push, continuous=row.continuous)


def _copies(file: tables.EnvironmentsModel, row: rows.ReplicationTable) -> ReplicationRule:
    from constructs_lib import ReplicationRule  # noqa: PLC0415

    return ReplicationRule(
        regions=row.regions,
        prefixes=row.prefixes,
        account=None if row.account is None else account_id(file, row.account),
    )


def _cache(row: rows.PullThroughTable) -> PullThroughCache:
    from constructs_lib import PullThroughCache  # noqa: PLC0415

    return PullThroughCache(**dict(row))


def _template(file: tables.EnvironmentsModel, row: rows.CreationTemplateTable) -> CreationTemplate:
    from constructs_lib import CreationTemplate, Encryption  # noqa: PLC0415

    return CreationTemplate(
        prefix=row.prefix,
        applied_for=[cast("Occasion", occasion.upper()) for occasion in row.applied_for],
        tag_mutability=_mutability(row),
        encryption=Encryption.kms(row.kms_key) if row.kms_key else None,
        lifecycle=lifecycle_rules(row.lifecycle),
        pull_accounts=[account_id(file, account) for account in row.pull_accounts],
        role=row.role,
        description=row.description,
        tags=row.tags,
    )


def _mutability(row: rows.CreationTemplateTable) -> TagMutability | None:
    from constructs_lib.ecr_settings import tag_mutability  # noqa: PLC0415

    is_cache = "pull_through_cache" in row.applied_for
    if row.tag_mutability is None and not row.tag_exclusions:
        return None
    mutable = row.tag_mutability == "mutable" or (row.tag_mutability is None and is_cache)
    return tag_mutability(mutable=mutable, exclusions=row.tag_exclusions)
