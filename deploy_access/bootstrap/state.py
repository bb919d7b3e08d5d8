"""The account of the state bucket, as far as the stacks say it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, Problem
from deploy_access.iam.role_arn import parse_role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.terraform.stacks import Stack


def place_of_state(
    stack: Stack, stacks: Mapping[str, Stack], *, wanted: bool | None
) -> tuple[bool, list[str]]:
    """Return whether the state bucket belongs to the account of *stack*, and remarks about it."""
    backend = stack.backend
    if backend is None:
        return False, ["Its state is not kept in S3, so there is no bucket to make."]
    if backend.role_arn:
        return _place_of_role(stack, backend.bucket, backend.role_arn, wanted)
    sharing = {
        s.account for s in stacks.values() if s.backend and s.backend.bucket == backend.bucket
    }
    if wanted is None and len(sharing) > 1:
        raise InvalidValue(_shared_bucket(backend.bucket, sharing))
    return wanted is not False, []


def _place_of_role(
    stack: Stack, bucket: str, role: str, wanted: bool | None
) -> tuple[bool, list[str]]:
    owner = parse_role(role)["account"]
    here = owner == stack.account
    if wanted and not here:
        raise InvalidValue(
            Problem(
                what=f"The state bucket {bucket!r} cannot be made in account {stack.account}.",
                given=role,
                why="The role that keeps the state says which account the bucket is in.",
                fix="Leave `--bucket` out, or correct the state's `role_arn`.",
            )
        )
    elsewhere = f"The state bucket {bucket!r} is in account {owner}, as its role {role} is."
    return here and wanted is not False, [] if here else [elsewhere]


def _shared_bucket(bucket: str, accounts: set[str | None]) -> Problem:
    return Problem(
        what=f"Stacks of several accounts keep their state in {bucket!r}.",
        given=sorted(account for account in accounts if account),
        why="A bucket is in one account, and no stack says in which.",
        fix="Say `--bucket` for that account and `--no-bucket` for the others, or give the state "
        "a `role_arn`: its account is the bucket's.",
    )
