"""
The search for a request to which some statements apply and others do not.

A statement applies when all its demands are met, so a statement that must not apply fails in at
least one demand. Each choice of these demands is tried, part by part of the request.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.access_diff.demands import OPAQUE, RESOURCE, is_premise
from deploy_access.access_diff.find_value import find_answer, pleasant_resource
from deploy_access.access_diff.key_values import LiteralDemand

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from deploy_access.access_diff.budget import Budget
    from deploy_access.access_diff.demands import Demand
    from deploy_access.access_diff.key_values import Values
    from deploy_access.access_diff.pattern_search import Text

Box = tuple["Demand", ...]
"""The demands of a statement on the resource and on the condition keys."""
_Asked = dict[str, frozenset[LiteralDemand]]
# A Deny with a condition costs a choice. 10,240 characters, as much as a role may have inline, hold
# 74 of them, and 400 leaves room for going back.
_MOST_CHOICES = 400
_COLONS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRequest:
    """
    A request.

    Attributes:
        resource: The resource, or None where it may be any.
        context: Condition keys in lower case, with their values.
        hidden: The `OPAQUE` demands and the premises on which it depends.
        is_known: Whether it is known that there is such a request.
    """

    resource: Text | None
    context: Mapping[str, Values]
    hidden: tuple[LiteralDemand, ...] = ()
    is_known: bool = True

    @property
    def is_proof(self) -> bool:
        """Whether it is there for certain, whatever is not known."""
        return self.is_known and not self.hidden


UNDECIDED = FoundRequest(resource=None, context={}, is_known=False)
"""The search was given up."""


def find_request(
    wanted: Iterable[Demand], unwanted: Iterable[Box], budget: Budget
) -> FoundRequest | None:
    """
    Find a request that meets all of *wanted* and fails a demand of every box in *unwanted*.

    Returns:
        None when it is certain that there is no such request.
    """
    asked = _ask(wanted, budget)
    if asked is None:
        return None
    search = _Search(budget)
    found = search.run(asked, list(dict.fromkeys(unwanted)))
    if found is None:
        return UNDECIDED if search.is_given_up else None
    return _request(found, budget)


def is_possible(wanted: Iterable[Demand], unwanted: Iterable[Box], budget: Budget) -> bool:
    """Whether there may be a request that `find_request` would find."""
    asked = _ask(wanted, budget)
    if asked is None:
        return False
    search = _Search(budget)
    return search.run(asked, list(dict.fromkeys(unwanted))) is not None or search.is_given_up


def _ask(wanted: Iterable[Demand], budget: Budget) -> _Asked | None:
    asked: _Asked = {}
    for one in dict.fromkeys(wanted):
        asked[one.part] = asked.get(one.part, frozenset()) | {LiteralDemand(one)}
    return None if any(find_answer(one, budget) is None for one in asked.values()) else asked


class _Search:
    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._left = _MOST_CHOICES
        self.is_given_up = False

    def run(self, asked: _Asked, boxes: Sequence[Box]) -> _Asked | None:
        """Let every box fail; None when one of them cannot."""
        if boxes and self._budget.is_spent:
            self.is_given_up = True
            return None
        settled = _settle(asked, boxes, self._budget)
        if settled is None:
            return None
        asked, open_boxes = settled
        if not open_boxes:
            return asked
        # The box with the fewest ways to fail first: it leads to a contradiction soonest.
        box = min(open_boxes, key=len)
        rest = [other for other in open_boxes if other is not box]
        for one in box:
            self._left -= 1
            if self._left < 0:
                self.is_given_up = True
                return None
            found = self.run(_with(asked, LiteralDemand(one, met=False)), rest)
            if found is not None:
                return found
            # It leads nowhere to fail this demand, so from here on it is met.
            asked = _with(asked, LiteralDemand(one))
            if find_answer(asked[one.part], self._budget) is None:
                break
        return None


def _settle(asked: _Asked, boxes: Sequence[Box], budget: Budget) -> tuple[_Asked, list[Box]] | None:
    """Fix the demands without a choice, until every box that is left can fail in several ways."""
    waiting = list(boxes)
    while True:
        left: list[Box] = []
        before = asked
        for box in waiting:
            ways = _ways_to_fail(asked, box, budget)
            if ways is None:
                continue
            if not ways:
                return None
            if len(ways) == 1:
                asked = _with(asked, LiteralDemand(ways[0], met=False))
            else:
                left.append(ways)
        if asked is before:
            return asked, left
        waiting = left


def _ways_to_fail(asked: _Asked, box: Box, budget: Budget) -> Box | None:
    """List the demands of *box* that can fail; None when one of them fails already."""
    ways: list[Demand] = []
    for one in box:
        here = asked.get(one.part, frozenset())
        if LiteralDemand(one) in here:
            continue
        if (
            LiteralDemand(one, met=False) in here
            or find_answer(here | {LiteralDemand(one)}, budget) is None
        ):
            return None
        if find_answer(here | {LiteralDemand(one, met=False)}, budget) is not None:
            ways.append(one)
    return tuple(ways)


def _with(asked: _Asked, literal: LiteralDemand) -> _Asked:
    part = literal.demand.part
    return {**asked, part: asked.get(part, frozenset()) | {literal}}


def _request(asked: _Asked, budget: Budget) -> FoundRequest:
    hidden: list[LiteralDemand] = []
    context: dict[str, Values] = {}
    resource: Text | None = None
    is_known = True
    for part, literals in asked.items():
        answer = find_answer(literals, budget)
        some = next(iter(literals)).demand
        if some.operator == OPAQUE or is_premise(some):
            hidden += literals
        elif answer is None or not answer.is_known:
            is_known = False
        elif part == RESOURCE:
            plain = answer.values[0]
            resource = plain if _is_arn(plain) else pleasant_resource(literals) or plain
        else:
            context[part] = answer.values
    return FoundRequest(resource=resource, context=context, hidden=tuple(hidden), is_known=is_known)


def _is_arn(text: Text) -> bool:
    """Whether it is a whole ARN, as in a policy that names one."""
    return isinstance(text, str) and text.count(":") == _COLONS and not text.endswith(":")
