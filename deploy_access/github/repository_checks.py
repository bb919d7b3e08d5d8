"""What a repository on GitHub cannot be: checks of its name, its ids and its template."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from deploy_access.errors import Problem
from deploy_access.github.name_rules import check_owner, check_repository

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SubjectFormat = Literal["immutable", "legacy", "both"]
SUBJECT_FORMATS: tuple[SubjectFormat, ...] = ("immutable", "legacy", "both")


def check_full_name(full_name: str) -> Iterator[Problem]:
    """Check `owner/name`."""
    owner, slash, name = full_name.partition("/")
    if not slash:
        yield Problem(
            what="A repository is named `owner/name`.",
            given=full_name,
            why="Without its owner the subject would match nobody, or a stranger's repository.",
            fix="Write it as its address on GitHub does, for example 'acme/web'.",
        )
        return
    yield from check_owner(owner)
    yield from check_repository(name)


def check_ids(
    full_name: str, owner_id: int | None, repo_id: int | None, subject_format: str | None
) -> Iterator[Problem]:
    """Check the ids of a repository, and that they fit its subject format."""
    yield from check_id("owner_id", owner_id)
    yield from check_id("repo_id", repo_id)
    if (owner_id is None) != (repo_id is None):
        yield Problem(
            what=f"Repository {full_name!r} has only one of `owner_id` and `repo_id`.",
            given={"owner_id": owner_id, "repo_id": repo_id},
            why="GitHub puts both into `sub` or neither, so this subject could never match.",
            fix=f"Pass both (gh api repos/{full_name} --jq '.owner.id, .id'), or none.",
        )
    if subject_format not in {None, *SUBJECT_FORMATS}:
        yield Problem(
            what="The subject format is one of 'immutable', 'legacy' and 'both'.",
            given=subject_format,
            why="It decides what `sub` looks like; a wrong one locks the workflow out.",
            fix=f"Ask GitHub: gh api repos/{full_name}/actions/oidc/customization/sub",
        )
    elif subject_format in {"immutable", "both"} and repo_id is None:
        yield Problem(
            what=f"The {subject_format} subject of {full_name!r} holds its ids.",
            given={"owner_id": owner_id, "repo_id": repo_id},
            why="Without them the immutable form `repo:owner@id/name@id` cannot be written.",
            fix=f"Pass both: gh api repos/{full_name} --jq '.owner.id, .id'",
        )


def check_id(name: str, value: int | None) -> Iterator[Problem]:
    """Check one of GitHub's numbers."""
    # `bool` is an `int` to Python, and an id of 1 would trust a stranger.
    if value is not None and (isinstance(value, bool) or value < 1):
        yield Problem(
            what=f"`{name}` is GitHub's number, 1 or more.",
            given=value,
            why="It becomes part of `sub`, so a wrong one never matches.",
            fix="Read it with `gh api repos/OWNER/NAME --jq '.owner.id, .id'`.",
        )


def check_template(keys: Sequence[str]) -> Iterator[Problem]:
    """Check a template of `sub`."""
    one_text = isinstance(keys, str)  # would be read letter by letter
    if one_text or not keys or len(set(keys)) != len(keys) or not all(k.strip() for k in keys):
        yield Problem(
            what="`include_claim_keys` lists each claim of the `sub` template once.",
            given=keys,
            why="GitHub builds every `sub` of the repository from it, in this order.",
            fix="Copy it: gh api repos/OWNER/NAME/actions/oidc/customization/sub",
        )
