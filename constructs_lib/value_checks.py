"""The types of keywords: what Python does not check, and what would fail far from its cause."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeGuard, cast

from deploy_access.errors import Problem
from deploy_access.iam.limits import check_many, is_reference

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


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


def is_known_text(value: object) -> TypeGuard[str]:
    """Whether *value* is a text that can be checked now: not empty, and no reference."""
    return isinstance(value, str) and bool(value) and not is_reference(value)


def check_text(
    keyword: str, value: object, example: str, *, optional: bool = False
) -> Iterator[Problem]:
    """Check that *value* is a text that is not empty, or None where it is *optional*."""
    if not (optional and value is None) and not (isinstance(value, str) and value):
        yield Problem(
            what=f"`{keyword}` is a text.",
            given=value,
            why="What was meant would be a guess.",
            fix=f"For example {example!r}" + (", or leave it out." if optional else "."),
        )


def check_kind(keyword: str, value: object, kind: type, *, optional: bool) -> Iterator[Problem]:
    """Check that *value* is a *kind*, or None where it is *optional*."""
    if not isinstance(value, kind) and not (optional and value is None):
        yield _not_a(keyword, value, kind, f"{keyword}={kind.__name__}(...)")


def check_kinds(keyword: str, values: object, kind: type) -> Iterator[Problem]:
    """Check that *values* is a list of *kind*."""
    listed = cast("Sequence[object]", values)
    if not isinstance(values, list | tuple) or not all(isinstance(one, kind) for one in listed):
        yield _not_a(keyword, listed, kind, f"{keyword}=[{kind.__name__}(...)]", many="a list of ")


def frozen(values: object) -> object:
    """Return a list as a tuple, which does not change later; anything else as it is."""
    return tuple(cast("Iterable[object]", values)) if isinstance(values, list) else values


def _not_a(keyword: str, value: object, kind: type, example: str, *, many: str = "") -> Problem:
    return Problem(
        what=f"`{keyword}` is {many}`{kind.__name__}`.",
        given=value,
        why="A value of that class has checked itself; any other would fail at apply.",
        fix=f"Write {example}.",
    )
