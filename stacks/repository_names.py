"""What the tables of `environments.toml` say of names and ids on GitHub, where two disagree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue
from deploy_access.github.contradictions import Mention, contradictions
from deploy_access.github.naming import Naming
from deploy_access.github.naming import namings_of_repository as _namings
from stacks.role_plan import github_repository

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deploy_access.github.repository import GithubRepo
    from stacks import environments_model as tables
    from stacks.error_collector import ErrorCollector
    from stacks.subject_entry import SubjectEntry


def check_repository_names(
    file: tables.EnvironmentsModel, sources: Mapping[str, GithubRepo], errors: ErrorCollector
) -> None:
    """Check that every entry says the same of a repository and of its owner."""
    named = [
        *_owner(file),
        *((f"services.{name}", each) for name, one in sources.items() for each in _namings(one)),
        *((entry, each) for entry, one in _elsewhere(file) for each in _namings(one)),
    ]
    # `[github]` names one server for all of them.
    mentions = [Mention(naming=one, server="", among=entry, place=entry) for entry, one in named]
    for one in contradictions(mentions):
        errors.add(one.second.place, one.problem(str))


def _owner(file: tables.EnvironmentsModel) -> list[tuple[str, Naming]]:
    owner, owner_id = file.github.owner, file.github.owner_id
    return [] if owner is None else [("github", Naming(owner=owner, owner_id=owner_id))]


def _elsewhere(file: tables.EnvironmentsModel) -> Iterator[tuple[str, GithubRepo]]:
    """List the repositories that subjects name; one that cannot be is refused with its role."""
    for entry, subject in _subjects(file):
        if subject.repository is not None:
            try:
                yield entry, github_repository(file.github, subject.repository, subject)
            except InvalidValue:
                continue


def _subjects(file: tables.EnvironmentsModel) -> Iterator[tuple[str, SubjectEntry]]:
    lists = {f"environments.{name}": table.subjects for name, table in file.environments.items()}
    for name, service in file.services.items():
        lists[f"services.{name}.ecr"] = service.ecr.subjects if service.ecr else None
        for environment, table in service.environments.items():
            lists[f"services.{name}.environments.{environment}"] = table.subjects
    for entry, subjects in lists.items():
        for number, subject in enumerate(subjects or ()):
            yield f"{entry}.subjects[{number}]", subject
