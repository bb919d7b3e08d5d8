"""The roles, or other identities, of two sides in pairs."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypeVar

from deploy_access.terraform.estate import Identity, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deploy_access.terraform.estate import Document, NamedPolicy

    _Key = tuple[str, ...]

RoleT = TypeVar("RoleT", Role, Identity)


def pairs(
    base: Iterable[RoleT], head: Iterable[RoleT]
) -> Iterator[tuple[RoleT | None, RoleT | None]]:
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


def _by_key(roles: Iterable[RoleT]) -> dict[_Key, RoleT]:
    """Index roles by account and name, with a number for each further role of one name."""
    found: dict[_Key, RoleT] = {}
    for role in roles:
        stack = "" if role.account and "${" not in role.name else role.where.stack or ""
        key = (role.account or "", role.name, stack)
        number = 0
        while (*key, str(number)) in found:
            number += 1
        found[*key, str(number)] = role
    return found


def _by_stack(roles: Iterable[RoleT]) -> dict[tuple[str, str], list[RoleT]]:
    found = defaultdict[tuple[str, str], list[RoleT]](list)
    for role in roles:
        found[role.where.stack or "", role.name].append(role)
    return found


def permissions_written(role: Role | Identity) -> tuple[object, ...]:
    """Return everything that decides about what it may do, as it is written."""
    bounding = _policy(role.boundary) if role.boundary else None
    return [_policy(policy) for policy in role.policies], bounding, role.premises


def _policy(policy: NamedPolicy) -> tuple[object, ...]:
    known = None if policy.document else policy.arn or policy.name
    return known, content_of(policy.document), policy.premises


def content_of(document: Document | None) -> tuple[object, ...] | None:
    """Return a document as it is written, to compare it with that of the other side."""
    return None if document is None else document.written
