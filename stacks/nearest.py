"""Suggest the name that was probably meant."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """Write a sentence: the nearest of the *known* names, or all of them when none is near."""
    names = sorted(known)
    by_lower_case = {name.lower(): name for name in reversed(names)}
    near = difflib.get_close_matches(given.lower(), by_lower_case, n=1)
    if near:
        return f"Did you mean {by_lower_case[near[0]]!r}?"
    return f"Known here: {', '.join(names)}." if names else "There is none yet: add it."
