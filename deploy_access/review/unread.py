"""What could not be read of two sides, each thing once, and what of it is new."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deploy_access.reading.estate import Unread


def only_here(
    problems: Iterable[Unread], other: Iterable[Unread], *, alone: bool
) -> tuple[Unread, ...]:
    """
    List what could not be read here, and could be on the other side.

    What stands at the same address of the same stack, and could not be read for the same reason,
    is the same; the file's own name makes no difference.

    Args:
        problems: What could not be read here.
        other: What could not be read of the other side.
        alone: Whether each side is one file at most, which then are two versions of one stack.
    """
    known = {_key(problem, alone=alone) for problem in other}
    once = dict.fromkeys(problems)
    return tuple(problem for problem in once if _key(problem, alone=alone) not in known)


def _key(problem: Unread, *, alone: bool) -> tuple[str, ...]:
    where = problem.where
    stack = "" if alone else where.stack or where.file
    return (stack, where.address, problem.kind, problem.what, problem.given)
