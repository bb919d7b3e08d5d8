"""What of a stack Terraform takes over, in place of making it: checked against what is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from deploy_access.errors import Problem
from deploy_access.iam.limits import check_many
from stacks.part_plans import RepositoryPlan, SharedRepository

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

AccountPart = Literal["oidc_provider"]
ServicePart = Literal[
    "role", "push_policy", "ecs_policy", "repository", "lifecycle", "repository_policy"
]

_OF_REPOSITORY = {"push_policy", "repository", "lifecycle", "repository_policy"}


def check_account_parts(parts: Sequence[AccountPart], oidc_provider: str) -> Iterator[Problem]:
    """Check that the stack of an account makes what it is to take over."""
    yield from check_many("import_existing", parts, empty=True)
    if parts and oidc_provider == "existing":
        yield _not_made(list(parts), 'with `oidc_provider = "existing"` another makes it')


def check_service_parts(
    parts: Sequence[ServicePart],
    repository: RepositoryPlan | SharedRepository | None,
    *,
    has_ecs: bool,
) -> Iterator[Problem]:
    """Check that the stack of a service makes what it is to take over."""
    yield from check_many("import_existing", parts, empty=True)
    if not has_ecs and "ecs_policy" in parts:
        yield _not_made(["ecs_policy"], "there is no `ecs`")
    images = [part for part in parts if part in _OF_REPOSITORY]
    if images and isinstance(repository, SharedRepository):
        yield _not_made(images, "with `ecr.account` another stack makes it")
    elif "repository_policy" in parts and repository and not _has_policy(repository):
        yield _not_made(["repository_policy"], "no other account pulls")


def _has_policy(repository: RepositoryPlan | SharedRepository) -> bool:
    return isinstance(repository, RepositoryPlan) and bool(repository.pull_accounts)


def _not_made(parts: list[str], why: str) -> Problem:
    return Problem(
        what="`import_existing` names what this stack does not make.",
        given=parts,
        why=f"Terraform takes over only what the stack has, and {why}.",
        fix="Remove it from the list.",
    )
