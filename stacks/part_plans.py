"""
The plans of the parts of a stack: where it is, its role, its repository, its deployment.

Each holds the `origins` of its values in `environments.toml`, for messages.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from constructs_lib import (
        CreationTemplate,
        LifecycleRule,
        PullThroughCache,
        ReplicationRule,
        Scanning,
    )
    from deploy_access.acceptance import Acceptance
    from deploy_access.bootstrap.terraform_state import TerraformState
    from deploy_access.github.subject import Subject
    from deploy_access.iam.capabilities import EcsCapability
    from deploy_access.iam.people import TrustedRole


def _no_origins() -> dict[str, str]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class S3State:
    """The bucket in S3 that holds the state of many stacks."""

    bucket: str
    region: str
    key_prefix: str
    kms_key: str | None
    role_arn: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """
    The account and region that a stack deploys to, and the role that Terraform assumes there.

    Attributes:
        account_stack: The stack of the account, deployed first.
        account: Twelve digits.
        assume_role: The ARN of the role that Terraform takes on, or None for the caller's own.
        state: Where Terraform keeps the state, or None for a file beside `cdktf.out`.
        tags: For every resource that can have tags.
    """

    account_stack: str
    account: str
    region: str
    assume_role: str | None
    state: S3State | None
    tags: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RolePlan:
    """
    A role for GitHub: its trust and its permissions.

    Attributes:
        path: Its path in IAM.
        trusted_roles: Roles of people who may assume it too.
        trusted_users: Users who may assume it too, with MFA.
        audience: The `aud` of its tokens, or None where the provider takes one.
        audiences: What the provider of its account takes, or None for what the AWS action asks for.
        trust_policy_quota: Characters of its trust policy that its account allows.
        managed_policies_quota: Managed policies that its account lets it have.
    """

    name: str
    subjects: tuple[Subject, ...]
    trusted_roles: tuple[TrustedRole, ...]
    trusted_users: tuple[str, ...]
    audience: str | None
    audiences: tuple[str, ...] | None
    accept: Mapping[str, str | Acceptance]
    max_session_duration: int
    permissions_boundary: str | None
    managed_policies: tuple[str, ...]
    trust_policy_quota: int
    managed_policies_quota: int
    path: str = "/"
    origins: Mapping[str, str] = field(default_factory=_no_origins, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryPlan:
    """
    A repository of images that a stack makes.

    Attributes:
        tag_exclusions: Tags that may move where others may not, or the other way round.
        pull_accounts: Accounts that may pull from it, sorted, without its own.
        push_cache: Whether the role that pushes to it may read its layers too.
        prevent_destroy: Whether Terraform refuses to destroy it.
        former_names: Repositories to which its role still pushes.
        lifecycle: What is deleted when; None for what the construct does by itself.
        accept: Findings about the lifecycle that are meant.
    """

    name: str
    mutable_tags: bool
    tag_exclusions: tuple[str, ...]
    kms_key: str | None
    pull_accounts: tuple[str, ...]
    scan_on_push: bool
    force_delete: bool
    prevent_destroy: bool
    push_cache: bool
    push_policy_name: str | None
    former_names: tuple[str, ...] = ()
    lifecycle: tuple[LifecycleRule, ...] | None = None
    accept: Mapping[str, str | Acceptance] = field(default_factory=_no_origins)
    origins: Mapping[str, str] = field(default_factory=_no_origins, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedRepository:
    """A repository in the stack's own account and region that another makes."""

    name: str
    push_cache: bool
    push_policy_name: str | None
    origins: Mapping[str, str] = field(default_factory=_no_origins, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoRepository:
    """What stands in place of a repository where the role pushes no images."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedRepository:
    """
    A repository that another stack makes.

    Attributes:
        push_cache: Whether a role that pushes to it may read its layers too.
        push_policy_name: The policy with which a role pushes to it.
    """

    name: str
    account: str
    region: str
    push_cache: bool = False
    push_policy_name: str | None = None
    origins: Mapping[str, str] = field(default_factory=_no_origins, compare=False)


ImagesSource = RepositoryPlan | NamedRepository | NoRepository | SharedRepository
"""Where the images of a deployment are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeDeployPlan:
    """The names of a CodeDeploy deployment; None is the name that the ECS console gives."""

    application: str | None
    deployment_group: str | None
    deployment_config: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EcsPlan:
    """A deployment to ECS; `families` is None when they are named like the services."""

    cluster: str
    services: tuple[str, ...]
    families: tuple[str, ...] | None
    task_roles: tuple[str, ...]
    execution_role: str
    read_task_definition: bool
    one_off_tasks: tuple[str, ...]
    codedeploy: CodeDeployPlan | None
    tag_on_create: bool | None
    also: tuple[EcsCapability, ...]
    policy_name: str | None
    policy_description: str | None = None
    origins: Mapping[str, str] = field(default_factory=_no_origins, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryPlan:
    """The ECR registry of an account, in the account's own region."""

    scanning: Scanning | None
    replication: tuple[ReplicationRule, ...]
    pull_through: tuple[PullThroughCache, ...]
    allow_replication_from: tuple[str, ...]
    creation_templates: tuple[CreationTemplate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InfraPlan:
    """
    The two roles of an account with which the infra repository plans and applies.

    Attributes:
        name: What their names begin with.
        terraform_role: The ARN of the role that Terraform assumes there.
        state: The states that a plan reads, or None for local files.
        audience: The `aud` of the tokens of both, or None where the provider takes one.
        workflow: Hints on the workflows that plan and apply.
        origins: The places of the values that a construct may refuse.
    """

    entry: str
    name: str
    plan_subjects: tuple[Subject, ...]
    apply_subjects: tuple[Subject, ...]
    terraform_role: str
    state: TerraformState | None
    audience: str | None
    permissions_boundary: str | None
    accept: Mapping[str, str | Acceptance]
    workflow: Mapping[str, object]
    origins: Mapping[str, str]

    @property
    def longest_name(self) -> str:
        """The longer of the names of both roles, which is the one that is checked."""
        return f"{self.name}-apply"
