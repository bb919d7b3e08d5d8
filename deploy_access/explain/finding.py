"""The explanation of one run and its roles, as data."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from deploy_access.explain.snippets import lower_first
from deploy_access.iam.decision import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from deploy_access.github.run import Run
    from deploy_access.iam.outcome import Outcome

Answer = Literal["allowed", "denied", "unknown"]
Side = Literal["policy", "workflow", "account", "command"]

ANSWERS: Mapping[Verdict, Answer] = {
    Verdict.ALLOWED: "allowed",
    Verdict.DENIED_EXPLICITLY: "denied",
    Verdict.DENIED_IMPLICITLY: "denied",
    Verdict.UNKNOWN: "unknown",
}
"""What a verdict of the evaluator is called in an answer."""
ChangeKind = Literal["audience", "environment", "reusable-workflow"]
"""The audience of the token, the environment of the job, or the workflow that the job is of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckLine:
    """
    One part of a statement, compared with the run.

    Attributes:
        label: `Principal`, `Action`, or the condition key without the provider's prefix.
        operator: The operator of a condition; empty for another part.
        outcome: Whether the part is met.
        held: The run's value; None when it has none, or when it is not known.
        wanted: The nearest value of the policy.
        others: The number of its other values.
        remark: A text instead of two values.
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
    A change that mends a cause.

    Attributes:
        side: The place of the change.
        kind: What it changes, where that decides which other changes are shown and in what order.
        text: The change as a sentence.
        forms: The exact text, in each language that it can be written in.
        policy: The trust policy after it; None where it stays.
        run: The run after it; None where it stays.
    """

    side: Side
    kind: ChangeKind | None = None
    text: str
    forms: tuple[tuple[str, str], ...] = ()
    policy: Mapping[str, object] | None = None
    run: Run | None = None


def alternatives(changes: Iterable[ProposedChange]) -> Iterator[ProposedChange]:
    """Return changes of which one is enough: all but the first begin with `Or`."""
    for number, change in enumerate(changes):
        text = f"Or {lower_first(change.text)}" if number else change.text
        yield replace(change, text=text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """
    A cause why a role does not let a run in.

    Attributes:
        id: In kebab-case; a key of `CAUSES`.
        text: The cause as a sentence, with the values of this run and this policy.
        changes: The changes, each of which mends it.
        about: The element or condition key that it is about; empty where there is none.
    """

    id: str
    text: str
    changes: tuple[ProposedChange, ...] = ()
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleAnswer:
    """
    The answer of one role to one run.

    Attributes:
        answer: The answer.
        role: The role's name, or its ARN where it is not among those that were read.
        account: The role's account, or None.
        where: The place of its trust policy.
        statement: The number of the most telling statement, from 1, or None.
        subject: The `sub` that it was decided with.
        lines: The parts of that statement.
        cause: The likely cause.
        besides: Further causes: ids of `CAUSES`.
        notes: Remarks, as sentences.
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
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """
    One run, and the answers of the roles.

    Attributes:
        run: The run.
        findings: One for each role, those that let it in first. Of many roles that do not let it
            in only the nearest are here.
        others: The number of the others that do not, by the likely cause: ids of `CAUSES`.
        notes: The parts that could not be read, as sentences.
    """

    run: Run
    findings: tuple[RoleAnswer, ...]
    others: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    notes: tuple[str, ...] = ()

    @property
    def is_allowed(self) -> bool:
        """Whether at least one role lets the run in."""
        return any(finding.answer == "allowed" for finding in self.findings)

    @property
    def is_refused(self) -> bool:
        """Whether no role lets the run in, or AWS did not, whatever the policies say now."""
        return not self.is_allowed or self.run.error is not None
