"""The parts of a role's ARN."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

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
