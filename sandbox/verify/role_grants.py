"""
Which policies the stacks give to which roles, wherever the role is made.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sandbox.terraform.expression import UnresolvedError, name

if TYPE_CHECKING:
    from sandbox.terraform.estate import Estate
    from sandbox.terraform.stack import Resource

    Policies = dict[tuple[str, str], set[str]]

INLINE = "aws_iam_role_policy"
ATTACHED = "aws_iam_role_policy_attachment"

# Further ways to give a role a policy. They are not followed: where one is used, a policy that is
# not expected here may well be right.
OTHER_RESOURCES = ("aws_iam_policy_attachment",)
OTHER_ARGUMENTS = {"inline_policy", "managed_policy_arns"}


@dataclass(slots=True)
class Grants:
    """
    The policies of each role by `(account, role)`: inline ones by name, attached ones by ARN.
    """

    inline: Policies = field(default_factory=dict[tuple[str, str], set[str]])
    attached: Policies = field(default_factory=dict[tuple[str, str], set[str]])
    is_complete: bool = True


def read_grants(estate: Estate) -> Grants:
    """
    Return every grant in *estate*.
    """
    grants = Grants(is_complete=not any(_grants_otherwise(estate)))
    for resource in estate.resources(INLINE, ATTACHED):
        try:
            _add(grants, resource)
        except UnresolvedError:
            grants.is_complete = False
    return grants


def _add(grants: Grants, resource: Resource) -> None:
    key = (resource.provider.account, name(resource, "role"))
    if resource.type == INLINE:
        grants.inline.setdefault(key, set()).add(name(resource))
    else:
        grants.attached.setdefault(key, set()).add(name(resource, "policy_arn"))


def _grants_otherwise(estate: Estate) -> list[str]:
    roles = [role for role in estate.resources("aws_iam_role") if OTHER_ARGUMENTS & set(role.body)]
    return [found.address for found in (*roles, *estate.resources(*OTHER_RESOURCES))]
