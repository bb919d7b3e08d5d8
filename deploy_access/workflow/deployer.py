"""A role as workflows see it: its trusted subjects, its repositories, its ECS services."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from deploy_access.github.issuer import Issuer
from deploy_access.partition import partition_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.github.oidc_trust import Claim
    from deploy_access.terraform.estate import Role

Kind = Literal["any", "anything but", "branch", "environment", "pull_request", "tag"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trusted:
    """
    One value of `sub` that a role trusts, or any value but some.

    Attributes:
        owner: The owner of the repository; may hold wildcards, as the name may.
        name: The repository, or `*`.
        kind: What sort of run it is.
        value: The branch, tag or environment; a pattern when `is_pattern`. Of `anything but`,
            what is not trusted, as a sentence has it.
        is_pattern: Whether `*` and `?` in it are wildcards.
        owner_id: GitHub's number for the owner, or None.
        repo_id: GitHub's number for the repository, or None.
        claims: What follows in a `sub` of the repository's own template, key to value.
        ref: The condition on the ref beside `sub`, or None.
        issuer: Who signs the tokens: github.com, or an enterprise's own.
        audiences: The exact values of `aud` that are taken; none where no condition names one.
    """

    owner: str
    name: str
    kind: Kind
    value: str
    is_pattern: bool = False
    owner_id: str | None = None
    repo_id: str | None = None
    claims: tuple[tuple[str, str], ...] = ()
    ref: Claim | None = None
    issuer: Issuer = field(default_factory=Issuer.github)
    audiences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageRepository:
    """
    An ECR repository that a role pushes to.

    Attributes:
        arn: Its ARN.
        account: Its account.
        region: Its region.
        name: Its name.
        reads_layers: Whether the role may read layers, which a registry cache needs.
        cache_tags: Whether a fixed tag can be written again; None when it is not known.
    """

    arn: str
    account: str
    region: str
    name: str
    reads_layers: bool = False
    cache_tags: bool | None = None

    @property
    def registry(self) -> str:
        """The host name of the registry."""
        partition = partition_of(self.region)
        suffix = partition.dns_suffix if partition else "amazonaws.com"
        return f"{self.account}.dkr.ecr.{self.region}.{suffix}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeDeployGroup:
    """
    The CodeDeploy deployment group of a service.

    Attributes:
        application: The application's name.
        group: The deployment group's name.
        configuration: The one configuration that may be read; `*` for any.
        minutes: How long a deployment waits in the group, as a stack makes it; None when no stack
            says it.
    """

    application: str
    group: str
    configuration: str = "*"
    minutes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EcsService:
    """
    An ECS service.

    Attributes:
        name: Its name.
        family: The family of the task definition that it runs.
        codedeploy: Its CodeDeploy group; None where ECS itself deploys.
        is_bound: Whether the role deploys it with that family alone.
    """

    name: str
    family: str
    codedeploy: CodeDeployGroup | None = None
    is_bound: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDefinition:
    """
    A task definition that a stack makes.

    Attributes:
        family: Its family.
        account: Its account, or None when it is not known.
        region: Its region, or None when it is not known.
        roles: The ARNs of its task role and its execution role, as far as it has them.
    """

    family: str
    account: str | None
    region: str | None
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EcsTarget:
    """
    The services of one cluster that a role deploys; none where it only runs tasks once.

    Attributes:
        partition: AWS's partition.
        account: The account.
        region: The region.
        cluster: The cluster's name.
        services: The services.
        reads_definition: Whether the role may read task definitions.
        one_off: The families that may be run once.
        passed: The roles that may be handed to tasks.
        tags: Whether definitions or tasks may be made with tags.
        tags_tasks: Whether tasks may.
        definitions: The task definitions that the stacks make in this account and region.
    """

    partition: str
    account: str
    region: str
    cluster: str
    services: tuple[EcsService, ...]
    reads_definition: bool = False
    one_off: tuple[str, ...] = ()
    passed: tuple[str, ...] = ()
    tags: bool = False
    tags_tasks: bool = False
    definitions: tuple[TaskDefinition, ...] = ()

    def arn(self, rest: str, service: str = "ecs") -> str:
        """Return the ARN of a resource of the same account and region."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{rest}"

    def task_roles(self, family: str) -> tuple[str, ...]:
        """Return the roles of a family's definition; none when the stacks make none, or several."""
        found = [one.roles for one in self.definitions if one.family == family]
        return found[0] if len(found) == 1 else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployer:
    """
    A role that workflows assume.

    Attributes:
        role: The role, as it was read.
        stacks: The stacks that make it or give it something, its own first.
        trusted: Who may assume it.
        images: What it pushes to.
        targets: What it deploys to.
        hints: What the metadata says under `workflow`.
        outputs: Output to value, by stack.
    """

    role: Role
    stacks: tuple[str, ...]
    trusted: tuple[Trusted, ...]
    images: tuple[ImageRepository, ...] = ()
    targets: tuple[EcsTarget, ...] = ()
    hints: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    outputs: Mapping[str, Mapping[str, object]] = field(
        default_factory=lambda: MappingProxyType({})
    )

    @property
    def name(self) -> str:
        """The role's name."""
        return self.role.name

    @property
    def service_names(self) -> frozenset[str]:
        """The names of the ECS services that it deploys; of the families, where there are none."""
        services = (service.name for target in self.targets for service in target.services)
        families = (family for target in self.targets for family in target.one_off)
        return frozenset(services) or frozenset(families)

    @property
    def repository_names(self) -> set[object]:
        """The repositories of images that its stacks name as an output."""
        return {outputs.get("repository_name") for outputs in self.outputs.values()}

    @property
    def place(self) -> tuple[str, str]:
        """Region and account of its session: where it deploys, or pushes; of several its own."""
        known = [(t.region, t.account) for t in self.targets]
        known = known or [(i.region, i.account) for i in self.images]
        own = self.role.region or "${region}"
        region, account = next(iter(known), (own, "${account}"))
        return (own if own in dict(known) else region), self.role.account or account

    @property
    def longest_session(self) -> int:
        """The role's `max_session_duration` in seconds, or IAM's default."""
        return self.role.max_session_duration or 3600
