"""The roles that an account needs before its first stack, each with its trust and its policies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, Problem
from deploy_access.iam.role_arn import parse_role
from deploy_access.iam.statement import PolicyDocument

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deploy_access.bootstrap.callers import AssumingRole, Callers
    from deploy_access.iam.statement import Statement
    from deploy_access.terraform.stacks import Stack


@dataclass(frozen=True, slots=True, kw_only=True)
class BootstrapRole:
    """
    A role with its trust policy and its inline policies, by name.

    Attributes:
        trusted: The principals that may assume it, by ARN.
        applied_by: The role in the stacks that may assume it, and is there after the first deploy.
    """

    id: str
    arn: str
    name: str
    path: str
    description: str
    trusted: Sequence[str]
    applied_by: Sequence[AssumingRole]
    trust: PolicyDocument
    policies: Mapping[str, PolicyDocument]


def roles_of(
    stack: Stack, access: list[Statement], state: list[Statement], callers: Callers
) -> list[BootstrapRole]:
    """Return the role of the provider, and that of the state unless it is the same one."""
    manage = {"manage-access": PolicyDocument(tuple(access))}
    keep = {"keep-state": PolicyDocument(tuple(state))} if state else {}
    state_role = stack.backend.role_arn if stack.backend and state else None
    roles: list[BootstrapRole] = []
    if stack.role_arn:
        _check_own_role(stack, stack.role_arn)
        policies = {**manage, **keep} if state_role in {None, stack.role_arn} else manage
        does = "Terraform assumes this role to deploy the stacks of this account."
        roles.append(_role("terraform", stack.role_arn, does, callers, policies))
    if state_role and state_role != stack.role_arn:
        does = "Terraform assumes this role to read and write its states."
        roles.append(_role("state", state_role, does, callers, keep))
    return roles


def _check_own_role(stack: Stack, role: str) -> None:
    if parse_role(role)["account"] != stack.account:
        raise InvalidValue(
            Problem(
                what=f"Stack {stack.name!r} assumes a role of another account.",
                given=role,
                why=f"Its provider allows account {stack.account} alone, so it could do nothing.",
                fix="Name a role of that account.",
            )
        )


def _role(
    id_: str, arn: str, does: str, callers: Callers, policies: Mapping[str, PolicyDocument]
) -> BootstrapRole:
    found = parse_role(arn)
    trusted, applied_by = callers.of(arn)
    return BootstrapRole(
        id=id_,
        arn=arn,
        name=found["name"],
        path=found["path"],
        description=does,
        trusted=trusted,
        applied_by=applied_by,
        trust=callers.trust(arn),
        policies=policies,
    )
