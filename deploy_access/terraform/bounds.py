"""The bounds of what is read, so that a hostile file costs no more than a large one."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

from deploy_access.errors import InvalidValue, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

# Three times the longest policy that AWS takes, the 32,768 bytes of a KMS key policy; IAM's own
# end at 10,240 characters.
# https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html
LONGEST = 100_000
# Twice what an account can hold: IAM raises its quotas to 10,000 roles and 10,000 policies.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
MOST = 20_000

_Thing = TypeVar("_Thing")


def weigh(value: object) -> tuple[int, int]:
    """Count the characters and the values in *value*, up to `LONGEST`."""
    characters, values, left = 0, 0, [value]
    while left and characters + values <= LONGEST:
        found = left.pop()
        values += 1
        if isinstance(found, str):
            characters += len(found)
        elif isinstance(found, dict):
            inside = cast("dict[str, object]", found)
            left += [*inside, *inside.values()]
        elif isinstance(found, list):
            left += cast("list[object]", found)
    return characters, values


def is_too_long(value: object) -> bool:
    """Whether *value* is longer than any policy."""
    return sum(weigh(value)) > LONGEST


def at_most(found: Iterable[_Thing], name: str) -> list[_Thing]:
    """
    List what is in the file *name*.

    Raises:
        InvalidValue: It is more than any account or stack has.
    """
    things: list[_Thing] = []
    for thing in found:
        if len(things) == MOST:
            raise InvalidValue(
                Problem(
                    what="There is too much in one file.",
                    given=name,
                    why=f"More than {MOST} blocks, roles or policies are in no stack and account.",
                    fix="Split it.",
                )
            )
        things.append(thing)
    return things
