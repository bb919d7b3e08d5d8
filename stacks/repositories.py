"""Which repository holds a service's images: one for each environment, or one for all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.errors import Problem, reject
from stacks.environments import Ecr, EcrSettings
from stacks.estate import Repository, SharedRepository
from stacks.merging import merge
from stacks.texts import fill

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from stacks import environments as tables


def images_stack(service: str) -> str:
    """Name the stack of a shared repository."""
    return f"{service}-images"


def image_repository(
    file: tables.Environments, service: str, environment: str
) -> Repository | SharedRepository:
    """
    Resolve the repository that an environment of a service deploys from.

    Raises:
        InvalidValue: The service's table says what only a shared repository has.
    """
    table = file.services[service].ecr or Ecr()
    if table.account is not None:
        return _seen_from_elsewhere(file.accounts[table.account], service, table)
    reject(_check_own(table))
    settings = merge(EcrSettings, table, file.services[service].environments[environment].ecr)
    name = fill(
        settings.name or "{service}-{environment}", service=service, environment=environment
    )
    home = file.environments[environment]
    return _repository(file, settings, name, home.account, production=home.production)


def shared_repository(file: tables.Environments, service: str) -> Repository:
    """
    Resolve the repository that a service's environments share, as its own stack makes it.

    Raises:
        InvalidValue: An environment has a say in its name or settings.
    """
    table = file.services[service]
    ecr = table.ecr or Ecr()
    reject(_check_shared(table, ecr))
    deployed = [file.environments[name] for name in table.environments]
    return _repository(
        file,
        ecr,
        _shared_name(service, ecr),
        ecr.account or "",
        production=any(environment.production for environment in deployed),
        pulling=(environment.account for environment in deployed),
    )


def _seen_from_elsewhere(home: tables.Account, service: str, ecr: Ecr) -> SharedRepository:
    return SharedRepository(
        name=_shared_name(service, ecr),
        account=home.id,
        region=home.region,
    )


def _shared_name(service: str, ecr: Ecr) -> str:
    return fill(ecr.name or "{service}", service=service)


def _repository(
    file: tables.Environments,
    settings: EcrSettings,
    name: str,
    home: str,
    *,
    production: bool,
    pulling: Iterable[str] = (),
) -> Repository:
    named = [*pulling, *(settings.pull_accounts or ())]
    ids = {file.accounts[each].id if each in file.accounts else each for each in named}
    return Repository(
        name=name,
        mutable_tags=settings.tag_mutability == "mutable",
        kms_key=settings.kms_key,
        pull_accounts=tuple(sorted(ids - {file.accounts[home].id})),
        prevent_destroy=production,
    )


def _check_own(ecr: Ecr) -> Iterator[Problem]:
    for key in ("subjects", "accept"):
        if getattr(ecr, key):
            yield Problem(
                what=f"`ecr.{key}` is about a shared repository.",
                given=key,
                why="Without `ecr.account` each environment's own role pushes to its repository.",
                fix=f"Add `account`, or move `{key}` to an environment.",
            )


def _check_shared(service: tables.Service, ecr: Ecr) -> Iterator[Problem]:
    changed = [name for name, table in service.environments.items() if table.ecr is not None]
    if changed:
        yield Problem(
            what="The repository is shared, and environments change its settings.",
            given=changed,
            why="It is made once, in `ecr.account`, before any of them.",
            fix="Move the settings to the service's own `ecr`, or remove `ecr.account`.",
        )
    if "{environment}" in (ecr.name or ""):
        yield Problem(
            what="The name of a shared repository holds `{environment}`.",
            given=ecr.name,
            why="It is made once, for all environments.",
            fix="Leave it out of the name, or remove `ecr.account`.",
        )
