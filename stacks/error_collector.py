"""The mistakes in `environments.toml`, collected so that one run shows all of them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from deploy_access.audit.catalogue import PERMISSION_RULES
from deploy_access.audit.refused import AccessRefused
from deploy_access.errors import (
    DuplicateResource,
    InvalidEnvironments,
    InvalidValue,
    TargetUnknown,
)

from .broken_entries import BrokenEntries
from .file_words import text_in_keys
from .mistakes import PlainMistake, RefusedAccess, ValueMistake, add_mistake
from .origins import origin_of

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable
    from collections.abc import Set as AbstractSet

    from deploy_access.errors import Problem

    from .error_location import Path
    from .mistakes import Mistake

T = TypeVar("T")


class ErrorCollector:
    """The mistakes that are found so far."""

    def __init__(
        self,
        lines: Iterable[str] = (),
        broken: Iterable[Path] = (),
        *,
        checked: AbstractSet[str] = frozenset(),
    ) -> None:
        """
        Begin with the mistakes in single tables.

        Args:
            lines: What is said about them.
            broken: Their places, about which nothing that follows from them is said.
            checked: The kinds of what is made twice that are refused with the tables.
        """
        self._checked = checked
        self._found: list[Mistake] = [PlainMistake(line) for line in lines]
        self._broken = BrokenEntries(broken)

    @property
    def lines(self) -> list[str]:
        """One for each mistake, beginning with the entry it is about."""
        return list(map(str, self._found))

    def add(self, entry: str, *problems: Problem, by: str | None = None) -> None:
        """
        Add *problems* of one entry, unless they may follow from a mistake that is known.

        Args:
            entry: Their place.
            problems: What is wrong there.
            by: The entry of the stack, when *entry* is not of one stack alone.
        """
        if not self.spoils(entry):
            self.add_certain(entry, *problems, by=by)

    def add_certain(self, entry: str, *problems: Problem, by: str | None = None) -> None:
        """Add *problems* of one entry that follow from no other mistake."""
        for problem in problems:
            add_mistake(self._found, ValueMistake(entry, by or entry, problem))

    def add_line(self, entry: str, words: str) -> None:
        """Add what is known of one entry in words only."""
        add_mistake(self._found, PlainMistake(f"{entry}: {text_in_keys(words)}"))

    def spoils(self, entry: str) -> bool:
        """Whether a mistake that is known may be the reason for what is wrong with *entry*."""
        return self._broken.spoil(entry)

    @contextmanager
    def about(self, entry: str, *parts: object, by: str | None = None) -> Generator[None]:
        """
        Add each refusal that this block raises, and go on after it.

        Args:
            entry: The place of what no key says.
            parts: The plans with the values; the place of a value that is refused is their origin.
            by: The entry of the stack, when *entry* is not of one stack alone.
        """
        by = by or entry
        try:
            yield
        except InvalidValue as error:
            for problem in error.problems:
                self.add(origin_of(parts, problem.given) or entry, problem, by=by)
        except AccessRefused as error:
            if not self._broken.spoil_acceptance(by):
                for place, each in _by_origin(error, entry, parts):
                    add_mistake(self._found, RefusedAccess(place, by, each))
        except TargetUnknown as error:
            # In place of an account that is wrong stands one that is not known.
            if not self._broken:
                self.add_line(entry, str(error))
        except DuplicateResource as error:
            if error.kind not in self._checked:
                self.add_line(entry, str(error))

    def attempt(
        self, entry: str, make: Callable[[], T], *parts: object, by: str | None = None
    ) -> T | None:
        """Return what *make* returns; None when it refuses, which is added."""
        with self.about(entry, *parts, by=by):
            return make()
        return None

    def refuse(self, file: str) -> None:
        """Raise one `InvalidEnvironments` with all mistakes, if there are any."""
        if self._found:
            raise InvalidEnvironments(file, self.lines)


def _by_origin(
    error: AccessRefused, entry: str, parts: tuple[object, ...]
) -> Iterable[tuple[str, AccessRefused]]:
    """Return what is refused of subjects and of policies, each with the place of its list."""
    places: dict[str, str] = {}
    for part in parts:
        places.update(getattr(part, "origins", {}))
    trust = [found for found in error.findings if found.rule not in PERMISSION_RULES]
    given = [found for found in error.findings if found.rule in PERMISSION_RULES]
    # The refusal of both begins with the role and says then what the role is given.
    whose = error.subject.partition(" with ")[0] if given else error.subject
    if trust:
        yield places.get("subjects", entry), AccessRefused(whose, trust)
    if given:
        yield places.get("managed_policies", entry), AccessRefused(error.subject, given)
