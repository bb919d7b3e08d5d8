"""
Every action that AWS publishes, with its access level; wildcards are expanded with it.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from functools import lru_cache
from importlib.resources import files
from operator import itemgetter
from typing import TYPE_CHECKING, TypedDict, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.iam.access_level import Level

_LIST = "aws_actions.json"
# More than any service has.
_MANY = 5000
_EVERYTHING = re.compile(r"\*+|\*+:\*+")


class _Published(TypedDict):
    date: str
    source: str
    services: dict[str, dict[Level, list[str]]]


@lru_cache(maxsize=1)
def _published() -> _Published:
    text = files("deploy_access.review").joinpath(_LIST).read_text("utf-8")
    return cast("_Published", json.loads(text))


def list_date() -> str:
    """Return the day of the list, as `2026-09-26`."""
    return _published()["date"]


@lru_cache(maxsize=1024)
def _service(name: str) -> Mapping[str, tuple[str, Level]]:
    """Index a service by the whole name in lower case: the name as AWS spells it, its level."""
    levels = _published()["services"].get(name, {})
    return {
        f"{name}:{action.lower()}": (f"{name}:{action}", level)
        for level, actions in levels.items()
        for action in actions
    }


@lru_cache(maxsize=1)
def every_action() -> frozenset[str]:
    """Every action of the list, in lower case."""
    return frozenset(action for name in _published()["services"] for action in _service(name))


def is_everything(pattern: str) -> bool:
    """Whether a pattern means all actions of all services."""
    return _EVERYTHING.fullmatch(pattern) is not None


def has_wildcard(pattern: str) -> bool:
    """Whether a pattern may mean several actions."""
    return "*" in pattern or "?" in pattern


@lru_cache(maxsize=8192)
def expand(pattern: str) -> frozenset[str]:
    """
    List the actions that a pattern means, in lower case.

    One without wildcards means itself, listed or not.
    """
    lowered = pattern.lower()
    if not has_wildcard(lowered):
        return frozenset({lowered})
    if is_everything(lowered):
        return every_action()
    service = lowered.partition(":")[0]
    known = every_action() if has_wildcard(service) else _service(service)
    matches = re.compile(_expression(lowered), re.DOTALL).fullmatch
    return frozenset(action for action in known if matches(action))


def _expression(pattern: str) -> str:
    """Write a pattern as an expression; two stars in a row would take it long."""
    once = re.sub(r"\*+", "*", pattern)
    return "".join({"*": ".*", "?": "."}.get(letter, re.escape(letter)) for letter in once)


def spelled(action: str) -> str:
    """Spell an action as AWS does; one that is not listed as it is."""
    return _service(action.partition(":")[0]).get(action, (action, "unknown"))[0]


@lru_cache(maxsize=256)
def by_level(actions: frozenset[str]) -> Mapping[Level, tuple[str, ...]]:
    """Sort actions in lower case by level, each as AWS spells it; those not listed as they are."""
    if len(actions) > _MANY:
        sorted_in: dict[Level, tuple[str, ...]] = {
            level: tuple(name for action, name in pairs if action in actions)
            for level, pairs in _sorted_by_level().items()
        }
        unknown = tuple(sorted(actions - every_action()))
        return {**sorted_in, "unknown": unknown} if unknown else sorted_in
    found: defaultdict[Level, list[str]] = defaultdict(list)
    for action in actions:
        name, level = _service(action.partition(":")[0]).get(action, (action, "unknown"))
        found[level].append(name)
    return {level: tuple(sorted(found[level])) for level in _LEVELS if level in found}


@lru_cache(maxsize=1)
def _sorted_by_level() -> Mapping[Level, list[tuple[str, str]]]:
    """Sort the whole list once: so many actions are all of it but a few."""
    found: defaultdict[Level, list[tuple[str, str]]] = defaultdict(list)
    for service in _published()["services"]:
        for action, (name, level) in _service(service).items():
            found[level].append((action, name))
    return {level: sorted(found[level], key=itemgetter(1)) for level in _LEVELS if level in found}


@lru_cache(maxsize=256)
def all_but(named: frozenset[str]) -> frozenset[str]:
    """List every action of AWS but some."""
    return every_action() - named


def pick(actions: frozenset[str], service: str) -> str:
    """Choose one action, of *service* if there is one."""
    of_service = actions & _service(service).keys()
    return min(of_service or actions)


_LEVELS: tuple[Level, ...] = (
    "permissions management",
    "write",
    "tagging",
    "read",
    "list",
    "unknown",
)
