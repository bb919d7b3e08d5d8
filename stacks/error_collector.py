"""The mistakes in `environments.toml`, collected so that one run shows all of them."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from deploy_access.audit.catalogue import PERMISSION_RULES
from deploy_access.audit.refused import AccessRefused
from deploy_access.errors import DeployAccessError, InvalidEnvironments, InvalidValue
from stacks.broken_entries import BrokenEntries
from stacks.file_words import in_keys, text_in_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from deploy_access.errors import Problem
    from stacks.error_location import Path

T = TypeVar("T")

_NAMES = re.compile(r"[.:]")


class ErrorCollector:
    """
    The mistakes that are found so far.

    Attributes:
        lines: One for each mistake, beginning with the entry it is about.
    """

    def __init__(self, lines: Iterable[str] = (), broken: Iterable[Path] = ()) -> None:
        """
        Begin with the mistakes in single tables.

        Args:
            lines: What is said about them.
            broken: Their places, about which nothing that follows from them is said.
        """
        self.lines: list[str] = [*lines]
        self._broken = BrokenEntries(broken)

    def add(self, entry: str, *problems: Problem) -> None:
        """Add *problems* of one entry, unless they may follow from a mistake that is known."""
        if not self.spoils(entry):
            self.add_certain(entry, *problems)

    def add_certain(self, entry: str, *problems: Problem) -> None:
        """Add *problems* of one entry that follow from no other mistake."""
        self.lines += [f"{entry}: {in_keys(problem)}" for problem in problems]

    def spoils(self, entry: str) -> bool:
        """Whether a mistake that is known may be the reason for what is wrong with *entry*."""
        return self._broken.spoil(entry)

    @contextmanager
    def about(self, entry: str) -> Generator[None]:
        """Add each refusal that this block raises, and go on after it."""
        try:
            yield
        except InvalidValue as error:
            self.add(entry, *error.problems)
        except AccessRefused as error:
            self.lines.append(f"{entry}: {text_in_keys(_in_toml(error))}")
        except DeployAccessError as error:
            self.lines.append(f"{entry}: {text_in_keys(str(error))}")

    @contextmanager
    def about_access(self, entry: str) -> Generator[None]:
        """Add what this block refuses of an entry that no mistake is about, else only access."""
        try:
            yield
        except AccessRefused as error:
            if not self._broken.spoil_acceptance(entry):
                self.lines.append(f"{entry}: {text_in_keys(_in_toml(error))}")
        except DeployAccessError as error:
            if not any(_is_near(line, entry) for line in self.lines):
                self.lines.append(f"{entry}: {text_in_keys(str(error))}")

    def attempt(self, entry: str, make: Callable[[], T]) -> T | None:
        """Return what *make* returns; None when it refuses, which is added."""
        with self.about(entry):
            return make()
        return None

    def refuse(self, file: str) -> None:
        """Raise one `InvalidEnvironments` with all mistakes, if there are any."""
        if self.lines:
            # A mistake that several services inherit is found once for each of them.
            raise InvalidEnvironments(file, dict.fromkeys(self.lines))


def _is_near(line: str, entry: str) -> bool:
    """Whether a mistake is about the same service, or about a table that services refer to."""
    kind, name = _NAMES.split(line)[:2]
    return kind != "services" or name == entry.split(".")[1]


def _in_toml(error: AccessRefused) -> str:
    """Return the refusal in the construct's words, with `accept` as this file spells it."""
    what, *findings, _ = str(error).splitlines()
    rules = {finding.rule for finding in error.findings}
    ways_out = [
        *_way_out("subjects", rules - PERMISSION_RULES),
        *_way_out("managed_policies", rules & PERMISSION_RULES),
    ]
    return "\n".join([what, *(f"  {line}" for line in (*findings, *ways_out))])


def _way_out(keyword: str, rules: AbstractSet[str]) -> Iterator[str]:
    if rules:
        accept = ", ".join(f'"{rule}" = "<reason>"' for rule in sorted(rules))
        yield f"  If it is meant, say why beside the `{keyword}`: accept = {{ {accept} }}"
