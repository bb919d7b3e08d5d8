"""What is said about one run and one role."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from deploy_access.github.run import Run
    from deploy_access.iam.outcome import Outcome

Answer = Literal["allowed", "denied", "unknown"]
Side = Literal["policy", "workflow", "account", "command"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckLine:
    """
    One part of a statement, held against the run.

    Attributes:
        label: `Principal`, `Action`, or the condition key without the provider's prefix.
        operator: The operator of a condition, or nothing.
        outcome: Whether the part is met.
        held: What the run shows, or None when it shows nothing or nobody has said.
        wanted: The nearest of what the policy wants.
        others: How many values more it would take.
        remark: What there is to say instead of two values.
    """

    label: str
    operator: str = ""
    outcome: Outcome
    held: str | None = None
    wanted: str = ""
    others: int = 0
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedChange:
    """
    What to change.

    Attributes:
        side: Where.
        text: What, as a sentence.
        forms: The exact text, in each of the languages that it may be written in.
    """

    side: Side
    text: str
    forms: tuple[tuple[str, str], ...] = ()


def alternatives(changes: Iterable[ProposedChange]) -> Iterator[ProposedChange]:
    """Begin all but the first of changes that mend the same with `Or`."""
    for number, change in enumerate(changes):
        text = f"Or {change.text[0].lower()}{change.text[1:]}" if number else change.text
        yield replace(change, text=text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """
    Why.

    Attributes:
        id: In kebab-case; a key of `CAUSES`.
        text: What it is, with the values of this run and this policy.
        changes: Any one of them mends it.
        about: The element or condition key that it is about; empty where there is none.
    """

    id: str
    text: str
    changes: tuple[ProposedChange, ...] = ()
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleAnswer:
    """
    Whether one role lets one run in.

    Attributes:
        answer: The answer.
        role: The role's name, or its ARN where it is not among those that were read.
        account: The role's account, or None.
        where: Where its trust policy stands.
        statement: The number of the statement that says most about it, from 1, or None.
        subject: The `sub` that it was decided with.
        lines: The parts of that statement.
        cause: The likely cause.
        besides: Causes that come after it: ids of `CAUSES`.
        also: Those of them that take a change of their own.
        notes: What else a reader should know, in sentences.
    """

    answer: Answer
    role: str
    account: str | None = None
    where: str = ""
    statement: int | None = None
    subject: str
    lines: tuple[CheckLine, ...] = ()
    cause: Cause
    besides: tuple[str, ...] = ()
    also: tuple[Cause, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """
    One run and every role that was asked about.

    Attributes:
        run: The run.
        findings: One for each role, those that let it in first. Of many roles that do not let it
            in only the nearest are here.
        others: How many more do not let it in, by the likely cause: ids of `CAUSES`.
        notes: What could not be read, in sentences.
    """

    run: Run
    findings: tuple[RoleAnswer, ...]
    others: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    notes: tuple[str, ...] = ()

    @property
    def is_allowed(self) -> bool:
        """Whether at least one role lets the run in."""
        return any(finding.answer == "allowed" for finding in self.findings)
