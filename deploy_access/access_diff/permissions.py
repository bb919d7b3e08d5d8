"""The permissions of a role, or of others on a resource: before and after."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from deploy_access.access_diff.compare_policies import PolicyComparison
from deploy_access.access_diff.condition_text import phrases
from deploy_access.access_diff.model import Delta, PermissionGrant, Witness
from deploy_access.access_diff.permission_row import PermissionRow, earlier, gained_rows, kept_rows
from deploy_access.iam.action_resources import pick_for
from deploy_access.iam.actions import by_level, spelled

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deploy_access.access_diff.budget import Budget
    from deploy_access.access_diff.clauses import PolicyClause
    from deploy_access.access_diff.effective_policy import EffectivePolicy
    from deploy_access.access_diff.groups import Group


def compare_permissions(
    base: EffectivePolicy, head: EffectivePolicy, budget: Budget
) -> Delta[PermissionGrant]:
    """Compare what two sides allow; an empty `Delta` when both allow the same."""
    forth, back = PolicyComparison(base, head, budget), PolicyComparison(head, base, budget)
    gained = list(gained_rows(forth))
    lost = list(gained_rows(back, reverse=True))
    if not gained and not lost:
        return Delta()
    return Delta(
        gained=tidy(permission(row, budget, allows=base.allows) for row in gained),
        lost=tidy(permission(row, budget, allows=head.allows) for row in lost),
        kept=tidy(permission(row, budget) for row in kept_rows(forth, gained)),
    )


def held(side: EffectivePolicy, budget: Budget) -> tuple[PermissionGrant, ...]:
    """List what a side allows, changed or not."""
    return tidy(
        permission(row, budget) for row in kept_rows(PolicyComparison(side, side, budget), ())
    )


def permission(
    row: PermissionRow,
    budget: Budget,
    principal: str = "",
    allows: Iterable[PolicyClause] = (),
) -> PermissionGrant:
    """
    Return a row as data.

    Args:
        row: The row.
        budget: What the answers may cost.
        principal: The principal, where a resource's policy lets it in.
        allows: The `Allow` clauses of the other side, to say which part it allowed.
    """
    return PermissionGrant(
        action=row.action,
        actions=MappingProxyType({} if row.rule.hidden else by_level(row.actions)),
        resource=row.resource,
        conditions=() if row.rule.hidden else phrases(row.rule.conditions),
        principal=principal,
        policy=row.rule.hidden,
        certain=row.is_certain,
        why=row.why,
        before=earlier(row, tuple(allows), budget),
        witness=_witness(row, principal),
    )


def _witness(row: PermissionRow, principal: str) -> Witness | None:
    for gain, proof in row.gains:
        if proof.is_certain:
            context = {key: ", ".join(values) for key, values in proof.context.items()}
            return Witness(
                action=spelled(_example(row, gain.group, proof.resource)),
                resource=proof.resource,
                context=MappingProxyType(context),
                principal=principal,
            )
    return None


def _example(row: PermissionRow, group: Group, resource: str) -> str:
    """Return an action of the row, one of the resource's service if there is one."""
    meant = row.actions - group.all_named if group.is_rest else row.actions & group.actions
    return pick_for(meant, resource) if meant and not group.sample else group.example


def tidy(grants: Iterable[PermissionGrant]) -> tuple[PermissionGrant, ...]:
    """Sort grants, each once, as two statements may say the same."""
    once: dict[tuple[object, ...], PermissionGrant] = {}
    for grant in grants:
        once.setdefault(_order(grant), grant)
    return tuple(once[key] for key in sorted(once, key=str))


def _order(grant: PermissionGrant) -> tuple[object, ...]:
    return (
        grant.principal,
        grant.action.lower(),
        grant.resource,
        grant.conditions,
        not grant.certain,
        grant.why,
    )
