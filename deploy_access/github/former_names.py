"""
What a repository was called before it, or its owner, was renamed, or before it was transferred.

GitHub keeps the number of a repository for ever, and that of an owner through a rename. A transfer
gives the repository another owner, with another number. Repositories that are renamed or
transferred have immutable subjects since 2026-07-15, whatever they had before:
https://docs.github.com/actions/reference/security/oidc
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from deploy_access.errors import Problem
from deploy_access.github.name_rules import check_owner, check_repository, not_text
from deploy_access.github.repository_checks import as_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deploy_access.github.repository_checks import SubjectFormat


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerName:
    """
    A name that a repository had.

    Attributes:
        owner: The owner, as it was called then.
        owner_id: Its number as it is written, or "" where the name has none.
        name: The repository, without its owner.
    """

    owner: str
    owner_id: str
    name: str

    @classmethod
    def of(cls, text: str) -> FormerName:
        """Take `acme/web` or `acme@1/web` apart."""
        owner, _, name = text.partition("/")
        owner, _, owner_id = owner.partition("@")
        return cls(owner=owner, owner_id=owner_id, name=name)

    @property
    def full_name(self) -> str:
        """Owner and repository, as in the address on GitHub."""
        return f"{self.owner}/{self.name}"


def former_prefixes(
    names: Sequence[str], *, owner: str, owner_id: object, repo_id: object
) -> Iterator[str]:
    """
    Write what the tokens of a repository began with under each of its former names.

    Args:
        names: The former names.
        owner: Its owner of today.
        owner_id: The owner's number, or None.
        repo_id: Its own number, or None.
    """
    for each in map(FormerName.of, names):
        # Another owner had another number, which is only known where the name has it.
        is_same_owner = each.owner.lower() == owner.lower()
        number = each.owner_id or (owner_id if is_same_owner else None)
        if number and repo_id is not None:
            yield f"repo:{each.owner}@{number}/{each.name}@{repo_id}"
        # A name without a number may be of the time before immutable subjects.
        if not each.owner_id:
            yield f"repo:{each.full_name}"


def names_under(owner: str, owner_id: object, name: str, form: SubjectFormat) -> Iterator[str]:
    """
    Write the former names of a repository whose owner was called *owner* before.

    Args:
        owner: What the owner was called.
        owner_id: The number of the owner, which a rename does not change.
        name: The repository, without its owner.
        form: The form of `sub` that the repository had then.
    """
    if form in {"immutable", "both"}:
        yield f"{owner}@{owner_id}/{name}"
    if form in {"legacy", "both"}:
        yield f"{owner}/{name}"


def check_former_names(
    full_name: object, owner_id: object, repo_id: object, names: object
) -> Iterator[Problem]:
    """Check what a repository was called before."""
    if not isinstance(names, tuple):
        yield Problem(
            what="`former_names` is a list of names.",
            given=names,
            why="A single text would be read letter by letter.",
            fix="For example former_names=['acme/old-web'].",
        )
        return
    for name in cast("Sequence[object]", names):
        if not isinstance(name, str):
            yield not_text("former_names", name, "acme/old-web")
            continue
        yield from _check_former_name(name, repo_id)
        if name in {full_name, _with_id(full_name, owner_id)}:
            yield Problem(
                what="`former_names` holds the name that the repository has now.",
                given=name,
                why="It is trusted already, and the old name that is missing locks its runs out.",
                fix="Write the name that it had before it was renamed or moved.",
            )


def _check_former_name(text: str, repo_id: object) -> Iterator[Problem]:
    found = FormerName.of(text)
    owner_id = found.owner_id
    if "/" not in text or ("@" in text and not isinstance(as_id(owner_id), int)):
        yield Problem(
            what="A former name is `owner/name`, or `owner@id/name` with GitHub's number for the "
            "owner.",
            given=text,
            why="It becomes the beginning of `sub`, and any other text never matches.",
            fix="For example 'acme/old-web', or 'acme@123456/old-web' where `sub` had ids before.",
        )
        return
    yield from check_owner(found.owner)
    yield from check_repository(found.name)
    if owner_id and repo_id is None:
        yield Problem(
            what="A former name has the number of its owner, and the repository has no `repo_id`.",
            given=text,
            why="GitHub puts both ids into `sub` or neither, so no token could match.",
            fix=f"Add `repo_id`, or write {found.full_name!r} for runs without ids.",
        )


def _with_id(full_name: object, owner_id: object) -> str:
    owner, _, name = str(full_name).partition("/")
    return f"{owner}@{owner_id}/{name}"
