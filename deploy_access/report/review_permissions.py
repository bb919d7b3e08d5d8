"""What may be done where, in phrases: grants that differ in the action alone are one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.report.review_item import Line
from deploy_access.report.review_phrase import Prose, Value, listed, separated
from deploy_access.report.review_words import number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from deploy_access.report.review_item import Mark
    from deploy_access.report.review_phrase import Phrase
    from deploy_access.review.model import Level, PermissionGrant, Witness

LEVELS: tuple[Level, ...] = (
    "permissions management",
    "write",
    "unknown",
    "tagging",
    "read",
    "list",
)
"""From the one that gives the most away."""
_LABELS: Mapping[Level, str] = {"unknown": "of unknown level"}
_OTHER_SIDE: Mapping[Mark, str] = {"-": ", now "}
_ACTIONS, _RESOURCES = 8, 4


def permission_lines(
    mark: Mark, grants: Iterable[PermissionGrant], beginning: str = ""
) -> list[Line]:
    """Say what may be done: the worst first, then in the order of the grants."""
    groups = _grouped(([grant] for grant in grants), _but_the_action)
    groups = _grouped(groups, _but_the_resource)
    return [Line(mark, (beginning, *_phrase(group, mark))) for group in sorted(groups, key=_danger)]


def _grouped(
    groups: Iterable[Sequence[PermissionGrant]],
    likeness: Callable[[Sequence[PermissionGrant]], object],
) -> list[list[PermissionGrant]]:
    """Put together those that are alike."""
    found: dict[object, list[PermissionGrant]] = {}
    for group in groups:
        found.setdefault(likeness(group), []).extend(group)
    return [*found.values()]


def _but_the_action(group: Sequence[PermissionGrant]) -> object:
    """Return what grants have in common that differ in the action; a wildcard is alone."""
    written = "" if _is_one_action(group[0]) else group[0].action
    return written, group[0].resource, *_circumstances(group[0])


def _but_the_resource(group: Sequence[PermissionGrant]) -> object:
    return frozenset(grant.action for grant in group), *_circumstances(group[0])


def _circumstances(grant: PermissionGrant) -> tuple[object, ...]:
    return grant.conditions, grant.principal, grant.certain, grant.why, grant.before


def _is_one_action(grant: PermissionGrant) -> bool:
    return [*grant.actions.values()] == [(grant.action,)]


def _danger(group: Sequence[PermissionGrant]) -> int:
    ranks = (LEVELS.index(level) for grant in group for level in grant.actions)
    return min(ranks, default=LEVELS.index("unknown"))


def _phrase(group: Sequence[PermissionGrant], mark: Mark) -> Phrase:
    first = group[0]
    return (
        "" if first.certain else "perhaps ",
        *((Value(first.principal), " ") if first.principal else ()),
        "may use ",
        *(_actions(group) if _is_one_action(first) else _wildcard(first)),
        *_where(group),
        *_conditions(first.conditions),
        *_example(first),
        *((_OTHER_SIDE.get(mark, ", before "), Prose(first.before)) if first.before else ()),
        *((": ", Prose(first.why)) if first.why else ()),
    )


def _actions(group: Sequence[PermissionGrant]) -> Phrase:
    by_level: dict[Level, list[str]] = {level: [] for level in LEVELS}
    for grant in group:
        for level, actions in grant.actions.items():
            by_level[level] += [action for action in actions if action not in by_level[level]]
    phrases = [
        (*listed(actions, _ACTIONS), f" ({_LABELS.get(level, level)})")
        for level, actions in by_level.items()
        if actions
    ]
    return separated(phrases, ", ")


def _wildcard(grant: PermissionGrant) -> Phrase:
    counts = [
        f"{len(grant.actions[level])} {_LABELS.get(level, level)}"
        for level in LEVELS
        if grant.actions.get(level)
    ]
    actions = number(sum(map(len, grant.actions.values())), "action")
    return (Value(grant.action), f" ({actions}: {', '.join(counts)})" if counts else "")


def _where(group: Sequence[PermissionGrant]) -> Phrase:
    resources = [*dict.fromkeys(grant.resource for grant in group)]
    if group[0].principal and resources == ["*"]:
        return ()
    return (" on ", *listed(resources, _RESOURCES))


def _conditions(conditions: Iterable[str]) -> Phrase:
    phrases = separated([(Value(condition),) for condition in conditions], " and ")
    return (" if ", *phrases) if phrases else ()


def _example(grant: PermissionGrant) -> Phrase:
    return _shown_witness(grant.witness) if grant.witness and _is_open(grant) else ()


def _is_open(grant: PermissionGrant) -> bool:
    """Whether an example tells more than the grant itself."""
    return not _is_one_action(grant) or any(char in grant.resource[1:] for char in "*?")


def _shown_witness(witness: Witness) -> Phrase:
    return (
        ", for example ",
        Value(witness.action),
        " on ",
        Value(witness.resource),
        *_asked(witness),
    )


def _asked(witness: Witness) -> Iterator[str | Value | Prose]:
    pairs = [(Value(f"{key} = {value}"),) for key, value in sorted(witness.context.items())]
    yield from (" with ", *separated(pairs, ", ")) if pairs else ()
