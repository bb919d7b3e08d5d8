"""
A trust policy that lets in one more run and keeps every other one as it is.

What is trusted stays: a value is added to those of the condition on `sub` or `aud`, and a condition
that no token meets is put right. Where more than that keeps the run out, it gets a statement of its
own, as a list of one condition would also meet the values of the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from deploy_access.explain.statement_edit import StatementEdit, exact_statement, put
from deploy_access.json_shape import as_list, as_object

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.explain.case import Case
    from deploy_access.explain.statement_edit import Conditions
    from deploy_access.iam.evaluation import StatementResult
    from deploy_access.iam.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenPolicy:
    """
    A trust policy, as JSON and as it is evaluated.

    Attributes:
        document: The JSON.
        policy: The same, read.
    """

    document: Mapping[str, object]
    policy: Policy

    @property
    def statements(self) -> list[object]:
        """The statements as they are written."""
        return as_list(self.document.get("Statement"))

    def having(self, *statements: object) -> Mapping[str, object]:
        """Return the JSON with other statements."""
        return {**self.document, "Statement": list(statements)}


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyChange:
    """
    A change of a trust policy.

    Attributes:
        document: The policy after it.
        statement: The statement that is changed or added, after it.
        number: Its number, from 1; None for one that is added.
        is_of_condition: Whether only its `Condition` is another one.
        replaced: The value of `sub` that matches no run and goes; empty where there is none.
        dropped: The keys of the conditions that no token meets and that go.
    """

    document: Mapping[str, object]
    statement: Mapping[str, object]
    number: int | None
    is_of_condition: bool = True
    replaced: str = ""
    dropped: tuple[str, ...] = ()


def trust_run(
    case: Case, written: WrittenPolicy, subject: str | None = None
) -> PolicyChange | None:
    """
    Return the change that lets the run of a refused case in; None where none is so narrow.

    Args:
        case: The case.
        written: The trust policy.
        subject: The value of `sub` to trust, which may be a pattern; None: the run's own.
    """
    result = case.nearest
    if result is None:
        return _added(written, exact_statement(case))
    if result.statement.effect != "Allow":
        return None
    raw = _raw(written, result)
    edit = StatementEdit(case, result, subject)
    found = edit.in_place(raw)
    if found is None:
        own = edit.of_its_own(raw)
        return None if own is None else _added(written, own)
    changed = [*written.statements]
    changed[result.statement.index] = found
    return PolicyChange(
        document=written.having(*changed),
        statement=found,
        number=result.statement.index + 1,
        is_of_condition=found.keys() == {*raw, "Condition"}
        and all(found[key] == raw[key] for key in raw if key != "Condition"),
        replaced=edit.replaced,
        dropped=tuple(edit.dropped),
    )


def trust_pattern(case: Case, written: WrittenPolicy, pattern: str) -> PolicyChange | None:
    """Return the change that trusts every `sub` that matches, by a statement of its own."""
    result = case.nearest
    if result is None or result.statement.effect != "Allow":
        return None
    own = StatementEdit(case, result).of_its_own(_raw(written, result))
    if own is None:
        return None
    conditions = cast("Conditions", own["Condition"])
    del conditions["StringEquals"][f"{case.run.provider}:sub"]
    # The run's own ref, of which there is one such run: the pattern of `sub` has it too.
    for check in case.failing:
        if case.is_about(check, "ref"):
            conditions["StringEquals"].pop(check.key, None)
    put(conditions, "StringLike", f"{case.run.provider}:sub", pattern)
    return _added(written, own)


def _added(written: WrittenPolicy, own: Mapping[str, object]) -> PolicyChange:
    return PolicyChange(
        document=written.having(*written.statements, own), statement=own, number=None
    )


def _raw(written: WrittenPolicy, result: StatementResult) -> Mapping[str, object]:
    return as_object(written.statements[result.statement.index])
