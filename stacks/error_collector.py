"""The mistakes in `environments.toml`, collected so that one run shows all of them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from deploy_access.audit.catalogue import PERMISSION_RULES
from deploy_access.audit.refused import AccessRefused
from deploy_access.errors import DeployAccessError, InvalidEnvironments, InvalidValue

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from collections.abc import Set as AbstractSet

    from deploy_access.errors import Problem

T = TypeVar("T")


class ErrorCollector:
    """
    The mistakes that are found so far.

    Attributes:
        lines: One for each mistake, beginning with the entry it is about.
    """

    def __init__(self) -> None:
        self.lines: list[str] = []

    def add(self, entry: str, *problems: Problem) -> None:
        """Add *problems* of one entry."""
        self.lines += [f"{entry}: {problem}" for problem in problems]

    @contextmanager
    def about(self, entry: str) -> Generator[None]:
        """Add each refusal that this block raises, and go on after it."""
        try:
            yield
        except InvalidValue as error:
            self.add(entry, *error.problems)
        except AccessRefused as error:
            self.lines.append(f"{entry}: {_in_toml(error)}")
        except DeployAccessError as error:
            self.lines.append(f"{entry}: {error}")

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
