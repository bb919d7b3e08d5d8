"""Apply every default and override of `environments.toml`, in this one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.github.issuer import Issuer
from stacks.ecs import ecs_settings
from stacks.estate import AccountSettings, Estate, ImagesSettings, ServiceSettings
from stacks.mistakes import Mistakes
from stacks.repositories import (
    image_repository,
    images_stack,
    shared_repository,
)
from stacks.roles import deploy_role, github_repository, push_role, trust_entry
from stacks.stack_names import check_stack_names, service_stack
from stacks.targets import (
    account_stack,
    account_target,
    check_assumed_roles,
    environment_target,
)
from stacks.workflow_hints import build_hints, deploy_hints

if TYPE_CHECKING:
    from deploy_access.github.repository import GithubRepo
    from stacks import environments as tables


def resolve(file: tables.Environments, name: str) -> Estate:
    """
    Turn the tables of the file called *name* into what the stacks are made from.

    Raises:
        InvalidEnvironments: Tables that are right by themselves do not fit together.
    """
    mistakes = Mistakes()
    check_stack_names(file, mistakes)
    check_assumed_roles(file, mistakes)
    sources = _sources(file, mistakes)
    images = [_images(file, mistakes, service, source) for service, source in sources.items()]
    services = [
        _service(file, mistakes, service, environment, source)
        for service, source in sources.items()
        for environment in file.services[service].environments
    ]
    mistakes.refuse(name)
    return Estate(
        file=name,
        accounts=tuple(_account(file, account) for account in file.accounts),
        images=tuple(settings for settings in images if settings),
        services=tuple(settings for settings in services if settings),
    )


def _sources(file: tables.Environments, mistakes: Mistakes) -> dict[str, GithubRepo]:
    """Find each service's own repository; without it, nothing else of the service is known."""
    sources: dict[str, GithubRepo] = {}
    for name, table in file.services.items():
        with mistakes.about(f"services.{name}"):
            sources[name] = github_repository(file.github, table.repository, table)
    return sources


def _account(file: tables.Environments, name: str) -> AccountSettings:
    return AccountSettings(
        entry=f"accounts.{name}",
        stack=account_stack(name),
        target=account_target(file, name),
        oidc_provider=file.accounts[name].oidc_provider,
        issuer=_issuer(file),
    )


def _images(
    file: tables.Environments, mistakes: Mistakes, service: str, source: GithubRepo
) -> ImagesSettings | None:
    ecr = file.services[service].ecr
    if ecr is None or ecr.account is None:
        return None
    entry, stack = f"services.{service}.ecr", images_stack(service)
    repository = mistakes.attempt(entry, lambda: shared_repository(file, service))
    role = mistakes.attempt(f"{entry}.subjects", lambda: push_role(file, service, source))
    hints = mistakes.attempt(f"services.{service}.workflow", lambda: build_hints(file, service))
    if repository is None or role is None or hints is None:
        return None
    return ImagesSettings(
        entry=entry,
        stack=stack,
        target=account_target(file, ecr.account),
        issuer=_issuer(file),
        repository=repository,
        role=role,
        workflow=hints,
    )


def _service(
    file: tables.Environments,
    mistakes: Mistakes,
    service: str,
    environment: str,
    source: GithubRepo,
) -> ServiceSettings | None:
    entry = f"services.{service}.environments.{environment}"
    role = mistakes.attempt(
        trust_entry(file, service, environment),
        lambda: deploy_role(file, service, environment, source),
    )
    repository = mistakes.attempt(
        f"services.{service}.ecr", lambda: image_repository(file, service, environment)
    )
    ecs = mistakes.attempt(f"{entry}.ecs", lambda: ecs_settings(file, service, environment))
    if role is None or repository is None:
        return None
    return ServiceSettings(
        entry=entry,
        stack=service_stack(service, environment),
        target=environment_target(file, environment),
        issuer=_issuer(file),
        repository=repository,
        role=role,
        ecs=ecs,
        workflow=deploy_hints(file, service, environment),
    )


def _issuer(file: tables.Environments) -> Issuer:
    return Issuer(file.github.issuer) if file.github.issuer else Issuer.github()
