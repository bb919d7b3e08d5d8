"""What the tables of a role are called: its service, and its environment."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deploy_access.adopt.model import RoleEntry

_WORDS = frozenset(
    {
        *("dev", "develop", "development", "live", "nonprod", "preprod", "prd", "prod"),
        *("production", "qa", "sandbox", "stage", "staging", "stg", "test", "testing", "uat"),
    }
)
_KEY = re.compile(r"[^A-Za-z0-9_-]+")
_BETWEEN = re.compile(r"[^A-Za-z0-9]+")


def put_names(roles: Iterable[RoleEntry]) -> None:
    """Name the tables of each role; no two have the same."""
    taken: set[tuple[str, str]] = set()
    homes: dict[str, tuple[str, str]] = {}
    for entry in roles:
        home = (entry.account, entry.region)
        wanted = _environment(entry)
        # An environment is in one account and region.
        for name in (
            wanted,
            f"{wanted}-{entry.account}",
            f"{wanted}-{entry.account}-{entry.region}",
        ):
            if homes.setdefault(name, home) == home:
                entry.environment = name
                break
        entry.service = _first_free(_services(entry), entry.environment, taken)
        taken.add((entry.service, entry.environment))


def _first_free(names: Iterator[str], environment: str, taken: set[tuple[str, str]]) -> str:
    last = ""
    for last in names:
        if (last, environment) not in taken:
            return last
    return next(
        name
        for name in (f"{last}-{number}" for number in range(2, len(taken) + 3))
        if (name, environment) not in taken
    )


def _services(entry: RoleEntry) -> Iterator[str]:
    repository = next((line.repository for line in entry.lines), "")
    name = as_key(repository.rpartition("/")[2])
    if name:
        yield name
    yield as_key(entry.name)


def _environment(entry: RoleEntry) -> str:
    """Guess the environment: what the subjects name, then a usual word in a name, then a branch."""
    named = {str(line.value) for line in entry.lines if line.key == "environment"}
    if len(named) == 1:
        return as_key(named.pop()) or "main"
    cluster = entry.deployment.cluster if entry.deployment else ""
    for text in (entry.name, entry.repository, cluster):
        word = next((w for w in _BETWEEN.split(text.lower()) if w in _WORDS), None)
        if word:
            return word
    branches = [str(line.value) for line in entry.lines if line.key == "branch"]
    return as_key(branches[0]) if branches and as_key(branches[0]) else "main"


def as_key(text: str) -> str:
    """Return a text as a key of TOML that may be a part of names, or an empty one."""
    return _KEY.sub("-", text).strip("-_")
