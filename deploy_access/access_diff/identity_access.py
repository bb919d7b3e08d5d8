"""What users, groups and managed policies allow: before and after."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deploy_access.access_diff.budget import Budget
from deploy_access.access_diff.effective_policy import side_of_role
from deploy_access.access_diff.lifted_denies import compare_open
from deploy_access.access_diff.model import AccessChange, Delta, Party
from deploy_access.access_diff.pairs import pairs, permissions_written
from deploy_access.terraform.estate import Identity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deploy_access.access_diff.budget import RunBudget
    from deploy_access.access_diff.model import PermissionGrant, Presence
    from deploy_access.terraform.estate import Estate, Role

    _Groups = Mapping[tuple[str, str], Delta[PermissionGrant]]


def compare_identities(base: Estate, head: Estate, run: RunBudget) -> Iterator[AccessChange]:
    """
    Compare the users, the groups, and the managed policies that the files attach to nothing.

    A policy may be attached by what is not read. One that is new and not imported, or gone, is
    attached nowhere.
    """
    groups: dict[tuple[str, str], Delta[PermissionGrant]] = {}
    for kind in ("group", "policy", "user"):
        sides = ((one for one in side.identities if one.kind == kind) for side in (base, head))
        for before, after in pairs(*sides):
            change = (
                _compare(before, after, groups, Budget(run))
                if _is_compared(before, after)
                else None
            )
            if change is not None:
                yield change
                if kind == "group":
                    groups[change.party.account, change.party.name] = change.permissions


def _is_compared(base: Identity | None, head: Identity | None) -> bool:
    """Whether an identity is not only shown with others; a policy is with those who have it."""
    if head is None or head.kind != "policy":
        return head is not None or (base is not None and base.kind != "policy")
    return not head.is_attached and (base is not None or not head.is_made)


def presence(base: Role | Identity | None, head: Role | Identity | None) -> Presence:
    """Return whether something is new, was there before, or is gone."""
    if (base and head) or is_elsewhere(head or base):
        return "kept"
    return "made" if head else "gone"


def is_elsewhere(one: Role | Identity | None) -> bool:
    """Whether the files only name it: what makes it stays, whatever they say."""
    if isinstance(one, Identity):
        return not one.is_made
    return one is not None and one.trust is None and one.path is None


def _compare(
    base: Identity | None, head: Identity | None, groups: _Groups, budget: Budget
) -> AccessChange | None:
    one = head or base
    assert one is not None
    if base and head and permissions_written(base) == permissions_written(head):
        return None
    stays = presence(base, head) == "kept"
    found = compare_open(side_of_role(base), side_of_role(head), budget, is_open=stays)
    permissions = _but_of_groups(found, base, head, groups)
    if not permissions.gained and not permissions.lost:
        return None
    return AccessChange(
        party=Party(kind=one.kind, account=one.account or "", name=one.name),
        presence=presence(base, head),
        stack=one.where.stack or "",
        permissions=permissions,
    )


def _but_of_groups(
    found: Delta[PermissionGrant], base: Identity | None, head: Identity | None, groups: _Groups
) -> Delta[PermissionGrant]:
    """Leave out what a group of a user gained or lost too, as it is shown with the group."""
    if base is None or head is None:
        return found
    shown = [
        delta
        for (account, name), delta in groups.items()
        if account == (head.account or "") and name in base.groups & head.groups
    ]
    gained = {_said(grant) for delta in shown for grant in delta.gained}
    lost = {_said(grant) for delta in shown for grant in delta.lost}
    return replace(
        found,
        gained=tuple(grant for grant in found.gained if _said(grant) not in gained),
        lost=tuple(grant for grant in found.lost if _said(grant) not in lost),
    )


def _said(grant: PermissionGrant) -> tuple[object, ...]:
    return grant.action, grant.resource, grant.conditions, grant.certain, grant.why
