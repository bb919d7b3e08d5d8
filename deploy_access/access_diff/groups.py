"""
Groups of actions that the same statements of both sides are about.

One search answers for all actions of a group, so `*` with its twenty thousand actions costs as much
as a few.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from deploy_access.access_diff.pattern_search import Clause, TooManyStatesError, Work, find_text
from deploy_access.access_diff.pattern_set import Texts
from deploy_access.iam.actions import actions_matching, all_but, is_everything, is_listed
from deploy_access.iam.pattern_machine import Wild
from deploy_access.iam.patterns import WILDCARDS
from deploy_access.iam.references import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from deploy_access.access_diff.clauses import PolicyClause
    from deploy_access.iam.pattern_machine import Pattern

# Up to so many actions are excluded by name when an action is sought that AWS does not have yet.
# Of more the shortest text that matches serves, which is none of AWS's names.
_FEW = 200
# Each further pattern of a service can double the cells. 160,000 characters, as much as 25 managed
# policies hold, with `Get*`, `List*` and the like of every service come to 5 patterns, one cell and
# 1,200 steps.
_MOST_CELLS = 16
_MOST_PATTERNS = 12
_MOST_STEPS = 100_000
_IN_PART = {"*": Wild.ANY_IN_PART, "?": Wild.ONE_IN_PART}


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """
    Some actions.

    Attributes:
        about: The statements that are about them.
        actions: The actions, in lower case; a pattern for actions that AWS may add.
        sample: An action that AWS may add; else empty.
        is_rest: Whether it is every action that no statement names; *actions* is empty then.
        all_named: The actions of all other groups, for the rest.
        unlisted: Those of *actions* that AWS's list does not have.
    """

    about: frozenset[PolicyClause]
    actions: frozenset[str] = frozenset()
    sample: str = ""
    is_rest: bool = False
    all_named: frozenset[str] = field(default=frozenset(), repr=False)
    unlisted: frozenset[str] = frozenset()

    def meant_by(self, rule: PolicyClause, pattern: str | None) -> frozenset[str]:
        """List the actions that *pattern* matches, or the whole rule where it is None."""
        if rule not in self.about:
            return frozenset()
        if self.is_rest:
            return all_but(self.all_named)
        if pattern is None or is_everything(pattern):
            return self.actions
        listed = self.actions & actions_matching(pattern)
        return listed | _matched(pattern, self.unlisted) if self.unlisted else listed

    @property
    def example(self) -> str:
        """One of the actions, with which the evaluator is asked."""
        if self.is_rest:
            return min(all_but(self.all_named), default="new:action")
        return self.sample or min(self.actions)


def groups_of(
    rules: Sequence[PolicyClause], known: frozenset[str] | None = None
) -> tuple[Group, ...]:
    """
    Put the actions of *rules* into groups.

    Args:
        rules: The statements of both sides.
        known: The only actions there are; all that AWS publishes, and all that are named, when it
            is left out.
    """
    # A set of statements is a number with a bit for each: twenty thousand actions are grouped by
    # comparing numbers, and `NotAction` flips its bit at the end.
    found = defaultdict[str, int](int)
    everything = negated = 0
    unlisted = _unlisted(rules) if known is None else frozenset[str]()
    for place, rule in enumerate(rules):
        bit = 1 << place
        negated |= bit * rule.all_but
        for pattern in rule.named:
            if is_everything(pattern):
                everything |= bit
            else:
                for action in _meant(pattern, known):
                    found[action] |= bit
                for action in _matched(pattern, unlisted) if unlisted else ():
                    found[action] |= bit
    if known is not None:
        found |= {action: found[action] for action in known}
    by_rules = defaultdict[int, set[str]](set)
    for action, bits in found.items():
        by_rules[(bits | everything) ^ negated].add(action)
    groups = [
        Group(about=_pick(rules, bits), actions=frozenset(actions), unlisted=unlisted & actions)
        for bits, actions in sorted(by_rules.items(), key=lambda one: min(one[1]))
    ]
    rest = everything ^ negated
    if known is None and rest:
        named = frozenset(found)
        groups.append(Group(about=_pick(rules, rest), is_rest=True, all_named=named))
    return tuple(groups)


def _pick(rules: Sequence[PolicyClause], bits: int) -> frozenset[PolicyClause]:
    return frozenset(rule for place, rule in enumerate(rules) if bits >> place & 1)


def _meant(pattern: str, known: frozenset[str] | None) -> frozenset[str]:
    if known is None:
        return actions_matching(pattern)
    return known & {pattern} if not has_wildcard(pattern) else _matched(pattern, known)


def _matched(pattern: str, actions: frozenset[str]) -> frozenset[str]:
    return frozenset(one for one in actions if _texts(pattern).match(one))


def _unlisted(rules: Iterable[PolicyClause]) -> frozenset[str]:
    """List the actions that are named and AWS's list does not have: wildcards mean them too."""
    return frozenset(one for rule in rules for one in rule.named if _is_unlisted(one))


@lru_cache(maxsize=8192)  # the same few hundred actions stand in the policies of all roles
def _is_unlisted(pattern: str) -> bool:
    return not has_wildcard(pattern) and not is_listed(pattern)


def groups_of_new(pattern: str, rules: Iterable[PolicyClause]) -> Iterator[Group]:
    """List groups for the actions that AWS may add and *pattern* matches, by the other patterns."""
    listed = list(rules)
    wild = {one for rule in listed for one in rule.named if has_wildcard(one)}
    named = frozenset(one for rule in listed for one in rule.named if not has_wildcard(one))
    for sample in _samples(pattern, frozenset(wild), named):
        about = frozenset(rule for rule in listed if _means(rule, sample))
        yield Group(about=about, actions=frozenset({pattern}), sample=sample)


def group_of_hidden(rules: Iterable[PolicyClause]) -> Group:
    """Return the group of all actions, for a policy whose content is not known."""
    about = frozenset(r for r in rules if not r.all_but and any(map(is_everything, r.named)))
    return Group(about=about, actions=frozenset({"*"}))


def _means(rule: PolicyClause, sample: str) -> bool:
    return any(_texts(one).match(sample) for one in rule.named) != rule.all_but


@lru_cache(maxsize=4096)
def _samples(pattern: str, wild: frozenset[str], named: frozenset[str]) -> tuple[str, ...]:
    """Find an action that no statement names, for each combination of the other patterns."""
    known = actions_matching(pattern)
    names = named | known if len(known) <= _FEW else named
    cells = [[Clause(_texts(pattern)), Clause(Texts(plain=names), wanted=False)]]
    work = Work()
    others = sorted(one for one in wild - {pattern} if _may_meet(one, pattern))
    for other in others if len(others) <= _MOST_PATTERNS else ():
        if len(cells) > _MOST_CELLS or work.steps > _MOST_STEPS:
            break
        both = [[*cell, Clause(_texts(other), w)] for cell in cells for w in (True, False)]
        cells = [cell for cell in both if _find(cell, work) is not None]
    return tuple(sample for cell in cells if (sample := _find(cell, work)))


def _may_meet(one: str, other: str) -> bool:
    """Whether *one* is no pattern for everything and may name the same service as *other*."""
    here, there = one.partition(":")[0], other.partition(":")[0]
    is_open = has_wildcard(here) or has_wildcard(there)
    return not is_everything(one) and (here == there or is_open)


def _find(cell: Sequence[Clause], work: Work) -> str | None:
    try:
        found = find_text(cell, work=work)
    except TooManyStatesError:
        return None
    return None if found is None else "".join(map(str, found))


@lru_cache(maxsize=8192)
def _texts(pattern: str) -> Texts:
    # No action has two colons, so that a wildcard beside one stays on its side of it.
    wildcards = _IN_PART if ":" in pattern else WILDCARDS
    tokens: Pattern = tuple(wildcards.get(letter, letter) for letter in pattern.lower())
    return Texts(patterns=(tokens,)) if has_wildcard(pattern) else Texts(plain=frozenset({pattern}))
