"""
The plan of all stacks: `environments.toml` with every default and override applied.

The plan of a stack holds the `entry` of the file that it comes from, for messages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.github.issuer import Issuer
    from deploy_access.github.repository import GithubRepo

    from .part_plans import (
        EcsPlan,
        ImagesSource,
        InfraPlan,
        RegistryPlan,
        RepositoryPlan,
        RolePlan,
        S3State,
        SharedRepository,
        Target,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPlan:
    """
    The stack `account-<account>`: the resources that exist once in an account.

    Attributes:
        import_existing: What Terraform takes over, in place of making it.
        forget: What Terraform forgets, and leaves in AWS.
        infra: The roles that plan and apply there, if any.
    """

    entry: str
    stack: str
    target: Target
    oidc_provider: Literal["create", "existing"]
    audiences: tuple[str, ...] | None
    import_existing: tuple[str, ...]
    forget: tuple[str, ...]
    issuer: Issuer
    registry: RegistryPlan | None
    infra: InfraPlan | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImagesPlan:
    """
    The stack `<service>-images`: a repository that environments share, and its push role.

    Attributes:
        import_existing: What Terraform takes over, in place of making it.
        forget: What Terraform forgets, and leaves in AWS.
        workflow: Hints on how the image is built.
    """

    entry: str
    stack: str
    target: Target
    issuer: Issuer
    repository: RepositoryPlan
    import_existing: tuple[str, ...]
    forget: tuple[str, ...]
    role: RolePlan
    workflow: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePlan:
    """
    The stack `<service>-<environment>`: the role that deploys a service to an environment.

    Attributes:
        promoted: The repository of the environment before, whose image is copied; None where the
            image is built.
        import_existing: What Terraform takes over, in place of making it.
        forget: What Terraform forgets, and leaves in AWS.
        workflow: Hints on the role's workflow.
    """

    entry: str
    stack: str
    target: Target
    issuer: Issuer
    repository: ImagesSource
    promoted: SharedRepository | None
    import_existing: tuple[str, ...]
    forget: tuple[str, ...]
    role: RolePlan
    ecs: EcsPlan | None
    workflow: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class GithubEnvironmentPlan:
    """
    An environment on GitHub that a service is deployed through.

    Attributes:
        service_stack: The stack whose outputs its variables have.
        variables: Their names, each with the name of an output.
    """

    entry: str
    service_stack: str
    repository: GithubRepo
    name: str
    reviewers: tuple[int, ...]
    teams: tuple[int, ...]
    branches: tuple[str, ...]
    tags: tuple[str, ...]
    wait_minutes: int
    variables: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class GithubTemplatePlan:
    """The template of `sub` that a repository on GitHub gets."""

    entry: str
    repository: GithubRepo


@dataclass(frozen=True, slots=True, kw_only=True)
class GithubPlan:
    """
    The stack `github-<owner>`: what GitHub holds of an owner's repositories.

    Attributes:
        base_url: The address of a GitHub Enterprise Server, or None for github.com.
    """

    stack: str
    owner: str
    base_url: str | None
    state: S3State | None
    environments: tuple[GithubEnvironmentPlan, ...]
    templates: tuple[GithubTemplatePlan, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EstatePlan:
    """Everything that `environments.toml` describes, in its order."""

    file: str
    accounts: tuple[AccountPlan, ...]
    images: tuple[ImagesPlan, ...]
    services: tuple[ServicePlan, ...]
    github: tuple[GithubPlan, ...]
