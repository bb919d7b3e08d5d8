"""The one place that applies every default and override of `environments.toml`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .ecs_plan import check_ecs_keys
from .estate_plan import AccountPlan, EstatePlan
from .existing_parts import check_account_parts, check_forgotten_provider
from .github_defaults import complete_github
from .github_plan import github_plans
from .infra_plan import infra_plan
from .made_names import check_made_names
from .registry_plan import registry_plan
from .replication_sides import check_replication_sides
from .repository_names import check_repository_names
from .role_names import check_role_names
from .role_plan import github_repository, stand_in_source
from .service_plan import images_plan, service_plan
from .stack_names import account_stack, check_stack_names
from .stack_target import account_target, check_assumed_roles, issuer_of

if TYPE_CHECKING:
    from deploy_access.github.repository import GithubRepo

    from . import environments_model as tables
    from .error_collector import ErrorCollector


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
    check_replication_sides(file, errors)
    accounts = [_account(file, errors, account) for account in file.accounts]
    sources = _sources(file, errors)
    # A stand-in for a key of `[github]` contradicts whoever names the owner's own id.
    if file.github == given:
        check_repository_names(file, sources, errors)
    sources = {
        name: sources.get(name) or stand_in_source(file.github, table.repository)
        for name, table in file.services.items()
    }
    images = [images_plan(file, errors, service, source) for service, source in sources.items()]
    services = [
        service_plan(file, errors, service, environment, source)
        for service, source in sources.items()
        for environment in file.services[service].environments
    ]
    github = github_plans(file, sources, errors)
    estate = EstatePlan(
        file=name,
        accounts=tuple(accounts),
        images=tuple(plan for plan in images if plan),
        services=tuple(services),
        github=github,
    )
    check_made_names(estate, errors)
    return estate


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
    wrong = check_forgotten_provider(table.forget, table.oidc_provider)
    errors.add(f"accounts.{name}.forget", *wrong)
    return AccountPlan(
        entry=f"accounts.{name}",
        stack=account_stack(name),
        target=account_target(file, name),
        oidc_provider=table.oidc_provider,
        audiences=table.audiences,
        import_existing=table.import_existing,
        forget=table.forget,
        issuer=issuer_of(file),
        registry=registry_plan(file, name, errors),
        infra=infra_plan(file, name, errors),
    )
