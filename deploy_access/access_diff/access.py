"""
The difference in access between two readings, by the meaning of the policies, not by their text.

Organization policies and session policies are not looked at, as neither reading holds them. A
difference that cannot be decided counts as wider, and says so.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from deploy_access.access_diff.budget import Budget, RunBudget
from deploy_access.access_diff.changed_expressions import told_apart
from deploy_access.access_diff.effective_policy import side_of_role
from deploy_access.access_diff.model import AccessChange, Delta, Party
from deploy_access.access_diff.permissions import compare_permissions, held
from deploy_access.access_diff.resource_access import compare_resources
from deploy_access.access_diff.trust_diff import compare_trust
from deploy_access.terraform.estate import Document
from deploy_access.terraform.partial_documents import resting_on

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deploy_access.access_diff.model import Presence
    from deploy_access.terraform.estate import Estate, NamedPolicy, Role

    _Pair = tuple[Role | None, Role | None]
    _Key = tuple[str, ...]


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
        One change for each role and resource whose access differs, by party.
    """
    base = told_apart(base, head)
    run = run or RunBudget()
    changes = [
        change
        for before, after in _pairs(base.roles, head.roles)
        if (change := _compare(before, after, Budget(run))) is not None
    ]
    return tuple(sorted([*changes, *compare_resources(base, head, run)], key=lambda one: one.party))


def _pairs(base: Iterable[Role], head: Iterable[Role]) -> Iterator[_Pair]:
    """Pair the roles of both sides; a role without a known account is found by its stack."""
    before, after = _by_key(base), _by_key(head)
    lonely_before = {key: role for key, role in before.items() if key not in after}
    lonely_after = {key: role for key, role in after.items() if key not in before}
    yield from ((role, after[key]) for key, role in before.items() if key in after)
    # On one side the account may come from a reference: the same stack and name are the same role.
    in_stacks = _by_stack(lonely_before.values()), _by_stack(lonely_after.values())
    # Sorted, as the order decides what is left of the budget.
    for place in sorted(in_stacks[0].keys() & in_stacks[1].keys()):
        old, new = in_stacks[0][place], in_stacks[1][place]
        if len(old) == len(new) == 1 and None in {old[0].account, new[0].account}:
            yield old[0], new[0]
            lonely_before = {key: r for key, r in lonely_before.items() if r is not old[0]}
            lonely_after = {key: r for key, r in lonely_after.items() if r is not new[0]}
    yield from ((role, None) for role in lonely_before.values())
    yield from ((None, role) for role in lonely_after.values())


def _by_key(roles: Iterable[Role]) -> dict[_Key, Role]:
    """Index roles by account and name, with a number for each further role of one name."""
    found: dict[_Key, Role] = {}
    for role in roles:
        stack = "" if role.account and "${" not in role.name else role.where.stack or ""
        key = (role.account or "", role.name, stack)
        number = 0
        while (*key, str(number)) in found:
            number += 1
        found[*key, str(number)] = role
    return found


def _by_stack(roles: Iterable[Role]) -> dict[tuple[str, str], list[Role]]:
    found = defaultdict[tuple[str, str], list["Role"]](list)
    for role in roles:
        found[role.where.stack or "", role.name].append(role)
    return found


def _compare(base: Role | None, head: Role | None, budget: Budget) -> AccessChange | None:
    role = head or base
    assert role is not None
    if base and head and _written(base) == _written(head):
        return None  # Equal texts need no comparison; in most changes nearly all roles end here.
    trust = compare_trust(_trust(base, head), _trust(head, base), role.account, budget)
    permissions = compare_permissions(side_of_role(base), side_of_role(head), budget)
    session = _session(base, head)
    if trust == Delta() and permissions == Delta() and session is None:
        return None
    if base and head and permissions == Delta():
        permissions = replace(permissions, kept=held(side_of_role(head), budget))
    return AccessChange(
        party=Party(kind="role", account=role.account or "", name=role.name),
        presence=_presence(base, head),
        stack=role.where.stack or "",
        trust=trust,
        permissions=permissions,
        session=session,
    )


def _written(role: Role) -> tuple[object, ...]:
    """Everything that decides about a role's access, as it is written."""
    return (
        _content(role.trust),
        [_policy(policy) for policy in role.policies],
        _policy(role.boundary) if role.boundary else None,
        role.max_session_duration,
        role.premises,
    )


def _policy(policy: NamedPolicy) -> tuple[object, ...]:
    arn = policy.arn if policy.document is None else None
    return arn, _content(policy.document), policy.premises


def _content(document: Document | None) -> tuple[object, ...] | None:
    return None if document is None else document.written


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


def _presence(base: Role | None, head: Role | None) -> Presence:
    if base and head:
        return "kept"
    return "made" if head else "gone"
