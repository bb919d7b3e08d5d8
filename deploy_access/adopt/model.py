"""What is taken over and what is not, as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from deploy_access.adopt.existing import Existing
    from deploy_access.adopt.subjects import SubjectLine
    from deploy_access.adopt.trust import Trust

ImageSource = Literal["create", "existing", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leftover:
    """
    A policy of a role, or of a repository, that stays as it is and that Terraform does not know.

    Attributes:
        name: Its name.
        why: Why it is not taken over, as a sentence.
        command: The command that removes it.
        is_covered: Whether what is taken over allows all of it, so that it can go.
    """

    name: str
    why: str
    command: str
    is_covered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """
    What the table `ecs` says.

    Attributes:
        cluster: The name of the cluster.
        services: The names of its services.
        task_roles: The names of the roles that are passed to tasks.
        execution_role: The one by which ECS pulls images.
        reads_definition: Whether task definitions are read from AWS.
        policy: The managed policy that is rewritten, or None where one is made.
        is_attached: Whether that policy is attached to the role already.
    """

    cluster: str
    services: tuple[str, ...]
    task_roles: tuple[str, ...]
    execution_role: str
    reads_definition: bool
    policy: Existing | None = None
    is_attached: bool = False


@dataclass(slots=True, kw_only=True)
class RoleEntry:
    """
    A role that is taken over.

    Attributes:
        role: The role.
        trust: Who may assume it.
        region: The region of what it deploys, or an empty text.
        service: The key of its table in `[services]`.
        environment: The key of its table in `[environments]`.
        image: Where its images are.
        repository: The name of that repository.
        found: The repository, where it is taken over.
        lifecycle: Its lifecycle policy.
        repository_policy: Its policy.
        push_policy: The inline policy that is rewritten, or None where one is made.
        reads_layers: Whether it reads layers of what it pushes.
        managed: ARNs of the managed policies that it keeps.
        audience: The `aud` of its tokens, where that is not the one of its provider.
        deployment: What it deploys to ECS.
        accept: The rules that are accepted, so that it is as it was.
        stays: Policies that stay.
        never: What it never could do, as sentences.
        notes: What a person should look at, as sentences.
    """

    role: Existing
    trust: Trust
    region: str = ""
    service: str = ""
    environment: str = ""
    image: ImageSource = "none"
    repository: str = ""
    found: Existing | None = None
    lifecycle: Existing | None = None
    repository_policy: Existing | None = None
    push_policy: Existing | None = None
    reads_layers: bool = False
    managed: tuple[str, ...] = ()
    audience: str = ""
    deployment: Deployment | None = None
    accept: dict[str, str] = field(default_factory=dict[str, str])
    stays: list[Leftover] = field(default_factory=list[Leftover])
    never: list[str] = field(default_factory=list[str])
    notes: list[str] = field(default_factory=list[str])

    @property
    def account(self) -> str:
        """The account of the role."""
        return self.role.account

    @property
    def name(self) -> str:
        """The name of the role."""
        return self.role.text("name")

    @property
    def lines(self) -> list[SubjectLine]:
        """The entries of `subjects`."""
        return self.trust.lines


@dataclass(frozen=True, slots=True, kw_only=True)
class NotTaken:
    """A role that GitHub reaches and that is not taken over, with the reasons as sentences."""

    account: str
    name: str
    reasons: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class AccountEntry:
    """
    An account in which something is taken over.

    Attributes:
        id: Its id.
        region: Where most of it is.
        provider: The OIDC provider that is taken over, or None.
        is_listed: Whether a file says which providers there are.
        issuer: The issuer that the roles trust, without `https://`.
        retired: Providers of retired issuers, which are left alone.
    """

    id: str
    region: str
    provider: Existing | None
    is_listed: bool
    issuer: str
    retired: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class Adoption:
    """
    All that is taken over.

    Attributes:
        accounts: By id.
        roles: By account and name.
        not_taken: The roles that GitHub reaches and that have no place in the file.
        foreign_roles: How many roles GitHub does not reach.
        foreign_repositories: How many repositories no role pushes to that is taken over.
        foreign_providers: How many OIDC providers no role uses that is taken over.
    """

    accounts: list[AccountEntry] = field(default_factory=list[AccountEntry])
    roles: list[RoleEntry] = field(default_factory=list[RoleEntry])
    not_taken: list[NotTaken] = field(default_factory=list[NotTaken])
    foreign_roles: int = 0
    foreign_repositories: int = 0
    foreign_providers: int = 0
