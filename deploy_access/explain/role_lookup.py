"""The lookup of roles by name or ARN."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, Problem, nearest
from deploy_access.iam.role_arn import parse_role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from deploy_access.terraform.estate import Role


def roles_named(name: str, roles: Sequence[Role]) -> list[Role]:
    """
    Return the roles with that name or ARN.

    Raises:
        InvalidValue: There is none.
    """
    found = [role for role in roles if name in {role.name, role.arn}]
    if not found:
        near = nearest_role(name, roles)
        raise InvalidValue(
            Problem(
                what="There is no such role in what was read.",
                given=name,
                why=f"It has {len(roles)} role{'s' if len(roles) != 1 else ''}.",
                fix=f"Did you mean {near.name!r}?" if near else "Name another file or folder.",
            )
        )
    return found


def roles_asked_for(arn: str, roles: Sequence[Role]) -> list[Role]:
    """Return the role with that ARN; a trust policy by itself may belong to any role."""
    exact = [role for role in roles if role.arn == arn]
    if exact:
        return exact
    parts = read_arn(arn)
    return [role for role in roles if is_bare(role)] or [
        role
        for role in roles
        if role.arn is None and parts and (role.account, role.name) == _key(parts, role)
    ]


def _key(parts: Mapping[str, str], role: Role) -> tuple[str | None, str]:
    return (parts["account"] if role.account else None), parts["name"]


def is_bare(role: Role) -> bool:
    """Whether it is a trust policy by itself, which has the name of its file."""
    return role.arn is None and role.account is None and not role.where.address


def nearest_role(name: str, roles: Iterable[Role]) -> Role | None:
    """Return the role whose name comes nearest; a role of that very name comes first."""
    by_name = {role.name: role for role in roles}
    near = nearest(name.rpartition("/")[2], by_name)
    return None if near is None else by_name[near]


def read_arn(arn: str) -> Mapping[str, str]:
    """Return the parts of a role's ARN; empty for another text."""
    try:
        return parse_role(arn)
    except InvalidValue:
        return {}
