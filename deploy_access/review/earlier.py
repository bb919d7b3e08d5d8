"""What there was already of what is new: `only on ...`, `only if ...`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.review.phrases import joined, phrases
from deploy_access.review.requests import is_possible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deploy_access.review.requests import Box
    from deploy_access.review.row import Row
    from deploy_access.review.rules import Rule


def earlier(row: Row, allows: Sequence[Rule]) -> str:
    """
    Say what the base allowed of the same actions; empty when it is nothing, or all there is.

    Args:
        row: What is new.
        allows: What the base allows.
    """
    if any(gain.through for gain, _ in row.gains):
        return ""
    about = [
        rule
        for rule in allows
        if not rule.hidden and any(rule in gain.group.about for gain, _ in row.gains)
    ]
    if not about:
        return ""
    everywhere = [rule for rule in about if _reaches(rule, row)]
    conditional = {" and ".join(phrases(rule.conditions)) for rule in everywhere}
    if everywhere and "" not in conditional:
        return f"only if {joined(conditional)}"
    if everywhere:
        return ""
    return f"only on {joined(_resources(rule) for rule in about)}"


def _reaches(rule: Rule, row: Row) -> bool:
    box = next(box for resource, box in row.rule.parts() if resource == row.resource)
    on: Box = tuple(one for one in box if not one.part)
    return not rule.on or not is_possible(on, [rule.on])


def _resources(rule: Rule) -> str:
    return f"all but {joined(rule.resources)}" if rule.but_resources else joined(rule.resources)
