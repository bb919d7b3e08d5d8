"""An environment of a repository on GitHub: who approves, which refs deploy, and its variables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

from constructs import Construct

from constructs_lib._framework import is_cdk_terrain
from constructs_lib.duplicate_resources import claim_on_github
from constructs_lib.github_owner import check_owner_of
from constructs_lib.github_provider import (
    ActionsEnvironmentVariable,
    RepositoryEnvironment,
    RepositoryEnvironmentDeploymentBranchPolicy,
    RepositoryEnvironmentDeploymentPolicy,
    RepositoryEnvironmentReviewers,
)
from constructs_lib.keyword_types import checked
from constructs_lib.tree import add_metadata, warn
from deploy_access.errors import reject
from deploy_access.github.environment_settings import (
    check_minutes,
    check_patterns,
    check_reviewers,
    check_variables,
)
from deploy_access.github.name_rules import check_environment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from constructs_lib.github_provider import GithubProvider
    from deploy_access.github.repository import GithubRepo


class GithubEnvironment(Construct):
    """
    An environment that jobs deploy through.

    A role that trusts `repo.environment(NAME)` trusts every job that names the environment, on
    whatever ref it runs: `reviewers`, `branches` and `tags` decide which jobs those are.

    Source: https://docs.github.com/actions/reference/workflows-and-actions/deployments-and-environments
    """

    @checked
    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - the word of every construct
        *,
        repo: GithubRepo,
        name: str,
        reviewers: Sequence[int] = (),
        teams: Sequence[int] = (),
        branches: Sequence[str] = (),
        tags: Sequence[str] = (),
        wait_minutes: int = 0,
        variables: Mapping[str, str] | None = None,
        provider: GithubProvider | None = None,
    ) -> None:
        """
        Make the environment.

        Args:
            scope: Where it is in the tree.
            id: Its name there; part of its address in Terraform's state.
            repo: The repository.
            name: The name of the environment, spelt as in `repo.environment(NAME)`.
            reviewers: GitHub's numbers of up to six people, of whom one has to approve each job.
            teams: GitHub's numbers of teams, which count among the six.
            branches: Patterns of the branches that may deploy, `*` for all but `/`. With neither
                branches nor tags every ref may.
            tags: Patterns of the tags that may deploy.
            wait_minutes: How long each job waits, up to 43,200 minutes.
            variables: What a job there sees as `vars.NAME`, for example the outputs of a role.
            provider: An aliased GitHub provider.

        Raises:
            InvalidValue: Something that GitHub would refuse, or a provider of another owner.
            DuplicateResource: The app makes this environment already.
            TargetUnknown: The stack has no GitHub provider yet.
        """
        super().__init__(scope, id)
        reject(
            [
                *check_environment(name),
                *check_reviewers(reviewers, teams),
                *check_patterns("branches", branches),
                *check_patterns("tags", tags),
                *check_minutes(wait_minutes),
                *check_variables(variables or {}),
            ]
        )
        check_owner_of(scope, repo, provider)
        # GitHub does not tell two environments apart by case.
        claim_on_github(self, "environment", f"{repo.full_name} {name}")
        self._resource = RepositoryEnvironment(
            self,
            "Resource",
            repository=repo.name,
            environment=name,
            reviewers=_asked(reviewers, teams),
            wait_timer=wait_minutes or None,
            deployment_branch_policy=_named_refs() if branches or tags else None,
            provider=provider,
        )
        add_metadata(self._resource, "GithubEnvironment")
        self._let_refs_deploy({"branch": branches, "tag": tags}, provider)
        self._set_variables(repo, variables or {}, provider)
        if not (reviewers or teams or branches or tags):
            warn(self, [_unprotected(repo, name)])

    @property
    def resource(self) -> RepositoryEnvironment:
        """The Terraform resource."""
        return self._resource

    def _let_refs_deploy(
        self, refs: Mapping[str, Sequence[str]], provider: GithubProvider | None
    ) -> None:
        for kind, pattern in ((kind, one) for kind, patterns in refs.items() for one in patterns):
            # Quoted, as two patterns that differ in a `/` would have one path in the tree.
            RepositoryEnvironmentDeploymentPolicy(
                self,
                f"{kind.title()}-{quote(pattern, safe='')}",
                repository=self._resource.repository,
                environment=self._resource.environment,
                branch_pattern=pattern if kind == "branch" else None,
                tag_pattern=pattern if kind == "tag" else None,
                provider=provider,
            )

    def _set_variables(
        self, repo: GithubRepo, variables: Mapping[str, str], provider: GithubProvider | None
    ) -> None:
        for variable, value in sorted(variables.items()):
            ActionsEnvironmentVariable(
                self,
                f"Variable-{variable}",
                repository=repo.name,
                environment=self._resource.environment,
                variable_name=variable,
                value=value,
                provider=provider,
            )


def _asked(
    reviewers: Sequence[int], teams: Sequence[int]
) -> list[RepositoryEnvironmentReviewers] | None:
    if not reviewers and not teams:
        return None
    one = RepositoryEnvironmentReviewers(users=list(reviewers) or None, teams=list(teams) or None)
    # The bindings of CDK Terrain are of a later provider, which says that there is one block.
    return cast("Any", one) if is_cdk_terrain() else [one]


def _named_refs() -> RepositoryEnvironmentDeploymentBranchPolicy:
    return RepositoryEnvironmentDeploymentBranchPolicy(
        protected_branches=False, custom_branch_policies=True
    )


def _unprotected(repo: GithubRepo, name: str) -> str:
    return (
        f"The environment {name!r} of {repo.full_name} asks for no reviewer and takes every ref: "
        "each branch that names it in a workflow deploys with its role. Give it `reviewers`, or "
        '`branches=["main"]`.'
    )
