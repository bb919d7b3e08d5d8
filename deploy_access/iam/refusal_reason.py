"""Why the policies of a role refuse a request: the statement that decides, and what it lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from deploy_access.iam.outcome import Outcome, any_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from deploy_access.iam.conditions import Check
    from deploy_access.iam.evaluation import PolicyKind, StatementResult
    from deploy_access.iam.policy import Policy

RefusalReason = Literal["boundary", "explicit-deny", "no-statement", "resource-policy"]


def find_reason(
    statements: Sequence[StatementResult], *, has_boundary: bool
) -> tuple[RefusalReason, StatementResult | None]:
    """
    Find why a request is denied, and the statement that denies it or comes nearest to allow it.

    Args:
        statements: The results of all statements for a request that is denied.
        has_boundary: Whether the role has a permissions boundary.
    """
    for result in statements:
        is_deny = result.statement.effect == "Deny" and result.kind != "trust"
        if is_deny and result.applies is Outcome.PASS:
            return "explicit-deny", result
    if _is_allowed_by(statements, "identity") is Outcome.FAIL:
        return "no-statement", _nearest(_allowing(statements, "identity"))
    if has_boundary and _is_allowed_by(statements, "boundary") is Outcome.FAIL:
        return "boundary", _nearest(_allowing(statements, "boundary"))
    return "resource-policy", _nearest(_allowing(statements, "resource"))


def _allowing(statements: Iterable[StatementResult], kind: PolicyKind) -> list[StatementResult]:
    return [r for r in statements if r.kind == kind and r.statement.effect == "Allow"]


def _is_allowed_by(statements: Iterable[StatementResult], kind: PolicyKind) -> Outcome:
    return any_of(result.applies for result in _allowing(statements, kind))


def _nearest(results: Iterable[StatementResult]) -> StatementResult | None:
    """Find the statement about the action: one on the resource before one on others."""
    about = [result for result in results if result.action is not Outcome.FAIL]
    return min(about, key=lambda result: result.resource is Outcome.FAIL, default=None)


def say_reason(
    reason: RefusalReason, result: StatementResult | None, boundary: Policy | None
) -> str | None:
    """
    Say why a request is denied, as a sentence; None where no statement is about it.

    Args:
        reason: The sort of the reason.
        result: The statement that denies it or comes nearest, if any.
        boundary: The permissions boundary of the role, if it has one.
    """
    if result is not None:
        return _say_effect(result) if reason == "explicit-deny" else _say_miss(result)
    if reason == "boundary":
        name = boundary.name if boundary else ""
        return f"The permissions boundary {name!r} leaves it out, so no policy can allow it."
    return None


def _say_effect(result: StatementResult) -> str:
    """Say what a statement that denies the request denies, as a sentence."""
    statement = result.statement
    actions = statement.actions or statement.not_actions or ()
    but = "all but " if statement.not_actions else ""
    resources = statement.resources or statement.not_resources or ()
    besides = "all but " if statement.not_resources else ""
    denied = f"{but}{_listed(actions)} on {besides}{_listed(resources)}"
    return f"The statement denies {denied}, and a `Deny` wins over every `Allow`."


def _say_miss(result: StatementResult) -> str:
    """Say what keeps a statement about the action from allowing the request, as a sentence."""
    failed = [check for check in result.checks if check.outcome is Outcome.FAIL]
    if result.resource is Outcome.FAIL:
        statement = result.statement
        besides = "all but " if statement.not_resources else ""
        resources = _listed(statement.resources or statement.not_resources or ())
        return f"The statement allows it on {besides}{resources} only."
    if failed:
        return f"The statement allows it {_condition(failed[0])}."
    return "The statement is not about this role."


def _condition(check: Check) -> str:
    held = _listed(check.held) if check.held else "no such key"
    wanted = _listed(check.wanted)
    return f"where `{check.key}` meets {check.operator} {wanted}, and the call has {held}"


def _listed(values: Sequence[str]) -> str:
    """Write the first values, and how many more there are."""
    first = ", ".join(f"`{value}`" for value in values[:3])
    return f"{first} and {len(values) - 3} more" if len(values) > 3 else first  # noqa: PLR2004
