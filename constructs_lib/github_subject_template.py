"""The template of `sub` that a repository's tokens carry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs import Construct

from constructs_lib.duplicate_resources import claim_on_github
from constructs_lib.github_owner import check_owner_of
from constructs_lib.github_provider import ActionsRepositoryOidcSubjectClaimCustomizationTemplate
from constructs_lib.keyword_types import checked
from constructs_lib.tree import add_metadata
from deploy_access.github.repository_checks import DEFAULT_TEMPLATE

if TYPE_CHECKING:
    from constructs_lib.github_provider import GithubProvider
    from deploy_access.github.repository import GithubRepo


class GithubSubjectTemplate(Construct):
    """
    The template on GitHub, from the `include_claim_keys` that the trust policies are written by.

    Source: https://docs.github.com/rest/actions/oidc
    """

    @checked
    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - the word of every construct
        *,
        repo: GithubRepo,
        provider: GithubProvider | None = None,
    ) -> None:
        """
        Set the template.

        Args:
            scope: Where it is in the tree.
            id: Its name there; part of its address in Terraform's state.
            repo: The repository, with its `include_claim_keys`; without them its tokens get
                GitHub's default template.
            provider: An aliased GitHub provider.

        Raises:
            InvalidValue: The provider works for another owner.
            DuplicateResource: The app sets the template of this repository already.
            TargetUnknown: The stack has no GitHub provider yet.
        """
        super().__init__(scope, id)
        check_owner_of(scope, repo, provider)
        claim_on_github(self, "template of `sub`", repo.full_name)
        is_default = repo.include_claim_keys == DEFAULT_TEMPLATE
        self._resource = ActionsRepositoryOidcSubjectClaimCustomizationTemplate(
            self,
            "Resource",
            repository=repo.name,
            use_default=is_default,
            include_claim_keys=None if is_default else list(repo.include_claim_keys),
            provider=provider,
        )
        add_metadata(self._resource, "GithubSubjectTemplate")

    @property
    def resource(self) -> ActionsRepositoryOidcSubjectClaimCustomizationTemplate:
        """The Terraform resource."""
        return self._resource
