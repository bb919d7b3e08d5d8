"""Collect what is wrong with the file, so that one run shows all of it."""

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
    What has been found so far.

    Attributes:
        lines: One for each mistake, beginning with the entry it is about.
    """

    def __init__(self) -> None:
        self.lines: list[str] = []

    def add(self, entry: str, *problems: Problem) -> None:
        """Note *problems* of one entry."""
        self.lines += [f"{entry}: {problem}" for problem in problems]

    @contextmanager
    def about(self, entry: str) -> Generator[None]:
        """Note whatever is refused in this block, and go on after it."""
        try:
            yield
        except InvalidValue as error:
            self.add(entry, *error.problems)
        except AccessRefused as error:
            self.lines.append(f"{entry}: {_in_toml(error)}")
        except DeployAccessError as error:
            self.lines.append(f"{entry}: {error}")

    def attempt(self, entry: str, make: Callable[[], T]) -> T | None:
        """Return what *make* returns, or note why it refused and return None."""
        with self.about(entry):
            return make()
        return None

    def refuse(self, file: str) -> None:
        """Raise all of it as one `InvalidEnvironments`, or nothing when there is none."""
        if self.lines:
            # What several services inherit is found once for each of them.
            raise InvalidEnvironments(file, dict.fromkeys(self.lines))


def _in_toml(error: AccessRefused) -> str:
    """Say it as the construct does, with the way out as this file spells it."""
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
