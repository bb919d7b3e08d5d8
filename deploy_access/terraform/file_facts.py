"""What the files say one by one, before roles and policies of several files are joined."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deploy_access.terraform.estate import (
        Document,
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
    """

    account: str | None
    name: str
    path: str
    arn: str
    document: Document
    where: Where


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """
    A policy that is given to a role by the role's name.

    Attributes:
        account: The account of the role, or None.
        region: The region of the provider that gives it, or None.
        role: The name of the role.
        known: Whether the name is known; otherwise it holds `${...}`.
        policy: The policy; one that is attached has no document yet.
    """

    account: str | None
    region: str | None
    role: str
    known: bool
    policy: NamedPolicy

    @property
    def where(self) -> Where:
        """The block that gives it."""
        return self.policy.where


@dataclass(slots=True)
class Gathered:
    """Everything that was found, in the order in which it was found."""

    roles: list[Role] = field(default_factory=list["Role"])
    grants: list[Grant] = field(default_factory=list[Grant])
    managed: list[Managed] = field(default_factory=list[Managed])
    providers: list[IdentityProvider] = field(default_factory=list["IdentityProvider"])
    repositories: list[Repository] = field(default_factory=list["Repository"])
    resource_policies: list[ResourcePolicy] = field(default_factory=list["ResourcePolicy"])
    lifecycles: list[ResourcePolicy] = field(default_factory=list["ResourcePolicy"])
    problems: list[Unread] = field(default_factory=list["Unread"])
