"""
What a subject says of the names and the numbers of an owner and a repository.

Source: https://docs.github.com/actions/reference/security/oidc
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.github.subject_claim import segments

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deploy_access.github.repository import GithubRepo
    from deploy_access.github.subject import Subject

# `acme@1/web@2`, `acme/web`, `acme`, and `acme@1/*` of which only the owner is named.
_NAMES = re.compile(
    r"(?P<owner>[\w.-]+)(@(?P<owner_id>[1-9][0-9]{0,17}))?"
    r"(/((?P<name>[\w.-]+)(@(?P<repo_id>[1-9][0-9]{0,17}))?|.*[*?].*))?",
    re.ASCII | re.DOTALL,
)
_NAMING = ("repo", "repository", "repository_owner")


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """
    The names and the numbers of an owner or of a repository.

    Attributes:
        owner: The user or organization.
        owner_id: GitHub's number for it, or None.
        name: The repository without its owner, or None.
        repo_id: GitHub's number for the repository, or None.
    """

    owner: str
    owner_id: int | None = None
    name: str | None = None
    repo_id: int | None = None


def naming_in(value: str) -> Naming | None:
    """Return what a `sub`, or a value that it is compared with, says; None where nothing."""
    return naming_of(dict(segments(value)))


def naming_of(claims: Mapping[str, str]) -> Naming | None:
    """Return what claims say together, `repo` of a `sub` among them; None where nothing."""
    for key in _NAMING:
        found = _NAMES.fullmatch(claims[key]) if key in claims else None
        if found:
            return _read(found, claims)
    return None


def _read(found: re.Match[str], claims: Mapping[str, str]) -> Naming:
    name, repo_id = found["name"], found["repo_id"] or claims.get("repository_id")
    return Naming(
        owner=found["owner"],
        owner_id=_number(found["owner_id"] or claims.get("repository_owner_id")),
        name=name,
        repo_id=_number(repo_id) if name else None,
    )


def namings_of(subject: Subject) -> Iterator[Naming]:
    """Return what each form of a subject says."""
    for form in subject.forms:
        naming = naming_in(":".join(segment.text for segment in form if segment.text))
        if naming is not None:
            yield naming


def namings_of_repository(repository: GithubRepo) -> Iterator[Naming]:
    """Return what a repository is called, in whatever form its subjects are."""
    owner_id, repo_id = repository.owner_id, repository.repo_id
    yield Naming(
        owner=repository.owner,
        owner_id=owner_id if isinstance(owner_id, int) else None,
        name=repository.name,
        repo_id=repo_id if isinstance(repo_id, int) else None,
    )
    yield from namings_of(repository.anything())


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None
