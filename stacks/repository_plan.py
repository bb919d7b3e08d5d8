"""The repository of a service's images: one for each environment, or one for all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deploy_access.audit.catalogue import REPOSITORY_RULES
from deploy_access.errors import InvalidValue, Problem, reject

from .ecr_tables import EcrSettings, EcrTable
from .existing_parts import check_former_repositories
from .field_types import fill
from .lifecycle_plan import lifecycle_rules
from .origins import origins
from .part_plans import NamedRepository, NoRepository, RepositoryPlan, SharedRepository
from .promotion_plan import promoted_from, promoted_to
from .repository_source import check_shared_source, check_source
from .stack_target import account_id
from .table import merge

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from . import environments_model as tables
    from .part_plans import ImagesSource
    from .service_tables import ServiceTable

_OWN_NAME = "{service}-{environment}"
_NAMED = ("name", "tag_exclusions", "kms_key", "push_policy_name", "former_names")
_OF_SHARED = ("subjects", "accept", "push_role_name", "audience", "import_existing", "forget")


def image_repository(
    file: tables.EnvironmentsModel, service: str, environment: str
) -> ImagesSource:
    """
    Return the repository that an environment of a service deploys from.

    Raises:
        InvalidValue: The service's table says what only a shared repository has, or production's
            images could be deleted.
    """
    table = file.services[service].ecr or EcrTable()
    if table.account is not None:
        shared = _seen_from_elsewhere(file.accounts[table.account], service, table)
        return replace(shared, push_policy_name=_policy_name(table, service, environment))
    override = file.services[service].environments[environment].ecr
    settings = merge(EcrSettings, table, override)
    wrong = [*_check_own(table), *_check_exclusions(table, override), *check_source(settings)]
    reject(wrong)
    if settings.repository == "none":
        return NoRepository()
    name = fill(settings.name or _OWN_NAME, service=service, environment=environment)
    home = file.environments[environment]
    copied = promoted_to(file, service, environment)
    policy_name = _policy_name(settings, service, environment)
    override_entry = f"services.{service}.environments.{environment}.ecr"
    places = _origins(service, {override_entry: override}, table)
    if settings.repository == "existing":
        return NamedRepository(
            name=name,
            push_cache=settings.push_cache,
            push_policy_name=policy_name,
            origins=places,
        )
    plan = _repository(
        file,
        settings,
        name,
        home.account,
        policy_name=policy_name,
        production=[environment] if home.production else [],
        former_names=tuple(
            fill(each, service=service, environment=environment) for each in settings.former_names
        ),
        pulling=[file.environments[copied].account] if copied else [],
    )
    return replace(plan, origins=places)


def _policy_name(settings: EcrSettings, service: str, environment: str | None = None) -> str | None:
    name = settings.push_policy_name
    return name and fill(name, service=service, environment=environment)


def promoted_repository(
    file: tables.EnvironmentsModel, service: str, environment: str
) -> SharedRepository | None:
    """
    Return the repository whose image an environment copies; None where it builds.

    Raises:
        InvalidValue: There is one repository for all environments, so nothing is copied.
    """
    table = file.services[service]
    reject(_check_promotion(table))
    before = promoted_from(file, service, environment)
    if before is None or (table.ecr and table.ecr.account):
        return None
    settings = merge(EcrSettings, table.ecr, table.environments[before].ecr)
    if settings.repository == "none":
        raise InvalidValue(_nothing_to_copy(before))
    home = file.environments[before]
    return SharedRepository(
        name=fill(settings.name or _OWN_NAME, service=service, environment=before),
        account=file.accounts[home.account].id,
        region=home.region or file.accounts[home.account].region,
    )


def _nothing_to_copy(before: str) -> Problem:
    return Problem(
        what="`workflow.promote` is set, and the environment before has no repository of images.",
        given=before,
        why="There is no image to copy.",
        fix="Remove `promote`, or let that environment have a repository.",
    )


def _check_promotion(table: ServiceTable) -> Iterator[Problem]:
    tables_ = [table.workflow, *(one.workflow for one in table.environments.values())]
    asked = any(getattr(one, "promote", None) for one in tables_ if one)
    if asked and table.ecr is not None and table.ecr.account is not None:
        yield Problem(
            what="`workflow.promote` is set, and all environments have one repository of images.",
            given={"account": table.ecr.account},
            why="They deploy one image as it is; nothing is copied.",
            fix="Remove `promote`, or remove `ecr.account` for a repository an environment.",
        )


def shared_repository(file: tables.EnvironmentsModel, service: str) -> RepositoryPlan:
    """
    Return the repository that a service's environments share, as its own stack makes it.

    Raises:
        InvalidValue: An environment has a say in its name or settings, or production's images
            could be deleted.
    """
    table = file.services[service]
    ecr = table.ecr or EcrTable()
    reject(_check_shared(table, ecr))
    deployed = {name: file.environments[name] for name in table.environments}
    plan = _repository(
        file,
        ecr,
        _shared_name(service, ecr),
        ecr.account or "",
        policy_name=_policy_name(ecr, service),
        production=[name for name, environment in deployed.items() if environment.production],
        former_names=tuple(fill(each, service=service) for each in ecr.former_names),
        pulling=(environment.account for environment in deployed.values()),
    )
    return replace(plan, origins=_origins(service, {}, ecr))


def stand_in_repository(
    file: tables.EnvironmentsModel, service: str, environment: str | None = None
) -> RepositoryPlan:
    """
    Return a repository in place of one that is refused, so that the rest is checked too.

    Args:
        file: The tables.
        service: The service that it is of.
        environment: The environment that it is of; None for the shared one.
    """
    ecr = file.services[service].ecr or EcrTable()
    home = ecr.account if environment is None else file.environments[environment].account
    name = ecr.name or ("{service}" if environment is None else _OWN_NAME)
    plan = _repository(
        file,
        EcrSettings(),
        fill(name, service=service, environment=environment or "shared"),
        home or "",
        policy_name=None,
        production=[],
    )
    return replace(plan, origins=_origins(service, {}, ecr))


def _origins(
    service: str, overrides: Mapping[str, EcrSettings | None], table: EcrTable
) -> dict[str, str]:
    entry = f"services.{service}"
    keys = {key: key for key in _NAMED}
    return origins({**overrides, f"{entry}.ecr": table}, keys, default=entry)


def _seen_from_elsewhere(
    home: tables.AccountTable, service: str, ecr: EcrTable
) -> SharedRepository:
    return SharedRepository(
        name=_shared_name(service, ecr),
        account=home.id,
        region=home.region,
        push_cache=ecr.push_cache,
        origins=_origins(service, {}, ecr),
    )


def _shared_name(service: str, ecr: EcrTable) -> str:
    # A name that holds `{environment}` is refused; what stands in for it is checked no further.
    return fill(ecr.name or "{service}", service=service, environment="shared")


def _repository(
    file: tables.EnvironmentsModel,
    settings: EcrSettings,
    name: str,
    home: str,
    *,
    policy_name: str | None,
    production: list[str],
    former_names: tuple[str, ...] = (),
    pulling: Iterable[str] = (),
) -> RepositoryPlan:
    reject(
        [
            *_check_deletion(settings, production),
            *check_former_repositories(name, former_names, settings.push_policy_name),
        ]
    )
    named = [*pulling, *(settings.pull_accounts or ())]
    ids = {account_id(file, each) for each in named}
    return RepositoryPlan(
        name=name,
        mutable_tags=settings.tag_mutability == "mutable",
        tag_exclusions=settings.tag_exclusions,
        kms_key=settings.kms_key,
        pull_accounts=tuple(sorted(ids - {file.accounts[home].id})),
        scan_on_push=settings.scan_on_push,
        force_delete=settings.force_delete,
        prevent_destroy=bool(production),
        push_cache=settings.push_cache,
        push_policy_name=policy_name,
        former_names=former_names,
        lifecycle=lifecycle_rules(settings.lifecycle),
        accept={rule: why for rule, why in settings.accept.items() if rule in REPOSITORY_RULES},
    )


def _check_exclusions(ecr: EcrTable, override: EcrSettings | None) -> Iterator[Problem]:
    if override is None or override.tag_mutability in {None, ecr.tag_mutability or "immutable"}:
        return
    if ecr.tag_exclusions and "tag_exclusions" not in override.model_fields_set:
        yield Problem(
            what="An environment turns `ecr.tag_mutability` round and inherits `tag_exclusions`.",
            given=list(ecr.tag_exclusions),
            why="Tags that could move elsewhere would be the only ones that cannot, or the "
            "other way round.",
            fix="Write `tag_exclusions` beside that `tag_mutability`; `[]` excludes none.",
        )


def _check_deletion(settings: EcrSettings, production: list[str]) -> Iterator[Problem]:
    if settings.force_delete and production:
        yield Problem(
            what="`ecr.force_delete` is set where `production` protects the images.",
            given=production,
            why="One deletes the images with the repository, the other forbids that it goes.",
            fix="Remove `force_delete`, or set it in the environments that may lose their images.",
        )


def _check_own(ecr: EcrTable) -> Iterator[Problem]:
    about_trust = not ecr.accept.keys() <= REPOSITORY_RULES
    for key in _OF_SHARED:
        if about_trust if key == "accept" else getattr(ecr, key):
            yield Problem(
                what=f"`ecr.{key}` is about a shared repository.",
                given=key,
                why="Without `ecr.account` each environment's own role pushes to its repository.",
                fix=f"Add `account`, or move `{key}` to an environment.",
            )


def _check_shared(service: ServiceTable, ecr: EcrTable) -> Iterator[Problem]:
    yield from check_shared_source(ecr)
    changed = [name for name, table in service.environments.items() if table.ecr is not None]
    if changed:
        yield Problem(
            what="The repository is shared, and environments change its settings.",
            given=changed,
            why="It is made once, in `ecr.account`, before any of them.",
            fix="Move the settings to the service's own `ecr`, or remove `ecr.account`.",
        )
    names = {"name": ecr.name, "role": ecr.push_role_name, "policy": ecr.push_policy_name}
    for kind, name in names.items():
        if "{environment}" in (name or ""):
            whose = "name" if kind == "name" else f"{kind} name"
            yield Problem(
                what=f"The {whose} of a shared repository holds `{{environment}}`.",
                given=name,
                why="It is made once, for all environments.",
                fix="Leave it out of the name, or remove `ecr.account`.",
            )
