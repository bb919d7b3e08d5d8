"""The requests that one side allows and the other does not."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from deploy_access.access_diff.demands import is_premise
from deploy_access.access_diff.groups import Group, group_of_hidden, groups_of, groups_of_new
from deploy_access.access_diff.requests import find_request, is_possible
from deploy_access.iam.actions import is_everything
from deploy_access.iam.references import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deploy_access.access_diff.budget import Budget
    from deploy_access.access_diff.clauses import PolicyClause
    from deploy_access.access_diff.effective_policy import EffectivePolicy
    from deploy_access.access_diff.requests import Box, FoundRequest

Through = Literal["", "boundary", "deny"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """
    A request that only the head allows.

    Attributes:
        group: Its actions.
        request: Its resource and its context.
        through: What denied it in the base: `boundary`, `deny`, or nothing when no statement
            allowed it.
    """

    group: Group
    request: FoundRequest
    through: Through


class PolicyComparison:
    """
    The comparison of two sides, in one direction.

    Args:
        base: The side before the change.
        head: The side after it.
        budget: What the answers may cost.
        known: The actions that can be asked for, where those are not all of AWS's.
    """

    def __init__(
        self,
        base: EffectivePolicy,
        head: EffectivePolicy,
        budget: Budget,
        known: frozenset[str] | None = None,
    ) -> None:
        self.base = base
        self.head = head
        self._budget = budget
        self._known = known
        self._same_limits = base.is_limited_by == head.is_limited_by
        self._in_base = frozenset(base.allows)
        self._found: dict[tuple[Box, Group], Gain | None] = {}

    @cached_property
    def rules(self) -> tuple[PolicyClause, ...]:
        """The statements of both sides, each once."""
        return tuple(dict.fromkeys((*self.base.everything, *self.head.everything)))

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The actions of both sides."""
        return groups_of(self.rules, self._known)

    @cached_property
    def _has_premises(self) -> bool:
        return any(rule.perhaps for rule in (*self.base.everything, *self.head.everything))

    @property
    def knows_all_of_aws(self) -> bool:
        """Whether every action of AWS can be asked for."""
        return self._known is None

    def is_untouched(self, rule: PolicyClause) -> bool:
        """Whether a rule of the head stands in the base too, under the same limits."""
        return self._same_limits and rule in self._in_base

    def groups_for(self, rule: PolicyClause) -> Iterator[Group]:
        """List the groups that a rule of the head is about."""
        if rule.hidden:
            yield group_of_hidden(self.rules)
        # What is not known may allow what a Deny of the base alone denied, of some actions only.
        lifted = frozenset(self.base.denies).difference(self.head.denies) if rule.hidden else None
        for group in self.groups:
            if rule in group.about and (lifted is None or lifted & group.about):
                yield group

    def new_actions(self, pattern: str) -> Iterator[Group]:
        """List groups for the actions that AWS may add and *pattern* will match."""
        return groups_of_new(pattern.lower(), self.rules)

    @cached_property
    def new_actions_of_one_side(self) -> tuple[Group, ...]:
        """Groups for the actions that AWS may add and a pattern of one side only will match."""
        one_sided = frozenset(self.base.everything) ^ frozenset(self.head.everything)
        named = {one for rule in one_sided for one in rule.named if has_wildcard(one)}
        patterns = sorted(one for one in named if not is_everything(one))
        return tuple(group for one in patterns for group in self.new_actions(one))

    def find(self, box: Box, group: Group) -> Gain | None:
        """Find a request within *box* that the head allows and the base does not."""
        key = (box, group)
        if key not in self._found:
            self._found[key] = self._find(box, group)
        return self._found[key]

    def _find(self, box: Box, group: Group) -> Gain | None:
        if self._has_premises and not any(map(is_premise, box)):
            # First what is gained whatever the premises are, so that it is called certain.
            found = self._search(box, group, _Reading(is_sure=True))
            if found is not None and found.request.is_proof:
                return found
        return self._search(box, group, _Reading())

    def _search(self, box: Box, group: Group, reading: _Reading) -> Gain | None:
        denied = reading.boxes(self.head.denies, group)
        for through, more, unwanted in self._ways(group, reading):
            for bound in self._bounds(group, reading):
                found = find_request((*box, *bound, *more), (*denied, *unwanted), self._budget)
                if found is not None:
                    return Gain(group=group, request=found, through=through)
        return None

    def _ways(self, group: Group, reading: _Reading) -> Iterator[tuple[Through, Box, list[Box]]]:
        """List why the base may have denied it: the demands it met, and the boxes it failed."""
        # The plainest reason first: the first one with a request is reported.
        yield "", (), reading.boxes(self.base.allows, group)
        if self.base.bounds is not None and self.base.bounds != self.head.bounds:
            yield "boundary", (), reading.boxes(self.base.bounds, group)
        # A Deny of both sides hides the same on both; one that is gone may have hidden a gain.
        for rule in self.base.denies:
            if rule in group.about and rule not in self.head.denies and reading.takes(rule):
                yield "deny", rule.box, []

    def _bounds(self, group: Group, reading: _Reading) -> list[Box]:
        if self.head.bounds is None:
            return [()]
        return [r.box for r in self.head.bounds if r in group.about and reading.takes(r)]

    def is_alive(self, box: Box, group: Group) -> bool:
        """Whether the head allows any request within *box*."""
        reading = _Reading()
        denied = reading.boxes(self.head.denies, group)
        return any(
            is_possible((*box, *bound), denied, self._budget)
            for bound in self._bounds(group, reading)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """
    How statements are read that may not be there.

    Attributes:
        is_sure: Whether a gain must not depend on them: each is there where it takes the gain
            away, and not there where it makes it. Otherwise the search chooses.
    """

    is_sure: bool = False

    def boxes(self, rules: Iterable[PolicyClause], group: Group) -> list[Box]:
        """Return the boxes that a gain must stay out of."""
        return [
            rule.known_box if self.is_sure else rule.box for rule in rules if rule in group.about
        ]

    def takes(self, rule: PolicyClause) -> bool:
        """Whether a gain may rest on a statement."""
        return not (self.is_sure and rule.perhaps)
