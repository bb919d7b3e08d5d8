"""The one place that applies every default and override of `environments.toml`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.github.issuer import Issuer
from stacks.ecs_plan import check_ecs_keys, ecs_plan
from stacks.estate_plan import AccountPlan, EstatePlan, ImagesPlan, ServicePlan
from stacks.existing_parts import check_account_parts, check_service_parts
from stacks.github_defaults import complete_github
from stacks.github_plan import github_plans
from stacks.infra_plan import infra_plan
from stacks.registry_plan import registry_plan
from stacks.repository_names import check_repository_names
from stacks.repository_plan import (
    image_repository,
    promoted_repository,
    shared_repository,
    stand_in_repository,
)
from stacks.role_names import check_role_names
from stacks.role_plan import (
    deploy_role,
    github_repository,
    push_role,
    stand_in_source,
    trust_entry,
)
from stacks.stack_names import account_stack, check_stack_names, images_stack, service_stack
from stacks.stack_target import account_target, check_assumed_roles, environment_target
from stacks.workflow_hints import build_hints, deploy_hints

if TYPE_CHECKING:
    from deploy_access.github.repository import GithubRepo
    from stacks import environments_model as tables
    from stacks.error_collector import ErrorCollector


def resolve_estate(file: tables.EnvironmentsModel, name: str, errors: ErrorCollector) -> EstatePlan:
    """
    Return the plan of all stacks from the tables of the file called *name*.

    Tables that are right by themselves and do not fit together are added to *errors*; the plan is
    then of those that do.
    """
    given, file = file.github, complete_github(file, errors)
    # Every step runs, also after a mistake, so that one run shows all of them.
    check_stack_names(file, errors)
    check_assumed_roles(file, errors)
    check_ecs_keys(file, errors)
    check_role_names(file, errors)
    accounts = [_account(file, errors, account) for account in file.accounts]
    sources = _sources(file, errors)
    # A stand-in for a key of `[github]` contradicts whoever names the owner's own id.
    if file.github == given:
        check_repository_names(file, sources, errors)
    sources = {
        name: sources.get(name) or stand_in_source(file.github, table.repository)
        for name, table in file.services.items()
    }
    images = [_images(file, errors, service, source) for service, source in sources.items()]
    services = [
        _service(file, errors, service, environment, source)
        for service, source in sources.items()
        for environment in file.services[service].environments
    ]
    github = github_plans(file, sources, errors)
    return EstatePlan(
        file=name,
        accounts=tuple(accounts),
        images=tuple(plan for plan in images if plan),
        services=tuple(plan for plan in services if plan),
        github=github,
    )


def _sources(file: tables.EnvironmentsModel, errors: ErrorCollector) -> dict[str, GithubRepo]:
    """Return the GitHub repository of each service, where it can be named."""
    sources: dict[str, GithubRepo] = {}
    for name, table in file.services.items():
        with errors.about(f"services.{name}"):
            sources[name] = github_repository(file.github, table.repository, table)
    return sources


def _account(file: tables.EnvironmentsModel, errors: ErrorCollector, name: str) -> AccountPlan:
    table = file.accounts[name]
    wrong = check_account_parts(table.import_existing, table.oidc_provider)
    errors.add(f"accounts.{name}.import_existing", *wrong)
    return AccountPlan(
        entry=f"accounts.{name}",
        stack=account_stack(name),
        target=account_target(file, name),
        oidc_provider=table.oidc_provider,
        import_existing=table.import_existing,
        issuer=_issuer(file),
        registry=registry_plan(file, name, errors),
        infra=infra_plan(file, name, errors),
    )


def _images(
    file: tables.EnvironmentsModel, errors: ErrorCollector, service: str, source: GithubRepo
) -> ImagesPlan | None:
    ecr = file.services[service].ecr
    if ecr is None or ecr.account is None:
        return None
    entry, stack = f"services.{service}.ecr", images_stack(service)
    repository = errors.attempt(entry, lambda: shared_repository(file, service))
    role = errors.attempt(f"{entry}.subjects", lambda: push_role(file, service, source))
    hints = errors.attempt(f"services.{service}.workflow", lambda: build_hints(file, service))
    if role is None:
        return None
    return ImagesPlan(
        entry=entry,
        stack=stack,
        target=account_target(file, ecr.account),
        issuer=_issuer(file),
        repository=repository or stand_in_repository(file, ecr.account),
        role=role,
        workflow=hints or {},
    )


def _service(
    file: tables.EnvironmentsModel,
    errors: ErrorCollector,
    service: str,
    environment: str,
    source: GithubRepo,
) -> ServicePlan | None:
    entry = f"services.{service}.environments.{environment}"
    # Each part by itself: a mistake in the trust does not hide one in the repository.
    role = errors.attempt(
        trust_entry(file, service, environment),
        lambda: deploy_role(file, service, environment, source),
    )
    repository = errors.attempt(
        f"services.{service}.ecr", lambda: image_repository(file, service, environment)
    )
    promoted = errors.attempt(
        f"services.{service}.workflow", lambda: promoted_repository(file, service, environment)
    )
    ecs = errors.attempt(f"{entry}.ecs", lambda: ecs_plan(file, service, environment))
    here = file.services[service].environments[environment]
    existing, has_ecs = here.import_existing, bool(here.ecs or file.services[service].ecs)
    if repository is not None:
        wrong = check_service_parts(existing, repository, has_ecs=has_ecs)
        errors.add(f"{entry}.import_existing", *wrong)
    if role is None:
        return None
    return ServicePlan(
        entry=entry,
        stack=service_stack(service, environment),
        target=environment_target(file, environment),
        issuer=_issuer(file),
        repository=repository or stand_in_repository(file, file.environments[environment].account),
        promoted=promoted,
        import_existing=existing,
        role=role,
        ecs=ecs,
        workflow=deploy_hints(file, service, environment),
    )


def _issuer(file: tables.EnvironmentsModel) -> Issuer:
    return Issuer(file.github.issuer) if file.github.issuer else Issuer.github()
