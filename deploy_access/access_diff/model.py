"""How the access of roles and resources differs between two readings, as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.iam.access_level import Level

Presence = Literal["made", "kept", "gone"]

GrantT = TypeVar("GrantT")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Party:
    """
    Whose access it is: a role, or a resource that has a policy of its own.

    Attributes:
        kind: `role`, or what the resource is, for example `repository`.
        account: Its account, or an empty text when nothing says.
        name: Its name.
        region: Its region; empty for a role.
    """

    kind: str
    account: str
    name: str
    region: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustGrant:
    """
    Who may assume a role.

    Attributes:
        principal: As the policy has it: the ARN of an OIDC provider, a role, an account, a service.
        subject: The value of `sub` as it is written; `*` when the statement does not ask for it,
            empty for a principal whose tokens have none.
        is_pattern: Whether `*` and `?` in the subject are wildcards.
        conditions: The other conditions, each as a phrase, for example `aud is sts.amazonaws.com`.
        certain: Whether it is known that access grew (or shrank); else it counts as if it had.
        why: The reason for not being certain, or for the change where it is none of the
            statement's own (`a Deny was lifted`); else empty.
        before: Whom the other side let in instead, in a phrase, for example
            `only if aud is sts.amazonaws.com` or `only by repo:acme/web:ref:refs/heads/main`;
            else empty.
        witness: A subject that only one of both sides lets in, or None.
    """

    principal: str
    subject: str
    is_pattern: bool = False
    conditions: tuple[str, ...] = ()
    certain: bool = True
    why: str = ""
    before: str = ""
    witness: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """
    One request that only one of both sides allows.

    Attributes:
        action: The action.
        resource: The ARN, or `*`.
        context: The condition keys of the request.
        principal: Who asks, where a resource's policy decides; else empty.
    """

    action: str
    resource: str
    context: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    principal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PermissionGrant:
    """
    What may be done where.

    Attributes:
        action: As it is written, for example `ecr:*`; all but what is named for a `NotAction`.
        actions: Every action of AWS's list that it stands for and that is meant here, by level.
        resource: As it is written; `*` too for a statement of a resource's own policy.
        conditions: Each as a phrase, for example `iam:PassedToService is ecs-tasks.amazonaws.com`.
        principal: Whom a resource's policy lets in; empty for the policies of a role.
        policy: The policy that nobody can look into, where the grant is all that it allows; then
            there are no *actions*. Else empty.
        certain: Whether it is known that access grew (or shrank); else it counts as if it had.
        why: The reason for not being certain, or for the change where it is none of the
            statement's own (`a Deny was lifted`, `the boundary was widened`); else empty.
        before: What there was of it already, in a phrase, for example
            `only on arn:aws:ecr:eu-central-1:111122223333:repository/web`; else empty.
        witness: A request that only one of both sides allows, or None.
    """

    action: str
    actions: Mapping[Level, tuple[str, ...]]
    resource: str
    conditions: tuple[str, ...] = ()
    principal: str = ""
    policy: str = ""
    certain: bool = True
    why: str = ""
    before: str = ""
    witness: Witness | None = None


@dataclass(frozen=True, slots=True)
class Delta(Generic[GrantT]):
    """
    What is there that was not, the reverse, and what is as it was.

    Attributes:
        gained: Only the head grants it.
        lost: Only the base granted it.
        kept: Both grant it.
    """

    gained: tuple[GrantT, ...] = ()
    lost: tuple[GrantT, ...] = ()
    kept: tuple[GrantT, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessChange:
    """
    How the access of one party changed; there is none for a party whose access did not.

    Attributes:
        party: Whose access.
        presence: Whether the party is new, was there before, or is gone.
        stack: The stack that makes it, or an empty text.
        trust: Who may assume it.
        permissions: What it may do; or, for a resource, what others may do to it.
        session: The maximum session in seconds before and after, where that changed and the role
            was there before and after.
    """

    party: Party
    presence: Presence
    stack: str = ""
    trust: Delta[TrustGrant] = field(default_factory=Delta)
    permissions: Delta[PermissionGrant] = field(default_factory=Delta)
    session: tuple[int, int] | None = None

    @property
    def is_widened(self) -> bool:
        """Whether anybody can do more, or for longer, than before; also where nobody can tell."""
        longer = self.session is not None and self.session[1] > self.session[0]
        return bool(self.trust.gained or self.permissions.gained or longer)

    @property
    def is_narrowed(self) -> bool:
        """Whether anybody can do less, or for a shorter time, than before."""
        shorter = self.session is not None and self.session[1] < self.session[0]
        return bool(self.trust.lost or self.permissions.lost or shorter)
