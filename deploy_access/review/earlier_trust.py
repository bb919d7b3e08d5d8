"""Whom the other side let in instead of somebody: `only by ...`, `only if ...`."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from deploy_access.review.phrases import joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from deploy_access.review.model import TrustGrant


def with_earlier(
    grants: Iterable[TrustGrant], others: Sequence[TrustGrant]
) -> tuple[TrustGrant, ...]:
    """
    Say of each grant what there was of it on the other side.

    Args:
        grants: What only one side grants.
        others: All that the other side grants.
    """
    return tuple(replace(grant, before=_earlier(grant, others)) for grant in grants)


def _earlier(grant: TrustGrant, others: Sequence[TrustGrant]) -> str:
    """Leave it out where something else than the statement decides, or nobody can tell."""
    if grant.why or not grant.certain:
        return ""
    alike = [one for one in others if one.principal == grant.principal and not one.why]
    over = [one for one in alike if _covers(one, grant)]
    if over:
        asked = {_asked_besides(one, grant) for one in over}
        return "" if "" in asked else f"only if {' or '.join(sorted(asked))}"
    within = [one for one in alike if _covers(grant, one)]
    return f"only by {joined(_who(one, grant) for one in within)}" if within else ""


def _asked_besides(one: TrustGrant, grant: TrustGrant) -> str:
    return " and ".join(text for text in one.conditions if text not in grant.conditions)


def _who(one: TrustGrant, grant: TrustGrant) -> str:
    asked = _asked_besides(one, grant)
    return f"{one.subject} if {asked}" if asked else one.subject


def _covers(wide: TrustGrant, narrow: TrustGrant) -> bool:
    """Whether every subject of *narrow* is one of *wide*."""
    if wide.subject == narrow.subject and wide.is_pattern == narrow.is_pattern:
        return True
    has_both = bool(wide.subject and narrow.subject)
    return has_both and wide.is_pattern and bool(_pattern(wide.subject).fullmatch(narrow.subject))


@lru_cache(maxsize=256)
def _pattern(subject: str) -> re.Pattern[str]:
    """Match subjects and narrower patterns: only a `*` stands for a `*`."""
    pieces = {"*": ".*", "?": "[^*]"}
    text = re.sub(r"\*+", "*", subject)
    return re.compile(
        "".join(pieces.get(letter) or re.escape(letter) for letter in text), re.DOTALL
    )
