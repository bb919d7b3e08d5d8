"""What the roles of an app say of names and ids on GitHub: two that disagree are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from constructs_lib.tree import root_of, stack_of
from deploy_access.github.contradictions import Mention, contradictions
from deploy_access.github.naming import namings_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from constructs import Construct, IConstruct

    from deploy_access.github.contradictions import Contradiction
    from deploy_access.github.issuer import Issuer
    from deploy_access.github.subject import Subject


class _Names:
    """What the roles of one app say."""

    def __init__(self) -> None:
        self._mentions: list[Mention[Construct]] = []
        self._found: list[Contradiction[Construct]] | None = None

    def add(self, mentions: Iterator[Mention[Construct]]) -> None:
        self._mentions += mentions
        self._found = None

    @property
    def found(self) -> list[Contradiction[Construct]]:
        if self._found is None:
            self._found = [*contradictions(self._mentions)]
        return self._found


# By the app, and weak: the roles of one app say nothing about those of the next.
_said: WeakKeyDictionary[IConstruct, _Names] = WeakKeyDictionary()


def mention(role: Construct, issuer: Issuer, subjects: Sequence[Subject]) -> None:
    """Note what the subjects of a role say; another role may disagree that is made later."""
    if issuer.is_github:
        # The role and not its path, which only a message needs: to read it is two calls of Node.
        _names(role).add(
            Mention(naming=naming, server=issuer.host, among=role, place=role)
            for subject in subjects
            for naming in namings_of(subject)
        )


def check_names(role: Construct) -> Iterator[str]:
    """Return a message for each name or id of which an earlier role says something else."""
    for one in _names(role).found:
        if one.second.place is role:
            yield str(one.problem(lambda place: f"role {place.node.path!r}"))


def _names(role: Construct) -> _Names:
    return _said.setdefault(root_of(stack_of(role)), _Names())
