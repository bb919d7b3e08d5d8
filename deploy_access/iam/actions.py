"""
Actions of AWS: what a pattern means, and what an action reads, takes and gives away.

An action is written in any case and may have wildcards, as in a policy. What AWS's list does not
have is judged by its name.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING

from deploy_access.iam.access_level import GIVING, READING, corrections_of, level_by_name
from deploy_access.iam.action_list import listed_actions, listed_services, type_arns
from deploy_access.iam.patterns import matches_plain
from deploy_access.iam.references import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.iam.access_level import Level

_PASSING = "iam:PassRole"
_WILDCARD = re.compile(r"[*?]")
_EVERYTHING = re.compile(r"\*+|\*+:\*+")
# More than any service has, so such a set is nearly all of AWS and is sorted as a whole.
_MANY = 5000
_LEVELS: tuple[Level, ...] = (
    "permissions management",
    "write",
    "tagging",
    "read",
    "list",
    "unknown",
)
_READING_NAMES = (
    *("batchcheck", "batchget", "describe", "generate", "get", "list", "lookup"),
    *("query", "scan", "search", "simulate"),
)


def matches(pattern: str, action: str) -> bool:
    """Whether an action of a policy, which may have wildcards, means *action*."""
    return matches_plain(pattern.lower(), action.lower())


def is_everything(pattern: str) -> bool:
    """Whether a pattern means all actions of all services."""
    return _EVERYTHING.fullmatch(pattern) is not None


def is_whole_service(pattern: str) -> bool:
    """Whether a pattern means every action of a service, or of all."""
    name = pattern.rpartition(":")[2]
    return bool(name) and not name.strip("*")


def service_of(pattern: str) -> str:
    """Return the service that an action is of; empty for `*`."""
    service, colon, _ = pattern.lower().partition(":")
    return service if colon else ""


@lru_cache(maxsize=1024)
def _service(name: str) -> Mapping[str, tuple[str, Level]]:
    """Index a service by the whole name in lower case: the name as AWS spells it, its level."""
    found: dict[str, tuple[str, Level]] = {}
    for level, _, names in listed_actions(name):
        for action in names:
            found[f"{name}:{action.lower()}"] = f"{name}:{action}", level
    for action, level in corrections_of(name, found).items():
        found[action] = found[action][0], level
    return found


@lru_cache(maxsize=1)
def every_action() -> frozenset[str]:
    """Every action of the list, in lower case."""
    return frozenset(action for name in listed_services() for action in _service(name))


@lru_cache(maxsize=8192)
def actions_matching(pattern: str) -> frozenset[str]:
    """
    List the actions that a pattern means, in lower case.

    One without wildcards means itself, listed or not.
    """
    lowered = pattern.lower()
    if not has_wildcard(lowered):
        return frozenset({lowered})
    if is_everything(lowered):
        return every_action()
    service, colon, name = lowered.partition(":")
    if not colon:
        return frozenset(action for action in every_action() if matches_plain(lowered, action))
    # An action has one colon, so each side of it can be compared by itself.
    return frozenset(
        action
        for known in ([service] if not has_wildcard(service) else listed_services())
        if matches_plain(service, known)
        for action in _beginning_with(known, f"{known}:{_WILDCARD.split(name, maxsplit=1)[0]}")
        if matches_plain(name, action[len(known) + 1 :])
    )


def _beginning_with(service: str, start: str) -> tuple[str, ...]:
    """List the actions of a service that begin with a text, without a look at the others."""
    names = _sorted(service)
    first = bisect_left(names, start)
    # No name of AWS's has a character as high.
    return names[first : bisect_left(names, f"{start}\uffff", first)]


@lru_cache(maxsize=1024)
def _sorted(service: str) -> tuple[str, ...]:
    return tuple(sorted(_service(service)))


@lru_cache(maxsize=256)
def all_but(named: frozenset[str]) -> frozenset[str]:
    """List every action of AWS but some."""
    return every_action() - named


def level_of(action: str) -> Level:
    """
    Return the level of one action: AWS's, but for the corrections of `access_level`.

    What AWS's list does not have is `unknown`, unless its name says that it gives permissions.
    """
    return _listed(action.lower())[1]


def is_reading(pattern: str) -> bool:
    """Whether nothing is changed by any action that a pattern means."""
    return all(map(_reads, _meant(pattern)))


@lru_cache(maxsize=4096)
def gives_permissions(pattern: str) -> bool:
    """Whether an action that a pattern means changes who may do what; passing a role is apart."""
    return any(level_of(action) == GIVING for action in _meant(pattern))


def is_passing(pattern: str) -> bool:
    """Whether a pattern means `iam:PassRole`, and nothing that gives permissions."""
    return matches(pattern, _PASSING) and not gives_permissions(pattern)


@lru_cache(maxsize=4096)
def resource_types(action: str) -> Mapping[str, tuple[str, ...]]:
    """
    List the resource types that one action takes, with the patterns of their ARNs.

    For example `{"cluster": ("arn:*:ecs:*:*:cluster/*",)}`; empty for an action that takes none,
    for which AWS has only `*`, and for one that is not listed.
    """
    service = service_of(action)
    name = action.lower().partition(":")[2]
    for _, types, names in listed_actions(service):
        if any(name == listed.lower() for listed in names):
            return {one: type_arns(service, one) for one in filter(None, types.split(","))}
    return {}


def is_listed(action: str) -> bool:
    """Whether AWS's list has an action."""
    return action.lower() in _service(service_of(action))


def takes_resource(action: str) -> bool:
    """Whether one action can be limited to a resource, rather than to `*` alone."""
    return bool(resource_types(action))


def spelled(action: str) -> str:
    """Spell an action in lower case as AWS does; one that is not listed as it is."""
    return _listed(action)[0]


@lru_cache(maxsize=256)
def by_level(actions: frozenset[str]) -> Mapping[Level, tuple[str, ...]]:
    """Sort actions in lower case by level, each as AWS spells it; those not listed as they are."""
    found: defaultdict[Level, list[str]] = defaultdict(list)
    left = actions
    if len(actions) > _MANY:
        left = actions - every_action()
        for level, pairs in _sorted_by_level().items():
            found[level] = [name for action, name in pairs if action in actions]
    for action in left:
        name, level = _listed(action)
        found[level].append(name)
    return {level: tuple(sorted(found[level])) for level in _LEVELS if found.get(level)}


@lru_cache(maxsize=1)
def _sorted_by_level() -> Mapping[Level, list[tuple[str, str]]]:
    """Sort the whole list once: so many actions are all of it but a few."""
    found: defaultdict[Level, list[tuple[str, str]]] = defaultdict(list)
    for service in listed_services():
        for action, (name, level) in _service(service).items():
            found[level].append((action, name))
    return {level: sorted(found[level], key=itemgetter(1)) for level in _LEVELS if level in found}


def _listed(action: str) -> tuple[str, Level]:
    known = _service(service_of(action)).get(action)
    return known or (action, level_by_name(action, reads=_has_reading_name(action)))


def _meant(pattern: str) -> frozenset[str]:
    """List the actions; a pattern that means none of the list stands for those to come."""
    return actions_matching(pattern) or frozenset({pattern.lower()})


def _reads(action: str) -> bool:
    level = level_of(action)
    return level in READING or (level == "unknown" and _has_reading_name(action))


def _has_reading_name(action: str) -> bool:
    return action.partition(":")[2].startswith(_READING_NAMES)
