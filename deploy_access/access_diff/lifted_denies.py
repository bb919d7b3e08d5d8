"""
The requests that a Deny of the base denied and none of the head does.

Who has other policies gains them where those allow them: the principals of a resource's account by
their own policies, and a user, a group or a managed policy by what the files do not hold. So each
is a gain that nobody can decide here.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from deploy_access.access_diff.clauses import PolicyClause
from deploy_access.access_diff.compare_policies import PolicyComparison
from deploy_access.access_diff.effective_policy import EffectivePolicy
from deploy_access.access_diff.model import PermissionGrant
from deploy_access.access_diff.permission_row import gained_rows
from deploy_access.access_diff.permissions import compare_permissions, permission, tidy
from deploy_access.access_diff.principal_row import about_one, not_denied, people
from deploy_access.access_diff.principals import EVERYBODY, account_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from deploy_access.access_diff.budget import Budget
    from deploy_access.access_diff.model import Delta
    from deploy_access.access_diff.permission_row import PermissionRow
    from deploy_access.iam.policy import Principal

_OWN, _OTHERS = "identity policies decide", "other policies decide"
_EVERYTHING = PolicyClause(effect="Allow", actions=("*",), named=frozenset("*"))


def compare_open(
    base: EffectivePolicy, head: EffectivePolicy, budget: Budget, *, is_open: bool
) -> Delta[PermissionGrant]:
    """
    Compare what the policies of a party allow, to which others may allow more.

    Args:
        base: The policies before.
        head: The policies after.
        budget: What the answers may cost.
        is_open: Whether others may, and the party is there before and after: if not, a Deny comes
            or goes with it.
    """
    found = compare_permissions(base, head, budget)
    if not is_open:
        return found
    gained = _besides(found.gained, base, head, budget)
    lost = _besides(found.lost, head, base, budget, reverse=True)
    return replace(found, gained=tidy([*found.gained, *gained]), lost=tidy([*found.lost, *lost]))


def _besides(
    said: Iterable[PermissionGrant],
    base: EffectivePolicy,
    head: EffectivePolicy,
    budget: Budget,
    *,
    reverse: bool = False,
) -> Iterator[PermissionGrant]:
    """List what others may allow now, but for what an Allow for all resources says already."""
    wide = [one for one in said if one.resource == "*" and not one.conditions]
    rows = lifted_rows(base.rules, head.rules, budget)
    lifting = (lifted(row, budget, reverse=reverse) for row in rows)
    for grant in (*lifting, *_unbound(base, head, budget, reverse=reverse)):
        if not any(_actions(grant) <= _actions(one) for one in wide):
            yield grant


def _actions(grant: PermissionGrant) -> frozenset[str]:
    return frozenset(action for actions in grant.actions.values() for action in actions)


def _unbound(
    base: EffectivePolicy, head: EffectivePolicy, budget: Budget, *, reverse: bool = False
) -> list[PermissionGrant]:
    """List what only the boundary of the base kept back."""
    before, after = (
        EffectivePolicy(rules=(_EVERYTHING,), bounds=side.bounds) for side in (base, head)
    )
    rows = gained_rows(PolicyComparison(before, after, budget), reverse=reverse)
    return [_if_allowed(permission(row, budget), f"{row.why}, so {_OTHERS}") for row in rows]


def lifted_rows(
    base: Iterable[PolicyClause], head: Iterable[PolicyClause], budget: Budget
) -> Iterator[PermissionRow]:
    """
    List the parts of the Deny statements of *base* that none of *head* denies.

    A boundary does not count: it limits no request that a resource's policy allows a user or a
    session by itself.
    """
    # What is denied is compared as if it were allowed, with the sides swapped.
    before, after = (EffectivePolicy(rules=_denied(rules)) for rules in (head, base))
    yield from gained_rows(PolicyComparison(before, after, budget))


def _denied(rules: Iterable[PolicyClause]) -> tuple[PolicyClause, ...]:
    # A policy whose content is not known has an Allow as well, which says that it may be wider.
    denies = [rule for rule in rules if rule.effect == "Deny" and not rule.hidden]
    return tuple(replace(rule, effect="Allow") for rule in denies)


def lifted(
    row: PermissionRow, budget: Budget, principal: str = "", *, reverse: bool = False
) -> PermissionGrant:
    """Return a row of `lifted_rows` as data."""
    deciding = _OWN if principal else _OTHERS
    why = f"a Deny was {'added' if reverse else 'lifted'}, so {deciding}"
    return _if_allowed(permission(row, budget, principal), "; ".join(filter(None, [why, row.why])))


def _if_allowed(grant: PermissionGrant, why: str) -> PermissionGrant:
    """Return a grant that counts if something allows it that the policies here do not say."""
    return replace(grant, certain=False, why=why, witness=None)


def lifted_shared(
    base: Sequence[PolicyClause], head: Sequence[PolicyClause], owner: str | None, budget: Budget
) -> Iterator[tuple[str, PermissionRow]]:
    """
    List what the Deny statements of a resource's policy kept from the principals of its account.

    Within the account an Allow of either side is enough. Others need one of the resource's policy,
    so the comparison of its Allow statements shows what they gain.

    Returns:
        The principal, and the row.
    """
    denies = [rule for rule in (*base, *head) if rule.effect == "Deny"]
    of_all: set[object] = set()
    for who in people(denies):
        is_outside = owner is not None and account_of(who) not in {None, owner}
        if is_outside or who.kind not in {"*", "AWS"}:
            continue
        before = [one.rule for one in about_one(base, who)]
        after = [one.rule for one in about_one(head, who)]
        for row in lifted_rows(before, after, budget):
            if row.place not in of_all:
                yield _written(who, base, owner), row
            if who == EVERYBODY or who.value == owner:
                of_all.add(row.place)


def unknown_lifted(
    base: Iterable[PolicyClause], head: Iterable[PolicyClause], owner: str | None
) -> Iterator[PermissionGrant]:
    """List the policies whose content is not known, with what they may have denied."""
    # One that is not known in the head either may be wider, as its Allow says.
    if any(rule.hidden for rule in head):
        return
    for name in dict.fromkeys(rule.hidden for rule in base if rule.hidden):
        yield PermissionGrant(
            action=f"all that {name} denies",
            actions=MappingProxyType({}),
            resource="*",
            principal=_written(EVERYBODY, (), owner),
            certain=False,
            why=f"nobody can tell what is in {name}",
        )


def _written(who: Principal, base: Iterable[PolicyClause], owner: str | None) -> str:
    """Return how a principal is called, which *base* denied something."""
    if who.value not in {EVERYBODY.value, owner}:
        return who.value
    denies = [rule for rule in base if rule.effect == "Deny"]
    others = not_denied(denies) if who == EVERYBODY else []
    account = f"principals of {owner or 'its account'}"
    return f"{account} but {', '.join(others)}" if others else account
