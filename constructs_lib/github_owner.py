"""The owner that the GitHub provider of a stack works for: its resources name repositories only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs_lib.github_provider import GithubProvider
from constructs_lib.tree import stack_of
from deploy_access.errors import Problem, TargetUnknown, reject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from constructs import Construct

    from deploy_access.github.repository import GithubRepo


def check_owner_of(scope: Construct, repo: GithubRepo, provider: GithubProvider | None) -> None:
    """
    Check that what is made in *scope* for *repo* lands with its owner.

    Raises:
        TargetUnknown: The stack has no GitHub provider.
        InvalidValue: The provider works for another owner.
    """
    used = provider or _default_provider(scope)
    reject(_check_owner(used, repo))


def _default_provider(scope: Construct) -> GithubProvider:
    stack = stack_of(scope)
    for child in stack.node.children:
        if isinstance(child, GithubProvider) and child.alias is None:
            return child
    raise TargetUnknown(_no_provider(stack.node.id))


def _check_owner(provider: GithubProvider, repo: GithubRepo) -> Iterator[Problem]:
    owner = provider.owner
    # Without one the provider asks its token, which is not known here.
    if owner is not None and owner.lower() != repo.owner.lower():
        yield Problem(
            what="The GitHub provider works for another owner than the repository's.",
            given=(owner, repo.full_name),
            why="Terraform would look for a repository of that name there.",
            fix=f'Use a provider with owner="{repo.owner}", in a stack of its own or as '
            "`provider=`.",
        )


def _no_provider(stack: str) -> Problem:
    return Problem(
        what="The stack has no GitHub provider.",
        given=stack,
        why="Terraform would not know which owner the repository belongs to, nor which provider "
        "to install.",
        fix='Make one first: GithubProvider(self, "Github", owner="acme").',
    )
