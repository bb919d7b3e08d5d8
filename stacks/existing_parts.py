"""What of a stack Terraform takes over, or forgets: checked against what the stack makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from deploy_access.errors import Problem
from deploy_access.iam.limits import check_many

from .part_plans import NamedRepository, NoRepository, RepositoryPlan, SharedRepository

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .part_plans import ImagesSource

AccountPart = Literal["oidc_provider"]
ServicePart = Literal[
    "role",
    "managed_policies",
    "push_policy",
    "ecs_policy",
    "ecs_attachment",
    "repository",
    "lifecycle",
    "repository_policy",
]
SharedPart = Literal["role", "push_policy", "repository", "lifecycle", "repository_policy"]
ForgottenPart = Literal["repository"]

_OF_IMAGES = ("repository", "lifecycle", "repository_policy")
_OF_REPOSITORY = {"push_policy", "repository", "lifecycle", "repository_policy"}


def check_account_parts(parts: Sequence[AccountPart], oidc_provider: str) -> Iterator[Problem]:
    """Check that the stack of an account makes what it is to take over."""
    yield from check_many("import_existing", parts, empty=True)
    if parts and oidc_provider == "existing":
        yield _not_made(list(parts), 'with `oidc_provider = "existing"` another makes it')


def check_service_parts(
    parts: Sequence[ServicePart],
    repository: ImagesSource | None,
    *,
    has_ecs: bool,
) -> Iterator[Problem]:
    """Check that the stack of a service makes what it is to take over."""
    yield from check_many("import_existing", parts, empty=True)
    of_ecs = [part for part in parts if part.startswith("ecs_")]
    if of_ecs and not has_ecs:
        yield _not_made(of_ecs, "there is no `ecs`")
    images = [part for part in parts if part in _OF_REPOSITORY]
    if images and isinstance(repository, SharedRepository):
        yield _not_made(images, "with `ecr.account` another stack makes it")
    elif images and isinstance(repository, NoRepository):
        yield _not_made(images, "there is no repository of images")
    elif set(images) - {"push_policy"} and isinstance(repository, NamedRepository):
        named = [part for part in images if part != "push_policy"]
        yield _not_made(named, 'with `ecr.repository = "existing"` another makes it')
    elif "repository_policy" in parts and repository and not _has_policy(repository):
        yield _not_made(["repository_policy"], "no other account pulls")


def check_shared_parts(
    parts: Sequence[SharedPart], repository: RepositoryPlan
) -> Iterator[Problem]:
    """Check that the stack of a shared repository makes what it is to take over."""
    yield from check_many("import_existing", parts, empty=True)
    if "repository_policy" in parts and not _has_policy(repository):
        yield _not_made(["repository_policy"], "no other account pulls")


def check_forgotten_provider(parts: Sequence[AccountPart], oidc_provider: str) -> Iterator[Problem]:
    """Check that another makes what the stack of an account is to forget."""
    yield from check_many("forget", parts, empty=True)
    if parts and oidc_provider == "create":
        yield Problem(
            what="`forget` names what this stack makes.",
            given=list(parts),
            why="Terraform forgets what is no longer in a stack, and refuses to forget the rest.",
            fix='Set `oidc_provider = "existing"` beside it.',
        )


def check_forgotten_repository(
    parts: Sequence[ForgottenPart], existing: Sequence[str]
) -> Iterator[Problem]:
    """Check that a stack does not also take over what it is to forget."""
    yield from check_many("forget", parts, empty=True)
    both = [part for part in existing if parts and part in _OF_IMAGES]
    if both:
        yield Problem(
            what="A repository of images is forgotten and taken over in one stack.",
            given=both,
            why="Terraform would have to know it and not to know it.",
            fix="Write `import_existing` where the repository goes to, and `forget` where it was.",
        )


def check_former_repositories(
    name: str, former: Sequence[str], policy_name: str | None
) -> Iterator[Problem]:
    """Check the names that a repository of images had, to which its role still pushes."""
    yield from check_many("former_names", former, empty=True)
    if name in former:
        yield Problem(
            what="`ecr.former_names` holds the name that the repository has now.",
            given=name,
            why="A repository of another name is a new one, and the former one stays beside it.",
            fix="Remove it, or give the repository another `name`.",
        )
    if former and policy_name is not None:
        yield Problem(
            what="`ecr.former_names` is set beside `ecr.push_policy_name`.",
            given=policy_name,
            why="The role has a policy for each repository, and one name is for one policy.",
            fix="Remove `push_policy_name` in a change of its own before.",
        )


def _has_policy(repository: ImagesSource) -> bool:
    return isinstance(repository, RepositoryPlan) and bool(repository.pull_accounts)


def _not_made(parts: list[str], why: str) -> Problem:
    return Problem(
        what="`import_existing` names what this stack does not make.",
        given=parts,
        why=f"Terraform takes over only what the stack has, and {why}.",
        fix="Remove it from the list.",
    )
