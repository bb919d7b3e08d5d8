"""What a repository on GitHub cannot be: checks of its name, its ids and its template."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, cast

from deploy_access.errors import Problem
from deploy_access.github.name_rules import check_owner, check_repository, not_text
from deploy_access.github.subject_warnings import form_command

if TYPE_CHECKING:
    from collections.abc import Iterator

DEFAULT_TEMPLATE = ("repo", "context")
"""GitHub's own template of `sub`: https://docs.github.com/actions/reference/security/oidc"""
SubjectFormat = Literal["immutable", "legacy", "both"]
SUBJECT_FORMATS: tuple[SubjectFormat, ...] = ("immutable", "legacy", "both")
# Below 2 to the power of 63, as GitHub's database keeps it.
_DIGITS = re.compile(r"[1-9][0-9]{0,17}")


def as_id(value: object) -> object:
    """Return the number of a text of digits, as `gh api` and outputs give it, or else *value*."""
    return int(value) if isinstance(value, str) and _DIGITS.fullmatch(value) else value


def check_full_name(full_name: object) -> Iterator[Problem]:
    """Check `owner/name`."""
    if not isinstance(full_name, str):
        yield not_text("GithubRepo", full_name, "acme/web")
        return
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
    full_name: str, owner_id: object, repo_id: object, subject_format: object
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
    if subject_format not in (None, *SUBJECT_FORMATS):
        yield Problem(
            what="The subject format is one of 'immutable', 'legacy' and 'both'.",
            given=subject_format,
            why="It decides what `sub` looks like; a wrong one locks the workflow out.",
            fix=f"Ask GitHub: {form_command(full_name)}",
        )
    elif subject_format in ("immutable", "both") and repo_id is None:
        yield Problem(
            what=f"The {subject_format} subject of {full_name!r} holds its ids.",
            given={"owner_id": owner_id, "repo_id": repo_id},
            why="Without them the immutable form `repo:owner@id/name@id` cannot be written.",
            fix=f"Pass both: gh api repos/{full_name} --jq '.owner.id, .id'",
        )


def check_id(name: str, value: object) -> Iterator[Problem]:
    """Check one of GitHub's numbers."""
    # `bool` is an `int` to Python, and an id of 1 would trust a stranger.
    is_number = isinstance(value, int) and not isinstance(value, bool) and value >= 1
    if value is not None and not is_number:
        yield Problem(
            what=f"`{name}` is GitHub's number, 1 or more.",
            given=value,
            why="It becomes part of `sub`, so a wrong one never matches.",
            fix="Read it with `gh api repos/OWNER/NAME --jq '.owner.id, .id'`.",
        )


def as_names(value: object) -> object:
    """Return a list of names as a tuple, which can be compared and kept, or else *value*."""
    return tuple(cast("list[object]", value)) if isinstance(value, list) else value


def check_template(keys: object) -> Iterator[Problem]:
    """Check a template of `sub`."""
    if not _is_template(keys):
        yield Problem(
            what="`include_claim_keys` lists each claim of the `sub` template once.",
            given=keys,
            why="GitHub builds every `sub` of the repository from it, in this order.",
            fix="Copy it: gh api repos/OWNER/NAME/actions/oidc/customization/sub",
        )


def _is_template(keys: object) -> bool:
    # A text would be read letter by letter.
    if isinstance(keys, str) or not isinstance(keys, Sequence):
        return False
    names = list(cast("Sequence[object]", keys))
    texts = {name for name in names if isinstance(name, str) and name.strip()}
    return bool(names) and len(texts) == len(names)
