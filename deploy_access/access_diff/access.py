"""
The difference in access between two readings, by the meaning of the policies, not by their text.

Organization policies and session policies are not looked at, as neither reading holds them. A
difference that cannot be decided counts as wider, and says so.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deploy_access.access_diff.budget import Budget, RunBudget
from deploy_access.access_diff.changed_expressions import told_apart
from deploy_access.access_diff.effective_policy import side_of_role
from deploy_access.access_diff.identity_access import compare_identities, is_elsewhere, presence
from deploy_access.access_diff.lifted_denies import compare_open
from deploy_access.access_diff.model import AccessChange, Delta, Party
from deploy_access.access_diff.pairs import content_of, pairs, permissions_written
from deploy_access.access_diff.permissions import held
from deploy_access.access_diff.resource_access import compare_resources
from deploy_access.access_diff.shared_policies import SharedPolicies
from deploy_access.access_diff.trust_diff import compare_trust
from deploy_access.activity import ACTIVITY
from deploy_access.terraform.estate import Document
from deploy_access.terraform.partial_documents import resting_on

if TYPE_CHECKING:
    from deploy_access.terraform.estate import Estate, Role


def compare_access(
    base: Estate, head: Estate, run: RunBudget | None = None
) -> tuple[AccessChange, ...]:
    """
    Compare who may assume which role and who may do what, in *base* and in *head*.

    Args:
        base: The side before the change.
        head: The side after it.
        run: What all answers together may cost; beyond it they are `perhaps`.

    Returns:
        One change for each role, user, group, managed policy and resource whose access differs, by
        party.
    """
    base = told_apart(base, head)
    run = run or RunBudget()
    shared = SharedPolicies(head)
    changes = [
        change
        for before, after in pairs(base.roles, head.roles)
        if (change := _compare(before, after, shared, Budget(run))) is not None
    ]
    changes += compare_identities(base, head, run)
    found = [shared.doubted(change) for change in changes]
    return tuple(sorted([*found, *compare_resources(base, head, run)], key=lambda one: one.party))


def _compare(
    base: Role | None, head: Role | None, shared: SharedPolicies, budget: Budget
) -> AccessChange | None:
    role = head or base
    assert role is not None
    if base and head and _written(base) == _written(head):
        return None  # Equal texts need no comparison; in most changes nearly all roles end here.
    ACTIVITY.what = f"comparing role {role.name}"
    trust = compare_trust(_trust(base, head), _trust(head, base), role.account, budget)
    sides = side_of_role(base), side_of_role(head)
    stays = presence(base, head) == "kept" and sides[0].is_limited_by != sides[1].is_limited_by
    # The files hold all policies of a role that they make, but for those of resources.
    is_open = stays and (is_elsewhere(role) or shared.lets_in(role.arn))
    permissions = compare_open(*sides, budget, is_open=is_open)
    session = _session(base, head)
    if trust == Delta() and permissions == Delta() and session is None:
        return None
    if base and head and permissions == Delta():
        permissions = replace(permissions, kept=held(sides[1], budget))
    return AccessChange(
        party=Party(kind="role", account=role.account or "", name=role.name),
        presence=presence(base, head),
        stack=role.where.stack or "",
        trust=trust,
        permissions=permissions,
        session=session,
    )


def _written(role: Role) -> tuple[object, ...]:
    """Everything that decides about a role's access, as it is written."""
    return (
        content_of(role.trust),
        permissions_written(role),
        role.max_session_duration,
    )


def _trust(role: Role | None, other: Role | None) -> list[Document]:
    """Return the trust policy; for a role that is made elsewhere, a document without content."""
    if role and role.trust:
        return [resting_on(role.trust, role.premises)]
    is_elsewhere = role is not None and other is not None and other.trust is not None
    return [Document(content=None, where=role.where)] if role and is_elsewhere else []


def _session(base: Role | None, head: Role | None) -> tuple[int, int] | None:
    before = base.max_session_duration if base else None
    after = head.max_session_duration if head else None
    if before is None or after is None or before == after:
        return None
    return before, after
