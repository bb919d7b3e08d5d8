"""GitHub's side of the services: the environments that their roles trust, by owner."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from deploy_access.errors import Problem, reject
from deploy_access.github.issuer import GITHUB_HOST

from .estate_plan import GithubEnvironmentPlan, GithubPlan, GithubTemplatePlan
from .role_plan import github_repository, trust_entry, trusting_table
from .stack_names import github_stack, service_stack
from .stack_target import issuer_of, state_place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from deploy_access.github.issuer import Issuer
    from deploy_access.github.repository import GithubRepo

    from . import environments_model as tables
    from .error_collector import ErrorCollector
    from .github_tables import GithubEnvironmentTable


_Part = GithubEnvironmentPlan | GithubTemplatePlan


def github_plans(
    file: tables.EnvironmentsModel, sources: Mapping[str, GithubRepo], errors: ErrorCollector
) -> tuple[GithubPlan, ...]:
    """Return the plan of one stack for each owner with something that is set up on GitHub."""
    made = [*_all_environments(file, sources, errors), *_templates(file, sources)]
    owners: dict[str, list[_Part]] = {}
    for one in made:
        owners.setdefault(one.repository.owner.lower(), []).append(one)
    plans = [errors.attempt("github", partial(_plan, file, parts)) for parts in owners.values()]
    return tuple(plan for plan in plans if plan)


def _templates(
    file: tables.EnvironmentsModel, sources: Mapping[str, GithubRepo]
) -> list[GithubTemplatePlan]:
    """List the repositories whose template is set, each once."""
    found: dict[str, GithubTemplatePlan] = {}
    for service, source in sources.items():
        if file.services[service].subject_template:
            entry = f"services.{service}.subject_template"
            plan = GithubTemplatePlan(entry=entry, repository=source)
            found.setdefault(source.full_name.lower(), plan)
    return list(found.values())


def _all_environments(
    file: tables.EnvironmentsModel, sources: Mapping[str, GithubRepo], errors: ErrorCollector
) -> Iterable[GithubEnvironmentPlan]:
    found: dict[tuple[str, str], GithubEnvironmentPlan] = {}
    for service, source in sources.items():
        for environment, table in file.services[service].environments.items():
            if table.github is not None:
                with errors.about(_entry(service, environment)):
                    made = _environments(file, service, environment, source, table.github)
                    reject(_taken(one, found[key]) for key, one in made.items() if key in found)
                    found |= made
    return found.values()


def _entry(service: str, environment: str) -> str:
    return f"services.{service}.environments.{environment}.github"


def _plan(file: tables.EnvironmentsModel, made: list[_Part]) -> GithubPlan:
    owner = made[0].repository.owner
    issuer = issuer_of(file)
    state = file.github.state or next(iter(file.states))
    reject([*_check_state(file), *_check_issuer(issuer), *_check_name(file, github_stack(owner))])
    return GithubPlan(
        stack=github_stack(owner),
        owner=owner,
        base_url=f"https://{issuer.host}/" if issuer.is_server else None,
        state=state_place(file.states[state]),
        environments=tuple(one for one in made if isinstance(one, GithubEnvironmentPlan)),
        templates=tuple(one for one in made if isinstance(one, GithubTemplatePlan)),
    )


def _environments(
    file: tables.EnvironmentsModel,
    service: str,
    environment: str,
    source: GithubRepo,
    table: GithubEnvironmentTable,
) -> dict[tuple[str, str], GithubEnvironmentPlan]:
    """Return the environments that the subjects of a deployment name, by repository and name."""
    found: dict[tuple[str, str], GithubEnvironmentPlan] = {}
    for entry in trusting_table(file, service, environment).subjects or ():
        if entry.environment is not None:
            of, name = entry.repository, entry.environment
            repository = github_repository(file.github, of, entry) if of else source
            # GitHub does not tell two environments apart by case.
            key = (repository.full_name.lower(), name.lower())
            plan = GithubEnvironmentPlan(
                entry=_entry(service, environment),
                service_stack=service_stack(service, environment),
                repository=repository,
                name=name,
                **dict(table),
            )
            found.setdefault(key, plan)
    reject([] if found else [_nothing_named(trust_entry(file, service, environment))])
    return found


def _check_state(file: tables.EnvironmentsModel) -> Iterator[Problem]:
    if file.github.state is None and len(file.states) > 1:
        yield Problem(
            what="No key says where the stacks of GitHub's side keep their state.",
            given=list(file.states),
            why="They belong to no account, and with another state Terraform would start anew.",
            fix=f'Add `state = "{next(iter(file.states))}"` to `[github]`.',
        )


def _check_issuer(issuer: Issuer) -> Iterator[Problem]:
    if issuer.host != GITHUB_HOST and not issuer.is_server:
        yield Problem(
            what="GitHub's side is made on github.com and on GitHub Enterprise Server.",
            given=issuer.url,
            why="The address of the API of any other is not known here.",
            fix="Remove the tables `github` of the services, and set the environments up there.",
        )


def _check_name(file: tables.EnvironmentsModel, stack: str) -> Iterator[Problem]:
    for service, table in file.services.items():
        for environment in table.environments:
            if service_stack(service, environment).casefold() == stack.casefold():
                yield Problem(
                    what="A service's stack has the name of the stack of GitHub's side.",
                    given=stack,
                    why="Both would share one state, and each apply would undo the other.",
                    fix=f"Rename `services.{service}`.",
                )


def _taken(one: GithubEnvironmentPlan, first: GithubEnvironmentPlan) -> Problem:
    return Problem(
        what=f"`{first.entry}` sets this environment up already.",
        given=f"{one.repository.full_name} {one.name}",
        why="A repository has one environment of a name, and each apply would undo the other.",
        fix="Leave the table out here: the settings there are for every job of the environment.",
    )


def _nothing_named(entry: str) -> Problem:
    return Problem(
        what="The deployment trusts no environment of GitHub.",
        given=entry,
        why="Only jobs in an environment wait for its reviewers; the role would be assumed "
        "without them.",
        fix='Trust one, for example `subjects = [{ environment = "prod" }]`, or remove the table '
        "`github`.",
    )
