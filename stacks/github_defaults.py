"""Keys of `[github]` that repositories of services need: missed once, not once a service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.errors import Problem

if TYPE_CHECKING:
    from . import environments_model as tables
    from .error_collector import ErrorCollector
    from .github_tables import GithubTable
    from .service_tables import ServiceTable

# In place of what is missing, so that subjects are checked all the same.
_STAND_INS: dict[str, object] = {"owner": "OWNER", "owner_id": 1}


def complete_github(
    file: tables.EnvironmentsModel, errors: ErrorCollector
) -> tables.EnvironmentsModel:
    """Return *file* with the keys of `[github]` that its services need; each is one error."""
    bare = [table for table in file.services.values() if _is_of_owner(file.github, table)]
    named = [table.repository for table in bare if "/" not in table.repository]
    with_id = [t.repository for t in bare if _has_ids(file.github, t) and t.owner_id is None]
    found: dict[str, Problem] = {}
    if file.github.owner is None and named:
        found["owner"] = no_owner(named[0])
    if file.github.owner_id is None and with_id:
        found["owner_id"] = _no_owner_id(file.github.owner or "OWNER", with_id)
    for key, problem in found.items():
        errors.add(f"github.{key}", problem)
    given = {key: _STAND_INS[key] for key in found}
    return file.model_copy(update={"github": file.github.model_copy(update=given)})


def _has_ids(github: GithubTable, table: ServiceTable) -> bool:
    """Whether subjects of the repository hold ids, also where its own is still missing."""
    form = table.subject_format or github.subject_format
    return table.repo_id is not None or form in {"immutable", "both"}


def _is_of_owner(github: GithubTable, table: ServiceTable) -> bool:
    owner, _, _ = table.repository.rpartition("/")
    return owner in {"", github.owner}


def no_owner(name: str) -> Problem:
    """Return the problem that the owner of the repository called *name* is not known."""
    return Problem(
        what="The repository is named without its owner.",
        given=name,
        why="GitHub's tokens name both, and `[github]` names no owner.",
        fix=f'Add `owner = "..."` to `[github]`, or write "OWNER/{name}".',
    )


def _no_owner_id(owner: str, repositories: list[str]) -> Problem:
    return Problem(
        what="The key is missing, and subjects of repositories hold ids.",
        given=repositories,
        why="GitHub puts both ids into `sub` or neither, so no subject of them could match.",
        fix=f"Add what `gh api users/{owner} --jq .id` prints, or remove each `repo_id` and "
        "`subject_format`.",
    )
