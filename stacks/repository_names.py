"""What the tables of `environments.toml` say of names and ids on GitHub, where two disagree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue
from deploy_access.github.contradictions import Mention, contradictions
from deploy_access.github.naming import Naming
from deploy_access.github.naming import namings_of_repository as _namings

from .role_plan import github_repository

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deploy_access.github.repository import GithubRepo

    from . import environments_model as tables
    from .error_collector import ErrorCollector
    from .infra_table import InfraTable
    from .subject_entry import SubjectEntry


def check_repository_names(
    file: tables.EnvironmentsModel, sources: Mapping[str, GithubRepo], errors: ErrorCollector
) -> None:
    """Check that every entry says the same of a repository and of its owner."""
    named = [
        *_owner(file),
        *((f"services.{name}", each) for name, one in sources.items() for each in _namings(one)),
        *((entry, each) for entry, one in _others(file) for each in _namings(one)),
    ]
    # `[github]` names one server for all of them.
    mentions = [Mention(naming=one, server="", among=entry, place=entry) for entry, one in named]
    for one in contradictions(mentions):
        errors.add(one.second.place, one.problem(str))


def _owner(file: tables.EnvironmentsModel) -> list[tuple[str, Naming]]:
    owner, owner_id = file.github.owner, file.github.owner_id
    return [] if owner is None else [("github", Naming(owner=owner, owner_id=owner_id))]


def _others(file: tables.EnvironmentsModel) -> Iterator[tuple[str, GithubRepo]]:
    """List the repositories that infra and subjects name; one that cannot be is refused there."""
    named: list[tuple[str, SubjectEntry | InfraTable]] = [*_subjects(file)]
    if file.infra:
        named.insert(0, ("infra", file.infra))
    for entry, table in named:
        if table.repository is not None:
            try:
                yield entry, github_repository(file.github, table.repository, table)
            except InvalidValue:
                continue


def _subjects(file: tables.EnvironmentsModel) -> Iterator[tuple[str, SubjectEntry]]:
    environments = file.environments.items()
    lists = {f"environments.{name}.subjects": table.subjects for name, table in environments}
    for name, service in file.services.items():
        lists[f"services.{name}.ecr.subjects"] = service.ecr.subjects if service.ecr else None
        for environment, table in service.environments.items():
            lists[f"services.{name}.environments.{environment}.subjects"] = table.subjects
    if file.infra:
        lists |= {"infra.plan": file.infra.plan, "infra.apply": file.infra.apply}
    for entry, subjects in lists.items():
        for number, subject in enumerate(subjects or ()):
            yield f"{entry}[{number}]", subject
