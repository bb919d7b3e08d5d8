"""Texts that a list or some patterns stand for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from typing import TYPE_CHECKING

from deploy_access.iam.pattern_machine import Machine
from deploy_access.iam.references import Reference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deploy_access.iam.pattern_machine import Pattern, Symbol


@dataclass(frozen=True, eq=False)
class Texts:
    """
    The texts of a list, and those that any one of some patterns matches.

    Attributes:
        plain: Texts as they are, in which case matters.
        patterns: The patterns.
        ignore_case: Whether case does not matter in the patterns.
    """

    plain: frozenset[str] = frozenset()
    patterns: tuple[Pattern, ...] = ()
    ignore_case: bool = False

    @cached_property
    def members(self) -> frozenset[Pattern]:
        """The patterns, in no order."""
        return frozenset(self.patterns)

    @cached_property
    def is_open(self) -> bool:
        """Whether something in them is not known."""
        return any(isinstance(token, Reference) for p in self.patterns for token in p)

    @cached_property
    def machine(self) -> Machine:
        """The machine of all of them."""
        return Machine([*sorted(self.plain), *self.patterns], ignore_case=self.ignore_case)

    @cached_property
    def _machine_of_patterns(self) -> Machine:
        return Machine(self.patterns, ignore_case=self.ignore_case)

    @cached_property
    def _beginnings(self) -> tuple[str, ...]:
        """What a text must begin with to match, where case matters."""
        starts = (takewhile(lambda one: isinstance(one, str), p) for p in self.patterns)
        return ("",) if self.ignore_case else tuple("".join(map(str, start)) for start in starts)

    def match(self, text: Sequence[Symbol]) -> bool:
        """Whether *text* is one of them."""
        if isinstance(text, str):
            if text in self.plain:
                return True
            if not text.startswith(self._beginnings):
                return False
        return bool(self.patterns) and self._machine_of_patterns.matches(text)

    def are_within(self, other: Texts) -> bool:
        """Whether *other* has all of them, word for word; there may be other reasons."""
        return (
            (self.ignore_case == other.ignore_case or not self.patterns)
            and self.plain <= other.plain
            and self.members <= other.members
        )
