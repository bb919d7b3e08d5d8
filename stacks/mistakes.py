"""The mistakes in `environments.toml`: one that several stacks inherit is said once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from deploy_access.audit.catalogue import PERMISSION_RULES

from .file_words import first_of, in_keys, text_in_keys

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from deploy_access.audit.refused import AccessRefused
    from deploy_access.errors import Problem


@dataclass(frozen=True, slots=True)
class PlainMistake:
    """What is known as one line only."""

    line: str

    def joined(self, other: object) -> PlainMistake | None:
        """Return the one mistake that this and *other* are, or None when they are two."""
        return self if self == other else None

    def __str__(self) -> str:
        return self.line


@dataclass(frozen=True, slots=True)
class ValueMistake:
    """
    A value that is refused.

    Attributes:
        entry: The place of the value.
        by: The stack's entry that it was refused for.
        problem: Why.
        others: What it is for other stacks: its placeholders are filled in there otherwise.
    """

    entry: str
    by: str
    problem: Problem
    others: tuple[object, ...] = ()

    def joined(self, other: object) -> ValueMistake | None:
        """Return the one mistake that this and *other* are, or None when they are two."""
        if not isinstance(other, ValueMistake) or other.entry != self.entry:
            return None
        if other.problem == self.problem:
            return self
        if other.by == self.by:
            return None
        if other.problem.given in (self.problem.given, *self.others):
            return self
        # Why and how may name the stack, or the length of the name that its placeholders make.
        if other.problem.what != self.problem.what:
            return None
        return replace(self, others=(*self.others, other.problem.given))

    def __str__(self) -> str:
        given = [self.problem.given, *self.others] if self.others else self.problem.given
        return f"{self.entry}: {in_keys(replace(self.problem, given=given))}"


@dataclass(frozen=True, slots=True)
class RefusedAccess:
    """
    Access that is refused.

    Attributes:
        entry: The place of the list that it comes from.
        by: The stack's entry that it was refused for.
        error: The refusal.
        others: Roles of other stacks that are refused for the same.
    """

    entry: str
    by: str
    error: AccessRefused
    others: tuple[str, ...] = field(default=())

    def joined(self, other: object) -> RefusedAccess | None:
        """Return the one mistake that this and *other* are, or None when they are two."""
        if not isinstance(other, RefusedAccess) or other.entry != self.entry:
            return None
        if str(other.error) == str(self.error):
            return self
        if other.by == self.by or _rules(other.error) != _rules(self.error):
            return None
        role = other.error.subject.partition(" with ")[0].replace("Role", "role", 1)
        return replace(self, others=tuple(dict.fromkeys((*self.others, role))))

    def __str__(self) -> str:
        return f"{self.entry}: {text_in_keys(_in_toml(self.error, self.others))}"


Mistake = PlainMistake | ValueMistake | RefusedAccess


def add_mistake(found: list[Mistake], mistake: Mistake) -> None:
    """Add *mistake* to those that are *found*, or join it with the one that it repeats."""
    for number, earlier in enumerate(found):
        joined = earlier.joined(mistake)
        if joined is not None:
            found[number] = joined
            return
    found.append(mistake)


def _in_toml(error: AccessRefused, others: tuple[str, ...]) -> str:
    """Return the refusal in the construct's words, with `accept` as this file spells it."""
    what, *findings, _ = str(error).splitlines()
    rules = _rules(error)
    ways_out = [
        *_way_out("subjects", rules - PERMISSION_RULES),
        *_way_out("managed_policies", rules & PERMISSION_RULES),
    ]
    alike = [f"  The same for {', '.join(first_of(others))}."] if others else []
    return "\n".join([what, *(f"  {line}" for line in (*findings, *alike, *ways_out))])


def _rules(error: AccessRefused) -> set[str]:
    return {finding.rule for finding in error.findings}


def _way_out(keyword: str, rules: AbstractSet[str]) -> Iterator[str]:
    if rules:
        accept = ", ".join(f'"{rule}" = "<reason>"' for rule in sorted(rules))
        yield f"  If it is meant, say why beside the `{keyword}`: accept = {{ {accept} }}"
