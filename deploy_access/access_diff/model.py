"""The difference in access between two readings, as data."""

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
    A role, a user, a group, a managed policy, or a resource that has a policy of its own.

    Attributes:
        kind: `role`, `user`, `group`, `policy`, or the kind of the resource, such as `repository`.
        account: Its account, or an empty text when it is not known.
        name: Its name.
        region: Its region; empty for a role and for what else IAM holds.
    """

    kind: str
    account: str
    name: str
    region: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustGrant:
    """
    A principal, and a subject of its tokens, that may assume a role.

    Attributes:
        principal: As the policy has it: the ARN of an OIDC provider, a role, an account, a service.
        subject: The value of `sub` as it is written; `*` when the statement does not test it, empty
            for a principal whose tokens have none.
        is_pattern: Whether `*` and `?` in the subject are wildcards.
        conditions: The other conditions, each as a phrase, for example `aud is sts.amazonaws.com`.
        certain: Whether it is known that access grew (or shrank); else it counts as if it had.
        why: Why it is not certain, or why access changed where the statement did not
            (`a Deny was lifted`); else empty.
        before: The subjects or conditions of the other side, as a phrase, for example
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
        principal: The caller, where a resource's policy decides; else empty.
    """

    action: str
    resource: str
    context: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    principal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PermissionGrant:
    """
    An action that is allowed on a resource.

    Attributes:
        action: As it is written, for example `ecr:*`; all but what is named for a `NotAction`.
        actions: Every action of AWS's list that it stands for and that is meant here, by level.
        resource: As it is written; `*` too for a statement of a resource's own policy.
        conditions: Each as a phrase, for example `iam:PassedToService is ecs-tasks.amazonaws.com`.
        principal: The principal of a resource's policy, or in words those of its account; empty for
            the policies of a role.
        policy: The policy whose content is not known, where the grant is all that it allows; there
            are no *actions* then. Else empty.
        certain: Whether it is known that access grew (or shrank); else it counts as if it had.
        why: Why it is not certain, or why access changed where the statement did not
            (`a Deny was lifted`, `the boundary was widened`); else empty.
        before: The part of it that the other side allowed already, as a phrase, for example
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
    The grants that were gained, lost and kept.

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
    The change in the access of one party; a party without a change has none.

    Attributes:
        party: Whose access it is.
        presence: Whether the party is new, was there before, or is gone.
        stack: The stack that makes it, or an empty text.
        trust: Who may assume it.
        permissions: What it may do; or, for a resource, what others may do with it.
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
        """Whether more is allowed than before, or for longer; also where that cannot be decided."""
        longer = self.session is not None and self.session[1] > self.session[0]
        return bool(self.trust.gained or self.permissions.gained or longer)

    @property
    def is_narrowed(self) -> bool:
        """Whether less is allowed than before, or for a shorter time."""
        shorter = self.session is not None and self.session[1] < self.session[0]
        return bool(self.trust.lost or self.permissions.lost or shorter)
