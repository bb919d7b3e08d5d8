"""The ECR repository that images are pushed to: immutable, scanned, encrypted, and hard to lose."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any, Literal, get_args

from constructs_lib.aws_target import AwsTarget
from constructs_lib.duplicate_resources import claim
from constructs_lib.ecr_repo_base import EcrRepoBase
from constructs_lib.ecr_repository import RepositorySettings, check_repository_name, make_repository
from constructs_lib.ecr_repository_policy import Guests, check_guests, repository_policy
from constructs_lib.ecr_settings import Encryption, TagMutability
from constructs_lib.element import Element
from constructs_lib.keyword_types import checked
from constructs_lib.lambda_functions import functions_of, written_out
from constructs_lib.lifecycle import LifecycleRule
from constructs_lib.lifecycle_policy import check_lifecycle, lifecycle_policy, refuse_lifecycle
from constructs_lib.provider import (
    AwsProvider,
    EcrLifecyclePolicy,
    EcrRepository,
    EcrRepositoryPolicy,
)
from constructs_lib.tree import add_metadata, existing_parts, resolve
from deploy_access.acceptance import Acceptance, written
from deploy_access.audit.finding import check_accept
from deploy_access.errors import reject
from deploy_access.iam.limits import check_account, check_region

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from cdktf import TerraformStack
    from constructs import Construct

    from constructs_lib.deploy_role_base import DeployRoleBase
    from constructs_lib.ecr_grant_policy import Grant


Part = Literal["repository", "lifecycle", "policy"]
"""What may be there before Terraform knows it."""


class EcrRepo(EcrRepoBase):
    """An ECR repository that this app makes."""

    @checked
    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002
        *,
        name: str,
        tag_mutability: TagMutability | None = None,
        encryption: Encryption | None = None,
        scan_on_push: bool = True,
        force_delete: bool = False,
        prevent_destroy: bool = False,
        lifecycle: Sequence[LifecycleRule] | None = None,
        accept: Mapping[str, str | Acceptance] | None = None,
        import_existing: bool | Collection[Part] = False,
        provider: AwsProvider | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        """
        Make the repository.

        Args:
            scope: Where it is in the tree.
            id: Its name there; part of its address in Terraform's state.
            name: 2 to 256 lower-case letters, digits and `._-/`.
            tag_mutability: Immutable when left out.
            encryption: AES256 when left out. A change replaces the repository.
            scan_on_push: Whether ECR looks for known vulnerabilities in each image.
            force_delete: Whether Terraform may delete it with the images in it.
            prevent_destroy: Whether Terraform refuses every plan that would destroy it.
            lifecycle: What is deleted when. Left out, untagged images after 14 days; () nothing.
            accept: Rule to reason, or to an `Acceptance` that ends, for what is wide on purpose.
                Every review prints it.
            import_existing: Whether Terraform takes over what is there: all of it, or some of
                `repository`, `lifecycle` and `policy`.
            provider: An aliased AWS provider.
            tags: Tags beside the provider's default ones.

        Raises:
            InvalidValue: Something that ECR would refuse.
            AccessRefused: A lifecycle that the audit would warn of, and that is not accepted.
            DuplicateResource: The app makes it in this account and region already.
            TargetUnknown: The stack has no AWS provider yet.
        """
        # Every push to a moved tag leaves an untagged image, which costs money and is of no use.
        rules = [LifecycleRule.expire_untagged()] if lifecycle is None else lifecycle
        accepted = dict(accept or {})
        settings = RepositorySettings(
            mutability=tag_mutability or TagMutability.immutable(),
            encryption=encryption or Encryption.aes256(),
            scan_on_push=scan_on_push,
            force_delete=force_delete,
            prevent_destroy=prevent_destroy,
            tags=tags,
        )
        problems = [*check_repository_name(name), *(check_lifecycle(rules) if rules else ())]
        reject([*problems, *settings.check(), *check_accept(accepted)])
        refuse_lifecycle(resolve(scope, name), rules, accepted)
        target = AwsTarget.of(scope, provider)
        super().__init__(scope, id, name=name, target=target)
        claim(self, "repository", name, target, regional=True)
        self._provider = provider
        self._existing = existing_parts(import_existing, get_args(Part))
        self._make(settings)
        add_metadata(self._resource, "EcrRepo", accept=written(accepted))
        if rules:
            self._put_lifecycle(rules)

    @classmethod
    @checked
    def from_name(
        cls,
        scope: Construct,
        id: str,  # noqa: A002
        *,
        name: str,
        account: str | None = None,
        region: str | None = None,
        provider: AwsProvider | None = None,
    ) -> EcrRepoBase:
        """
        Refer to a repository that is made elsewhere.

        Args:
            scope: Where it is in the tree.
            id: Its name there.
            name: The repository's name.
            account: Its account; that of this stack when left out.
            region: Its region; that of this stack when left out.
            provider: An aliased AWS provider, for the account and region that are left out.
        """
        reject(
            [
                *check_repository_name(name),
                *(check_account(account) if account is not None else ()),
                *(check_region(region) if region is not None else ()),
            ]
        )
        target = AwsTarget.of(scope, provider).elsewhere(account=account, region=region)
        return EcrRepoBase(scope, id, name=name, target=target)

    @property
    def resource(self) -> EcrRepository:
        """The Terraform resource; its `.arn` is Terraform's reference."""
        return self._resource.resource

    @checked
    def allow_pull_from(
        self,
        *accounts: str,
        organizations: Sequence[str] = (),
        lambda_functions: bool | Sequence[str] = False,
    ) -> None:
        """
        Let other accounts pull; every call adds to the repository's one policy.

        Args:
            accounts: Their ids. Their own policies decide which of their roles may pull.
            organizations: Ids of AWS organizations, all accounts of which may pull.
            lambda_functions: Also let functions of *accounts* pull, all of them or those of these
                names or ARNs: Lambda itself pulls again when a function is called after weeks
                without calls.

        Raises:
            InvalidValue: An id, name or ARN that AWS cannot have, or no id at all.
        """
        functions = written_out(self, lambda_functions)
        reject(check_guests(accounts, organizations, functions, self.target))
        # A copy: when the policy is refused as too long, the guests are as before.
        guests = deepcopy(self._guests)
        guests.accounts.update(accounts)
        guests.organizations.update(organizations)
        guests.functions.update(functions_of(accounts, functions))
        self._let_in(guests)

    def _make(self, settings: RepositorySettings) -> None:
        self._guests = Guests()
        self._policy: Element[EcrRepositoryPolicy] | None = None
        self._resource = make_repository(self, self.name, settings, self._provider)
        self._take_over("repository", self._resource)
        self._name_reference = self._resource.attribute("name")

    def _put_lifecycle(self, rules: Sequence[LifecycleRule]) -> None:
        made = Element(
            EcrLifecyclePolicy,
            self,
            "Lifecycle",
            repository=self._name_reference,
            policy=lifecycle_policy(rules),
            provider=self._provider,
        )
        self._take_over("lifecycle", made)

    def _take_over(self, part: Part, resource: Element[Any]) -> None:
        if part in self._existing:
            resource.take_over(self.name, self._provider)

    @property
    def _owns_policy(self) -> bool:
        return True

    def _resources(self, stack: TerraformStack) -> list[Element[EcrRepository]]:
        return [self._resource] if stack is self._stack else []

    def _grant_in_repository(
        self, role: DeployRoleBase, grant: Grant, actions: Sequence[str]
    ) -> None:
        role.target.require_account()
        guests = deepcopy(self._guests)
        guests.let_in(role.arn, role.target.account, grant, actions)
        self._let_in(guests)

    def _let_in(self, guests: Guests) -> None:
        # In this order: guests that make the policy too long are refused, and not remembered.
        self._put_policy(repository_policy(guests, self.target))
        self._guests = guests

    def _put_policy(self, text: str) -> None:
        if self._policy is not None:
            self._policy.put("policy", text)
            return
        self._policy = Element(
            EcrRepositoryPolicy,
            self,
            "Policy",
            repository=self._name_reference,
            policy=text,
            provider=self._provider,
        )
        self._take_over("policy", self._policy)
