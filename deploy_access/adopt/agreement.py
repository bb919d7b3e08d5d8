"""Roles that say different things of one repository on GitHub, which a file may not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.adopt.model import NotTaken
from deploy_access.github.contradictions import Mention, contradictions
from deploy_access.github.naming import naming_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.adopt.model import Adoption, RoleEntry


def leave_contradicting(found: Adoption) -> None:
    """
    Leave alone each role that contradicts another one: a wrong letter or id is not known.

    The role that more others agree with stays, and of two the first.
    """
    while True:
        second = _worst(found.roles)
        if second is None:
            return
        entry, why = second
        found.roles.remove(entry)
        found.not_taken.append(NotTaken(account=entry.account, name=entry.name, reasons=(why,)))


def _worst(roles: list[RoleEntry]) -> tuple[RoleEntry, str] | None:
    """Return the role that contradicts most others, and what it says otherwise."""
    against: dict[int, list[str]] = {}
    for one in contradictions([*_mentions(roles)]):
        what = f"{one.what}: {one.second.called!r} here, and {one.first.called!r} in another role"
        for said in (one.second, one.first):
            against.setdefault(said.place, []).append(what)
    if not against:
        return None
    worst = max(sorted(against, reverse=True), key=lambda place: len(against[place]))
    return roles[worst], against[worst][0]


def _mentions(roles: list[RoleEntry]) -> Iterator[Mention[int]]:
    for index, entry in enumerate(roles):
        for line in entry.lines:
            naming = naming_in(line.text)
            if naming is not None:
                yield Mention(naming=naming, server="", among=index, place=index)
