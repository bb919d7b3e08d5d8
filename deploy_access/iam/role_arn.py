"""The role that Terraform assumes: the parts of its ARN, and what may name it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, Problem
from deploy_access.iam import limits
from deploy_access.iam.references import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# The lengths are IAM's: a path of up to 512 characters with its slashes, a name of up to 64.
_PATH_AND_NAME = re.compile(r"((?!/)[\x21-\x7e]{1,510}/)?[A-Za-z0-9_+=,.@-]{1,64}")

_ROLE = re.compile(
    r"arn:(?P<partition>[a-z0-9-]+):iam::(?P<account>\d{12}):"
    r"role(?P<path>/([\x21-\x7e]+/)?)(?P<name>[A-Za-z0-9_+=,.@-]{1,64})"
)


def parse_role(arn: str) -> Mapping[str, str]:
    """
    Return `partition`, `account`, `path` and `name` of a role's ARN.

    Raises:
        InvalidValue: It is no ARN, or not a role's.
    """
    found = _ROLE.fullmatch(arn)
    if not found:
        raise InvalidValue(
            Problem(
                what="A role that Terraform assumes is named by its ARN.",
                given=arn,
                why="Its account, path and name are read off it.",
                fix="For example 'arn:aws:iam::111122223333:role/terraform'.",
            )
        )
    return found.groupdict()


def check_role(role: str) -> Iterator[Problem]:
    """Check a role of the account that uses it: its name, `path/name` or its ARN."""
    # Three ways to name a role; the prefix tells an ARN, since no name holds a `:`.
    if role.startswith("arn:"):
        yield from check_role_arn(role)
    elif has_wildcard(role):
        yield _wildcard(role)
    elif not _PATH_AND_NAME.fullmatch(role):
        yield Problem(
            what="This takes a role: its name, `path/name` or its ARN.",
            given=role,
            why="IAM has no such role: a name is 1 to 64 letters, digits or `_+=,.@-`, and the "
            "path before it has no `/` in front.",
            fix="For example 'terraform', 'ops/terraform' or "
            "'arn:aws:iam::111122223333:role/terraform'.",
        )


def check_role_arn(arn: str) -> Iterator[Problem]:
    """Check the ARN of a role."""
    if has_wildcard(arn):
        yield _wildcard(arn)
        return
    try:
        parts = parse_role(arn)
    except InvalidValue as error:
        yield from error.problems
    else:
        yield from limits.check_path(parts["path"])


def _wildcard(role: str) -> Problem:
    return Problem(
        what="A role that Terraform assumes is named without wildcards.",
        given=role,
        why="STS looks for exactly this role, and finds none.",
        fix="Write its whole path and name.",
    )
