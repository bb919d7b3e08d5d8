"""Mistakes in single tables, and what would only follow from them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deploy_access.errors import nearest

from .table import GithubRepositoryTable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .error_location import Path

# The lengths of `services.X` and of `services.X.environments.Y`. What is below the second is the
# same table of the service with a few keys changed.
_TABLE, _ENVIRONMENT = 2, 4
_INDEX = re.compile(r"\[\d+\]")


class BrokenEntries:
    """The places of the mistakes in single tables; what they say is not known."""

    def __init__(self, places: Iterable[Path]) -> None:
        named = [tuple(part for part in place if isinstance(part, str)) for place in places]
        self._places = [place for place in named if place]

    def __bool__(self) -> bool:
        return bool(self._places)

    def spoil(self, entry: str) -> bool:
        """Whether what is wrong with *entry* may follow from one of them."""
        about = tuple(_INDEX.sub("", entry).split("."))
        return any(_spoils(place, about) for place in self._places)

    def spoil_acceptance(self, entry: str) -> bool:
        """Whether a finding on *entry* may be accepted by one of them."""
        _, *names = entry.split(".")
        return any(
            nearest(key, ["accept"])
            for place in self._places
            if {*place[1:2]} & {*names}
            for key in place
        )


def _spoils(place: tuple[str, ...], about: tuple[str, ...]) -> bool:
    # The name of the whole table may be misspelt too.
    if nearest(place[0], ["github"]):
        return _is_of_repository(about)
    if _is_identity(place) and about[:2] == place[:2] and _is_of_repository(about):
        return True
    place, about = _of_service(place), _of_service(about)
    inside = place[: len(about)] == about and (len(about) > _TABLE or len(place) == _TABLE + 1)
    return inside or _is_meant(place, about)


def _is_meant(place: tuple[str, ...], about: tuple[str, ...]) -> bool:
    """Whether *about* is what is broken, or would be if *place* were spelt right."""
    *above, key = place
    beside = about[len(above) : len(place)]
    return about[: len(above)] == tuple(above) and nearest(key, beside) is not None


def _is_identity(place: tuple[str, ...]) -> bool:
    """Whether *place* is a key of a service that says what is its repository."""
    is_own = place[0] == "services" and len(place) == _TABLE + 1
    return (
        is_own
        and nearest(place[-1], [*GithubRepositoryTable.model_fields, "repository"]) is not None
    )


def _is_of_repository(about: tuple[str, ...]) -> bool:
    """Whether *about* is a repository on GitHub, or the subjects of one."""
    is_service = about[0] == "services" and len(about) == _TABLE
    return is_service or about[0] == "github" or about[-1] == "subjects"


def _of_service(path: tuple[str, ...]) -> tuple[str, ...]:
    is_environment = path[0] == "services" and path[2:3] == ("environments",)
    return (*path[:2], *path[4:]) if is_environment and len(path) > _ENVIRONMENT else path
