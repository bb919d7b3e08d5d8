"""The requests that one side allows and the other does not."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from deploy_access.access_diff.groups import Group, group_of_hidden, groups_of, groups_of_new
from deploy_access.access_diff.requests import find_request, is_possible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.access_diff.clauses import PolicyClause
    from deploy_access.access_diff.effective_policy import EffectivePolicy
    from deploy_access.access_diff.find_value import Budget
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
        else:
            yield from (group for group in self.groups if rule in group.about)

    def new_actions(self, pattern: str) -> Iterator[Group]:
        """List groups for the actions that AWS may add and *pattern* will match."""
        return groups_of_new(pattern.lower(), self.rules)

    def find(self, box: Box, group: Group) -> Gain | None:
        """Find a request within *box* that the head allows and the base does not."""
        key = (box, group)
        if key not in self._found:
            self._found[key] = self._find(box, group)
        return self._found[key]

    def _find(self, box: Box, group: Group) -> Gain | None:
        denied = [rule.box for rule in self.head.denies if rule in group.about]
        for through, more, unwanted in self._ways(group):
            for bound in self._bounds(group):
                found = find_request((*box, *bound, *more), (*denied, *unwanted), self._budget)
                if found is not None:
                    return Gain(group=group, request=found, through=through)
        return None

    def _ways(self, group: Group) -> Iterator[tuple[Through, Box, list[Box]]]:
        """List why the base may have denied it: the demands it met, and the boxes it failed."""
        # The plainest reason first: the first one with a request is reported.
        yield "", (), [rule.box for rule in self.base.allows if rule in group.about]
        if self.base.bounds is not None and self.base.bounds != self.head.bounds:
            yield "boundary", (), [rule.box for rule in self.base.bounds if rule in group.about]
        # A Deny of both sides hides the same on both; one that is gone may have hidden a gain.
        for rule in self.base.denies:
            if rule in group.about and rule not in self.head.denies:
                yield "deny", rule.box, []

    def _bounds(self, group: Group) -> list[Box]:
        if self.head.bounds is None:
            return [()]
        return [rule.box for rule in self.head.bounds if rule in group.about]

    def is_alive(self, box: Box, group: Group) -> bool:
        """Whether the head allows any request within *box*."""
        denied = [rule.box for rule in self.head.denies if rule in group.about]
        return any(
            is_possible((*box, *bound), denied, self._budget) for bound in self._bounds(group)
        )
