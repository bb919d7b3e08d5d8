"""Permissions as phrases; grants that differ only in the action are one line."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from deploy_access.access_diff.plausible import SOMETHING
from deploy_access.iam.access_level import LEVELS, TAKES_OVER
from deploy_access.iam.width import NARROWEST, by_width, widest_first, width
from deploy_access.report.review_phrase import PhraseLine, Prose, Quoted, listed, number, separated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from deploy_access.access_diff.model import PermissionGrant, Witness
    from deploy_access.iam.access_level import Level
    from deploy_access.iam.width import Width
    from deploy_access.report.review_phrase import Mark, Phrase

FIRST = {"iam", "organizations", "sts"}
"""The services whose actions stand first among those of one level."""
_LABELS: Mapping[Level, str] = {"unknown": "of unknown level"}
_OTHER_SIDE: Mapping[Mark, str] = {"-": ", now "}
# The names that one line lists of each: a push has six actions, ECS's deploy passes few roles.
_ACTIONS, _RESOURCES = 8, 4


def permission_lines(
    mark: Mark, grants: Iterable[PermissionGrant], account: str, beginning: str = ""
) -> list[PhraseLine]:
    """Return permissions as lines, the most dangerous first."""
    # First join the actions on one resource, then the resources of one list of actions.
    groups = _grouped(([grant] for grant in grants), _but_the_action)
    groups = _grouped(groups, _but_the_resource)
    return [
        PhraseLine(mark, (beginning, *_phrase(group, mark, account)))
        for group in most_dangerous_first(groups, account)
    ]


def most_dangerous_first(
    groups: Iterable[Sequence[PermissionGrant]], account: str
) -> list[Sequence[PermissionGrant]]:
    """Sort by danger; of equally dangerous groups the widest come first."""
    return [
        group
        for _, equal in groupby(sorted(groups, key=_danger), key=_danger)
        for group in widest_first(equal, lambda group: reach(group, account))
    ]


def reach(grants: Iterable[PermissionGrant], account: str) -> Width:
    """Return the width of the widest principal or, where a role has the grants, resource."""
    found = (width(grant.principal or grant.resource, account) for grant in grants)
    return min(found, default=NARROWEST)


def _grouped(
    groups: Iterable[Sequence[PermissionGrant]],
    likeness: Callable[[Sequence[PermissionGrant]], object],
) -> list[list[PermissionGrant]]:
    """Merge the groups that have the same *likeness*."""
    found: dict[object, list[PermissionGrant]] = {}
    for group in groups:
        found.setdefault(likeness(group), []).extend(group)
    return [*found.values()]


def _but_the_action(group: Sequence[PermissionGrant]) -> object:
    """Return the likeness of grants that differ in the action only; a wildcard stays alone."""
    written = "" if _is_one_action(group[0]) else group[0].action
    return written, group[0].resource, *_circumstances(group[0])


def _but_the_resource(group: Sequence[PermissionGrant]) -> object:
    return frozenset(grant.action for grant in group), *_circumstances(group[0])


def _circumstances(grant: PermissionGrant) -> tuple[object, ...]:
    return grant.conditions, grant.principal, grant.certain, grant.why, grant.before


def _is_one_action(grant: PermissionGrant) -> bool:
    return [*grant.actions.values()] == [(grant.action,)]


def danger(grants: Iterable[PermissionGrant]) -> int:
    """Return the rank of the most dangerous grant: 0 gives access away, a higher one is milder."""
    return min(map(_rank, grants), default=len(LEVELS))


def _rank(grant: PermissionGrant) -> int:
    if any(action.lower() in TAKES_OVER for found in grant.actions.values() for action in found):
        return 0
    # Without a list it is all of a policy that is not known, which may give access away.
    ranks = (LEVELS.index(level) for level, found in grant.actions.items() if found)
    return min(ranks, default=LEVELS.index("unknown") if grant.actions else 0)


def _danger(group: Sequence[PermissionGrant]) -> tuple[int, bool, bool]:
    """The key to sort by: among equally dangerous groups `*` first, then what gives access away."""
    is_first = any(_order_of(grant.action) < _LAST for grant in group)
    return danger(group), all(grant.action != "*" for grant in group), not is_first


def _order_of(action: str) -> tuple[bool, bool]:
    return action.lower() not in TAKES_OVER, action.partition(":")[0].lower() not in FIRST


_LAST = (True, True)


def _phrase(group: Sequence[PermissionGrant], mark: Mark, account: str) -> Phrase:
    first = group[0]
    return (
        "" if first.certain else "perhaps ",
        *((Quoted(first.principal), " ") if first.principal else ()),
        "may use ",
        *(_actions(group) if _is_one_action(first) else _wildcard(first)),
        *_where(group, account),
        *_conditions(first.conditions),
        *_example(first),
        *on_other_side(first.before, mark),
        *((": ", Prose(first.why)) if first.why else ()),
    )


def on_other_side(before: str, mark: Mark) -> Phrase:
    """Return the part that the other side has: before, of new access; now, of lost access."""
    return (_OTHER_SIDE.get(mark, ", before "), Prose(before)) if before else ()


def _actions(group: Sequence[PermissionGrant]) -> Phrase:
    by_level: dict[Level, list[str]] = {level: [] for level in LEVELS}
    for grant in group:
        for level, actions in grant.actions.items():
            by_level[level] += [action for action in actions if action not in by_level[level]]
    phrases = [
        (*listed(sorted(actions, key=_order_of), _ACTIONS), f" ({_LABELS.get(level, level)})")
        for level, actions in by_level.items()
        if actions
    ]
    return separated(phrases, ", ")


def _wildcard(grant: PermissionGrant) -> Phrase:
    if grant.policy:
        return ("all that ", Quoted(grant.policy), " allows")
    counts = [
        f"{len(grant.actions[level])} {_LABELS.get(level, level)}"
        for level in LEVELS
        if grant.actions.get(level)
    ]
    actions = number(sum(map(len, grant.actions.values())), "action")
    return (Quoted(grant.action), f" ({actions}: {', '.join(counts)})" if counts else "")


def _where(group: Sequence[PermissionGrant], account: str) -> Phrase:
    resources = by_width(dict.fromkeys(grant.resource for grant in group), account)
    if group[0].principal and resources == ["*"]:
        return ()
    return (" on ", *listed(resources, _RESOURCES))


def _conditions(conditions: Iterable[str]) -> Phrase:
    phrases = separated([(Quoted(condition),) for condition in conditions], " and ")
    return (" if ", *phrases) if phrases else ()


def _example(grant: PermissionGrant) -> Phrase:
    witness = grant.witness
    return _shown_witness(witness) if witness and _is_open(grant, witness) else ()


def _is_open(grant: PermissionGrant, witness: Witness) -> bool:
    """Whether an example says more than the grant itself with a text for each wildcard."""
    is_open = any(char in grant.resource[1:] for char in "*?")
    said = {grant.resource.replace("*", text) for text in ("", SOMETHING)}
    return not _is_one_action(grant) or (is_open and witness.resource not in said)


def _shown_witness(witness: Witness) -> Phrase:
    return (
        ", for example ",
        Quoted(witness.action),
        " on ",
        Quoted(witness.resource),
        *_asked(witness),
    )


def _asked(witness: Witness) -> Iterator[str | Quoted | Prose]:
    pairs = [(Quoted(f"{key} = {value}"),) for key, value in sorted(witness.context.items())]
    yield from (" with ", *separated(pairs, ", ")) if pairs else ()
