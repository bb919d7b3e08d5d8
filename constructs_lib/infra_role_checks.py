"""Checks of what the two roles of an infra repository are made with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs_lib.role_trust import find_in_subjects
from deploy_access.errors import Problem
from deploy_access.iam.arns import account_of
from deploy_access.iam.limits import is_reference
from deploy_access.iam.role_arn import check_role

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from constructs_lib.aws_target import AwsTarget
    from deploy_access.acceptance import Acceptance
    from deploy_access.github.issuer import Issuer
    from deploy_access.github.subject import Subject


def check_terraform_role(role: str) -> Iterator[Problem]:
    """Check that one role is named, now."""
    if is_reference(role):
        yield Problem(
            what="`terraform_role` is known now: a name, `path/name` or an ARN as text.",
            given=role,
            why="Terraform fills this one in later, so no review could say what apply becomes.",
            fix="Write the name that `deploy-access bootstrap` makes it with, as the provider's "
            "`assume_role` has it.",
        )
    else:
        yield from check_role(role)


def check_account(role: str, target: AwsTarget) -> Iterator[Problem]:
    """Check that the role is of the account that both roles are made in."""
    account = account_of(role)
    if account is None:
        return
    if problems := [*target.check_partition(role)]:
        yield from problems
    elif account != target.account and not is_reference(target.account):
        yield Problem(
            what=f"`terraform_role` is in another account than its callers, which are in "
            f"{target.account}.",
            given=role,
            why="Each account has a pair of its own, so that no run reaches two accounts.",
            fix="Make an `InfraRoles` in a stack of that account, or name the role of this one.",
        )


def share_out(
    accept: Mapping[str, str | Acceptance], issuer: Issuer, *roles: Sequence[Subject]
) -> list[dict[str, str | Acceptance]]:
    """
    Return the acceptances for each role: those of what is found there, or in none of them.

    An acceptance that a role has no use for is a finding of its own.
    """
    found = [{one.rule for one in find_in_subjects(issuer, subjects)} for subjects in roles]
    used = set[str]().union(*found)
    return [
        {rule: why for rule, why in accept.items() if rule in here or rule not in used}
        for here in found
    ]
