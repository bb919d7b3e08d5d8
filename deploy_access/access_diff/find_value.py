"""The search for a value of one part of a request that meets some demands and fails others."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

from deploy_access.access_diff.demands import OPAQUE, RESOURCE, alternatives
from deploy_access.access_diff.key_values import LiteralDemand, Values, find_values
from deploy_access.access_diff.pattern_search import Clause, TooManyStatesError, Work, find_text
from deploy_access.access_diff.pattern_set import Texts
from deploy_access.iam.pattern_machine import Wild

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deploy_access.access_diff.budget import Budget
    from deploy_access.access_diff.pattern_search import Text

_ANY, _SOME = Wild.ANY_IN_PART, Wild.ONE_IN_PART
_WHOLE_ARN = Clause(
    Texts(
        patterns=((*"arn:aws:", _SOME, _ANY, ":", _ANY, ":", _ANY, ":", _SOME, _ANY),),
    )
)
_NO_RESOURCE = "*"


@dataclass(frozen=True, slots=True)
class Answer:
    """
    A value for one part of a request.

    Attributes:
        values: The texts of a condition key, none for a key that is absent; one for a resource.
        is_known: Whether the value is certain; otherwise it is not known whether there is one.
    """

    values: Values = ()
    is_known: bool = True


UNDECIDED = Answer(is_known=False)
"""The answer where it is not known whether there is a value."""


def find_answer(asked: frozenset[LiteralDemand], budget: Budget) -> Answer | None:
    """
    Find a value that meets some demands and fails the others; None when there is none.

    When the budget is spent, no further one is decided. A remembered
    answer costs as much as a new one, so that the result never depends on what was asked before.
    """
    if budget.is_spent:
        return UNDECIDED
    answer, cost = _answer(asked)
    budget.spend(cost)
    return answer


@lru_cache(maxsize=65536)
def _answer(asked: frozenset[LiteralDemand]) -> tuple[Answer | None, int]:
    work = Work()
    try:
        answer = _find_answer(asked, work)
    except TooManyStatesError:
        answer = UNDECIDED
    return answer, 1 + work.steps


def _find_answer(asked: frozenset[LiteralDemand], work: Work) -> Answer | None:
    if any(literal.met and LiteralDemand(literal.demand, met=False) in asked for literal in asked):
        return None
    some = next(iter(asked)).demand
    if some.operator == OPAQUE:
        return UNDECIDED
    literals = sorted(asked, key=LiteralDemand.order)
    if some.part == RESOURCE:
        found = _find_resource(literals, work)
        return None if found is None else Answer((found,))
    values = find_values(literals, work)
    return None if values is None else Answer(values)


def pleasant_resource(asked: frozenset[LiteralDemand]) -> Text | None:
    """Find a resource as `find_answer` does, but `*` or a whole ARN if one of them is possible."""
    literals = sorted(asked, key=LiteralDemand.order)
    if all("*" in literal.demand.values for literal in literals if literal.met):
        clauses = next(_ways(literals))
        if all(one.texts.match(_NO_RESOURCE) == one.wanted for one in clauses):
            return _NO_RESOURCE
    try:
        return _find_resource(literals, Work(), _WHOLE_ARN)
    except TooManyStatesError:
        return None


def _find_resource(literals: Sequence[LiteralDemand], work: Work, *more: Clause) -> Text | None:
    for clauses in _ways(literals):
        found = find_text([*clauses, *more], work=work)
        if found is not None:
            return found
    return None


def _ways(literals: Sequence[LiteralDemand]) -> Iterator[list[Clause]]:
    for way in product(*(alternatives(one.demand, met=one.met) for one in literals)):
        yield [clause for clauses in way for clause in clauses]
