"""What the tables of a role are called: its service, and its environment."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from deploy_access.adopt.model import RoleEntry

_WORDS = frozenset(
    {
        *("dev", "develop", "development", "live", "nonprod", "preprod", "prd", "prod"),
        *("production", "qa", "sandbox", "stage", "staging", "stg", "test", "testing", "uat"),
    }
)
# What the stacks of accounts and of GitHub's side begin with.
_RESERVED = ("account", "github")
_KEY = re.compile(r"[^A-Za-z0-9_-]+")
_BETWEEN = re.compile(r"[^A-Za-z0-9]+")


def put_names(roles: Iterable[RoleEntry]) -> None:
    """Name the tables of each role; no two have the same."""
    taken: set[str] = set()
    homes: dict[str, tuple[tuple[str, str], str]] = {}
    for entry in roles:
        home = entry.account, entry.region
        entry.environment = _free_environment(_environment(entry), home, homes)
        entry.service = _first_free(_services(entry), entry.environment, taken)
        taken.add(_stack(entry.service, entry.environment))


def _free_environment(
    wanted: str, home: tuple[str, str], homes: dict[str, tuple[tuple[str, str], str]]
) -> str:
    """Name an environment, which is in one account and region, in one spelling."""
    account, region = home
    for name in (wanted, f"{wanted}-{account}", f"{wanted}-{account}-{region}"):
        where, spelling = homes.setdefault(name.casefold(), (home, name))
        if where == home:
            return spelling
    return f"{wanted}-{account}-{region}"


def _stack(service: str, environment: str) -> str:
    # As `stacks` calls it: folders of two names that differ in case are one on many machines.
    return f"{service}-{environment}".casefold()


def _first_free(names: Sequence[str], environment: str, taken: set[str]) -> str:
    """Name a service so that its stack has a name of its own."""
    wanted = [name for name in names if name and not name.casefold().startswith(_RESERVED)]
    last = wanted[-1] if wanted else f"role-{names[-1]}".strip("-")
    numbered = (f"{last}-{number}" for number in range(2, len(taken) + 3))
    free = (n for n in (*wanted, last, *numbered) if _stack(n, environment) not in taken)
    return next(free)


def _services(entry: RoleEntry) -> list[str]:
    repository = next((line.repository for line in entry.lines), "")
    return [as_key(repository.rpartition("/")[2]), as_key(entry.name)]


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
