"""What the files say one by one, before roles and policies of several files are joined."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deploy_access.terraform.certainty import Premise
    from deploy_access.terraform.estate import (
        Document,
        Identity,
        IdentityKind,
        IdentityProvider,
        NamedPolicy,
        Repository,
        ResourcePolicy,
        Role,
        Unread,
        Where,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Managed:
    """
    A managed policy that a file makes.

    Attributes:
        account: Its account, or None.
        name: Its name.
        path: Its path.
        arn: Its ARN, or Terraform's reference to it.
        document: Its document.
        where: The block that makes it.
        is_imported: Whether AWS has it already, so that it may be attached there.
    """

    account: str | None
    name: str
    path: str
    arn: str
    document: Document
    where: Where
    is_imported: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """
    A policy that is given to a role, a user or a group by its name.

    Attributes:
        account: The account of the role, or None.
        region: The region of the provider that gives it, or None.
        kind: Whether it is given to a role, a user or a group.
        name: The name of that.
        known: Whether the name is known; otherwise it holds `${...}`.
        policy: The policy; one that is attached has no document yet.
    """

    account: str | None
    region: str | None
    name: str
    known: bool
    policy: NamedPolicy
    kind: IdentityKind = "role"

    @property
    def where(self) -> Where:
        """The block that gives it."""
        return self.policy.where


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """
    A user in a group.

    Attributes:
        account: The account of both, or None.
        user: The name of the user.
        group: The name of the group.
        where: The block that says so.
        premises: What must be true for the user to be in it; nothing where that is certain.
    """

    account: str | None
    user: str
    group: str
    where: Where
    premises: tuple[Premise, ...] = ()


@dataclass(slots=True)
class Gathered:
    """Everything that was found, in the order in which it was found."""

    roles: list[Role] = field(default_factory=list["Role"])
    identities: list[Identity] = field(default_factory=list["Identity"])
    memberships: list[Membership] = field(default_factory=list[Membership])
    grants: list[Grant] = field(default_factory=list[Grant])
    managed: list[Managed] = field(default_factory=list[Managed])
    providers: list[IdentityProvider] = field(default_factory=list["IdentityProvider"])
    repositories: list[Repository] = field(default_factory=list["Repository"])
    resource_policies: list[ResourcePolicy] = field(default_factory=list["ResourcePolicy"])
    lifecycles: list[ResourcePolicy] = field(default_factory=list["ResourcePolicy"])
    resources: dict[tuple[str, str, str], str] = field(
        default_factory=dict[tuple[str, str, str], str]
    )
    terraform_roles: set[str] = field(default_factory=set[str])
    is_whole_account: bool = False
    problems: list[Unread] = field(default_factory=list["Unread"])
