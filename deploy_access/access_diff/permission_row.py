"""One row of the result: an action and a resource as they are written, and what was gained."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from deploy_access.access_diff.condition_text import joined, phrases
from deploy_access.access_diff.demands import is_premise
from deploy_access.access_diff.requests import is_possible
from deploy_access.access_diff.witness import GainProof, certify
from deploy_access.iam.action_list import list_date
from deploy_access.iam.action_resources import may_take
from deploy_access.iam.actions import is_everything
from deploy_access.iam.references import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from deploy_access.access_diff.budget import Budget
    from deploy_access.access_diff.clauses import PolicyClause
    from deploy_access.access_diff.compare_policies import Gain, PolicyComparison
    from deploy_access.access_diff.groups import Group
    from deploy_access.access_diff.requests import Box

    Proven = tuple[Gain, GainProof]


_LIFTED = {"boundary": "the boundary was widened", "deny": "a Deny was lifted"}
_ADDED = {"boundary": "the boundary was narrowed", "deny": "a Deny was added"}
_REMOVED = "the boundary was removed"
_NEW_BOUNDARY = "a boundary was added"


@dataclass(frozen=True, slots=True, kw_only=True)
class PermissionRow:
    """
    A part of a rule of the head.

    Attributes:
        rule: The rule.
        action: As it is written; all but what is named for a `NotAction`.
        resource: As it is written.
        actions: The matching actions, in lower case.
        gains: The requests that were gained, each with its proof; none where the row was kept.
        why: Why it is new where the rule is not, or why that cannot be decided.
    """

    rule: PolicyClause
    action: str
    resource: str
    actions: frozenset[str]
    gains: tuple[Proven, ...] = field(default=(), repr=False)
    why: str = ""

    @property
    def is_certain(self) -> bool:
        """Whether it is proven."""
        return all(proof.is_certain for _, proof in self.gains)

    @property
    def place(self) -> tuple[PolicyClause, str, str]:
        """The rule, and the part of it."""
        return self.rule, self.action, self.resource


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A rule on one of its resources."""

    rule: PolicyClause
    resource: str
    box: Box


def gained_rows(found: PolicyComparison, *, reverse: bool = False) -> Iterator[PermissionRow]:
    """
    List the parts of the head's rules that allow more than the base.

    Args:
        found: The comparison.
        reverse: Whether head and base were swapped, so that all of it was lost.
    """
    for rule in found.head.allows:
        if found.is_untouched(rule):
            continue
        for resource, box in rule.parts():
            part = _Part(rule=rule, resource=resource, box=box)
            proven = [_proven(gain, found) for gain in _gains(found, rule, box)]
            for pattern in _patterns(rule):
                yield from _gained(found, part, pattern, proven, reverse=reverse)


def kept_rows(found: PolicyComparison, gained: Iterable[PermissionRow]) -> Iterator[PermissionRow]:
    """List the parts of the head's rules that allow something and gained nothing."""
    places = {row.place for row in gained}
    for rule in found.head.allows:
        for resource, box in rule.parts():
            for pattern in _patterns(rule):
                groups = ((g, g.meant_by(rule, pattern)) for g in found.groups_for(rule))
                meant = [(group, actions) for group, actions in groups if actions]
                is_alive = any(
                    found.is_alive(box, group) and not _is_inert(rule, resource, actions)
                    for group, actions in meant
                )
                action = _written(rule, pattern)
                named = frozenset[str]().union(*(actions for _, actions in meant))
                if is_alive and (rule, action, resource) not in places:
                    yield PermissionRow(rule=rule, action=action, resource=resource, actions=named)


def _gains(found: PolicyComparison, rule: PolicyClause, box: Box) -> Iterator[Gain]:
    for group in found.groups_for(rule):
        gain = found.find(box, group)
        if gain is not None:
            yield gain


def _proven(gain: Gain, found: PolicyComparison) -> Proven:
    return gain, certify(gain, found.base, found.head)


def _gained(
    found: PolicyComparison,
    part: _Part,
    pattern: str | None,
    proven: Iterable[Proven],
    *,
    reverse: bool,
) -> Iterator[PermissionRow]:
    """Write a row for the gains of one pattern that are equally certain, for the same reason."""
    rule = part.rule
    sorted_in: dict[tuple[bool, str], list[Proven]] = {}
    # One row for each certainty and reason, so that no certain gain is shown as a guess.
    for gain, proof in proven:
        if gain.group.meant_by(rule, pattern):
            why = "; ".join(filter(None, [_through(gain, found, reverse=reverse), proof.why]))
            sorted_in.setdefault((proof.is_certain, why), []).append((gain, proof))
    if not sorted_in and found.knows_all_of_aws and not rule.hidden:
        sorted_in = _new_actions(found, part, pattern, reverse=reverse)
    for (_, why), several in sorted_in.items():
        actions = frozenset[str]().union(*(_meant(g, rule, pattern) for g, _ in several))
        if _is_inert(rule, part.resource, actions):
            continue
        yield PermissionRow(
            rule=rule,
            action=_written(rule, pattern),
            resource=part.resource,
            actions=actions,
            gains=tuple(several),
            why=why,
        )


def _is_inert(rule: PolicyClause, resource: str, actions: frozenset[str]) -> bool:
    """Whether none of the actions may be on such a resource, so that nothing is allowed."""
    if rule.hidden or rule.but_resources or resource == "*":
        return False
    return bool(actions) and not any(may_take(action, resource) for action in actions)


def _meant(gain: Gain, rule: PolicyClause, pattern: str | None) -> frozenset[str]:
    """List the actions of a gain; a policy whose content is not known has no list."""
    if rule.hidden:
        return frozenset()
    return gain.group.meant_by(rule, pattern) or gain.group.actions


def _new_actions(
    found: PolicyComparison, part: _Part, pattern: str | None, *, reverse: bool
) -> dict[tuple[bool, str], list[Proven]]:
    """Compare the actions that AWS may add, when no action of its list is gained."""
    sorted_in: dict[tuple[bool, str], list[Proven]] = {}
    for group in _groups_of_new(found, part.rule, pattern):
        gain = found.find(part.box, group)
        if gain is not None:
            proven = _proven(gain, found)
            through = _through(gain, found, reverse=reverse)
            why = f"it is about actions that AWS's list of {list_date()} does not have"
            whole = "; ".join(filter(None, [through, why, proven[1].why]))
            sorted_in.setdefault((proven[1].is_certain, whole), []).append(proven)
    return sorted_in


def _groups_of_new(
    found: PolicyComparison, rule: PolicyClause, pattern: str | None
) -> Iterable[Group]:
    """List the groups for one pattern of a rule; `*` and a `NotAction` mean those of the others."""
    if pattern is None or is_everything(pattern):
        return [group for group in found.new_actions_of_one_side if rule in group.about]
    return found.new_actions(pattern) if has_wildcard(pattern) else ()


def _patterns(rule: PolicyClause) -> tuple[str | None, ...]:
    """List the actions as they are written; None stands for the whole of a `NotAction`."""
    return (None,) if rule.all_but else tuple(dict.fromkeys(rule.actions))


def _written(rule: PolicyClause, pattern: str | None) -> str:
    if rule.hidden:
        return f"all that {rule.hidden} allows"
    return f"all but {', '.join(rule.actions)}" if pattern is None else pattern


def _through(gain: Gain, found: PolicyComparison, *, reverse: bool) -> str:
    text = (_ADDED if reverse else _LIFTED).get(gain.through, "")
    if gain.through == "boundary" and found.head.bounds is None:
        text = _NEW_BOUNDARY if reverse else _REMOVED
    # The Deny may be in a policy whose content is not known, or may not be there.
    is_guess = any(
        is_premise(one.demand) or (one.met and one.demand.values == ("Deny",))
        for one in gain.request.hidden
    )
    return text.replace("was", "may have been") if is_guess else text


def earlier(row: PermissionRow, allows: Sequence[PolicyClause], budget: Budget) -> str:
    """
    Say which part the base allowed of the same actions; empty when it is none, or all.

    Args:
        row: The row of what is new.
        allows: The `Allow` clauses of the base.
        budget: What the answers may cost.
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
    everywhere = [rule for rule in about if _reaches(rule, row, budget)]
    conditional = {" and ".join(phrases(rule.conditions)) for rule in everywhere}
    if everywhere and "" not in conditional:
        return f"only if {joined(conditional)}"
    if everywhere:
        return ""
    return f"only on {joined(_resources(rule) for rule in about)}"


def _reaches(rule: PolicyClause, row: PermissionRow, budget: Budget) -> bool:
    box = next(box for resource, box in row.rule.parts() if resource == row.resource)
    on: Box = tuple(one for one in box if not one.part)
    return not rule.on or not is_possible(on, [rule.on], budget)


def _resources(rule: PolicyClause) -> str:
    return f"all but {joined(rule.resources)}" if rule.but_resources else joined(rule.resources)
