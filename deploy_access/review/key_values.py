"""
Values of one condition key that meet some demands and fail others.

A key is absent, or has one text, or several where a demand asks about all or any of them. Texts
are found by their patterns; for numbers, dates, addresses, booleans and bytes a few samples tell
all there is to tell.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from deploy_access.review.demands import alternatives
from deploy_access.review.language import find_text
from deploy_access.review.literal import Literal, Values, agrees
from deploy_access.review.samples import samples
from deploy_access.review.search import TooManyStatesError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deploy_access.review.language import Clause, Text

_Way = tuple[tuple["Clause", ...], ...]


def find_values(literals: Sequence[Literal]) -> Values | None:
    """
    Find what a request can hold under the key; None when nothing will do.

    Raises:
        TooManyStatesError: It would take too long to say, or nobody can tell.
    """
    single = _find_single(literals)
    if single is not None:
        return (single,)
    for held in ((), ("",)):
        if all(agrees(literal, held) for literal in literals):
            return tuple(tuple(text) for text in held)
    nulls = [literal for literal in literals if _is_null(literal)]
    if any(map(_is_of_one, literals)) or not all(agrees(literal, ("x",)) for literal in nulls):
        return None
    return _find_several([literal for literal in literals if not _is_null(literal)])


def _is_null(literal: Literal) -> bool:
    return literal.demand.base == "null"


def _is_of_one(literal: Literal) -> bool:
    """Whether it asks about one value; AWS does not say what it makes of several."""
    found = literal.demand.condition
    return not _is_null(literal) and (found is None or found.set_operator is None)


def _find_single(literals: Sequence[Literal]) -> Text | None:
    """Find one text that is not empty."""
    if not all(agrees(literal, ("x",)) for literal in literals if _is_null(literal)):
        return None
    asked = [literal for literal in literals if not _is_null(literal)]
    textual = [literal for literal in asked if literal.demand.is_textual]
    if len(textual) == len(asked):
        return _by_pattern([_of_value(literal) for literal in asked])
    for text in samples([literal.demand for literal in asked]):
        if all(agrees(literal, (text,)) for literal in asked):
            return tuple(text)
    if textual and _by_pattern([_of_value(literal) for literal in textual]) is not None:
        # Two kinds of operators on one key: no sample will do, and that proves nothing.
        raise TooManyStatesError
    return None


def _find_several(literals: Sequence[Literal]) -> Values | None:
    """
    Find several values: each meets what is asked of all, and there is one for each other demand.

    It is asked of all by `ForAllValues`, and by a `ForAnyValue` that is to fail.
    """
    of_all = [literal for literal in literals if _is_of_all(literal)]
    of_any = [literal for literal in literals if not _is_of_all(literal)]
    values = [_find_single([*of_all, literal]) for literal in of_any]
    found = [value for value in values if value is not None]
    return tuple(found) if found and len(found) == len(values) else None


def _is_of_all(literal: Literal) -> bool:
    found = literal.demand.condition
    return found is not None and (found.set_operator == "forallvalues") == literal.met


def _of_value(literal: Literal) -> _Way:
    return alternatives(literal.demand, met=literal.met)


def _by_pattern(asked: Sequence[_Way]) -> Text | None:
    for way in product(*asked):
        found = find_text([clause for clauses in way for clause in clauses], empty=False)
        if found is not None:
            return found
    return None
