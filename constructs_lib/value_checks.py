"""The types of keywords: what Python does not check, and what would fail far from its cause."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeGuard, cast

from deploy_access.errors import Problem
from deploy_access.iam.limits import check_many

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def check_texts(keyword: str, values: object, *, empty: bool) -> Iterator[Problem]:
    """Check a list of texts: its type, and that none is twice in it."""
    if is_texts(values) or isinstance(values, str):
        yield from check_many(keyword, values, empty=empty)
    else:
        yield Problem(
            what=f"`{keyword}` is a list of texts.",
            given=values,
            why="Each becomes part of a policy or of a resource.",
            fix=f"Write {keyword}=['...'].",
        )


def is_texts(values: object) -> TypeGuard[list[str] | tuple[str, ...]]:
    """Whether *values* is a list or tuple of texts."""
    return isinstance(values, list | tuple) and all(
        isinstance(one, str) for one in cast("Iterable[object]", values)
    )
