"""
Verification: what AWS holds is compared with what was synthesized.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..terraform.stack_resource import StackResource, UnresolvedError
from ..terraform.unserved import unserved
from .actual_state import attached_policies, inline_policies, read_facts, trust_policy
from .expected_state import ExpectedResource, read_item
from .role_grants import RoleGrants, read_grants
from .role_trust import RoleTrust, read_trust

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ..server.aws_session import AwsSession
    from ..terraform.sandbox_estate import SandboxEstate
    from .expected_state import Facts

    Sessions = Callable[[str], AwsSession]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """
    The result of `verify`.

    Attributes:
        compared: What was read back.
        differences: What is not as it was synthesized.
        unread: The addresses that only Terraform's own plan can judge.
        unserved: The addresses that were not made, as moto has no calls for them.
        trusts: The subjects of each role.
    """

    compared: tuple[ExpectedResource, ...]
    differences: tuple[str, ...]
    unread: tuple[str, ...]
    unserved: tuple[str, ...]
    trusts: tuple[RoleTrust, ...]


def verify(
    estate: SandboxEstate, whole: SandboxEstate, session: Sessions, changed: Mapping[str, str]
) -> Verification:
    """
    Read back every resource of *estate*; *whole* says what its roles get from other stacks.

    *changed* holds the stacks whose second plan wants changes, with that plan.
    """
    items, unread = read_items(estate)
    facts = {item: read_facts(item, session(item.place.account)) for item in items}
    found = [line for item in items for line in differences(item, facts[item])]
    roles = [item for item in items if item.kind == "role" and facts[item] is not None]
    grants = read_grants(whole)
    for role in roles:
        found += _attachments(role, grants, session(role.place.account))
    found += [
        f"A second plan of stack {stack!r} wants changes:\n{plan}"
        for stack, plan in changed.items()
    ]
    return Verification(
        compared=tuple(items),
        differences=tuple(found),
        unread=tuple(unread),
        unserved=tuple(_label(one) for stack in estate for one in unserved(stack)),
        trusts=tuple(trust for role in roles for trust in _trusts(role, session)),
    )


def read_items(estate: SandboxEstate) -> tuple[list[ExpectedResource], list[str]]:
    """
    Return the expected state of the estate, and the addresses that only Terraform can judge.
    """
    items: list[ExpectedResource] = []
    unread: list[str] = []
    left_out = {_label(one) for stack in estate for one in unserved(stack)}
    for resource in estate.resources():
        if _label(resource) in left_out:
            continue
        if resource.type == "aws_iam_role_policy_attachment":
            continue  # read back with the role, where an attachment too many shows as well
        try:
            item = read_item(resource)
        except (UnresolvedError, ValueError):
            item = None
        if item is None:
            unread.append(_label(resource))
        else:
            items.append(item)
    return items, unread


def _label(resource: StackResource) -> str:
    return f"{resource.stack}: {resource.address}"


def synthesized_trusts(estate: SandboxEstate) -> Iterator[RoleTrust]:
    """
    Yield the subjects that could assume the roles as they are synthesized.
    """
    items, _ = read_items(estate)
    for item in items:
        if item.kind == "role":
            yield from read_trust(item.place.account, item.name, item.facts["trust policy"])


def remaining(estate: SandboxEstate, session: Sessions) -> list[ExpectedResource]:
    """
    Return the resources of the estate that AWS still holds.
    """
    items, _ = read_items(estate)
    return [item for item in items if read_facts(item, session(item.place.account)) is not None]


def differences(item: ExpectedResource, actual: Facts | None) -> Iterator[str]:
    """
    Yield what AWS has otherwise than *item* says; *actual* is None when it is not there.
    """
    if actual is None:
        yield f"{item.title} is not there, though stack {item.stack!r} makes it."
        return
    for fact, expected in item.facts.items():
        if actual.get(fact) != expected:
            yield (
                f"{item.title} has another {fact} than stack {item.stack!r} says: "
                f"{_show(actual.get(fact))} instead of {_show(expected)}."
            )


def _show(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _attachments(role: ExpectedResource, grants: RoleGrants, session: AwsSession) -> Iterator[str]:
    """
    Yield the policies that *role* lacks, and those that no stack gives it.
    """
    key = (role.place.account, role.name)
    for kind, wanted, found in (
        ("inline", grants.inline.get(key, set()), inline_policies(session, role.name)),
        ("attached", grants.attached.get(key, set()), attached_policies(session, role.name)),
    ):
        for policy in sorted(wanted - found):
            yield f"{role.title} lacks the {kind} policy {policy!r}, though a stack gives it."
        # Where Terraform chooses a name, a policy too many may be the one that it has made.
        for policy in sorted(found - wanted) if grants.is_complete else ():
            yield f"{role.title} has the {kind} policy {policy!r}, and no stack gives it."


def _trusts(role: ExpectedResource, session: Sessions) -> Iterator[RoleTrust]:
    account = role.place.account
    yield from read_trust(account, role.name, trust_policy(session(account), role.name))
