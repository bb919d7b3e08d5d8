"""
The policies that the stacks give to roles, wherever a role is made.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from deploy_access.terraform.module_facts import READERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.terraform.estate import Role

    from ..terraform.sandbox_estate import SandboxEstate

    Policies = dict[tuple[str, str], set[str]]

INLINE = "aws_iam_role_policy"
# How many of a block there are, or the name of what it makes, is left to Terraform.
_LEFT_OPEN = {"count", "for_each", "dynamic", "name_prefix"}


@dataclass(slots=True)
class RoleGrants:
    """
    The policies of each role by `(account, role)`: inline ones by name, attached ones by ARN.

    Attributes:
        inline: The inline policies.
        attached: The attached policies.
        is_complete: Whether these are all; a policy beyond them is a difference only then.
    """

    inline: Policies = field(default_factory=dict[tuple[str, str], set[str]])
    attached: Policies = field(default_factory=dict[tuple[str, str], set[str]])
    is_complete: bool = True


def read_grants(estate: SandboxEstate) -> RoleGrants:
    """
    Return every grant in *estate*.
    """
    grants = RoleGrants(is_complete=not any(_left_open(estate)))
    for role in estate.roles:
        _add(grants, role)
    return grants


def _add(grants: RoleGrants, role: Role) -> None:
    for policy in role.policies:
        named = policy.arn or policy.name
        if role.account is None or "${" in role.name or "${" in named:
            grants.is_complete = False
        else:
            kind = grants.attached if policy.arn else grants.inline
            kind.setdefault((role.account, role.name), set()).add(named)


def _left_open(estate: SandboxEstate) -> Iterator[str]:
    """
    Yield the blocks about roles of which Terraform computes the number or the name.
    """
    for resource in estate.resources():
        if resource.type in READERS and resource.type.startswith("aws_iam_"):
            nameless = resource.type == INLINE and resource.body.get("name") is None
            if nameless or not _LEFT_OPEN.isdisjoint(resource.body):
                yield resource.address
