"""
Conditions that a request without their key meets too: `ForAllValues:` and `...IfExists`.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IfExists
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.iam.operators import read_operator, without_if_exists, without_set_operator
from deploy_access.iam.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.explain.case import Case
    from deploy_access.iam.conditions import Check
    from deploy_access.iam.evaluation import StatementResult

_MOST = 5
"""The conditions that are named."""


def met_without_key(case: Case) -> Iterator[str]:
    """Say which conditions of the telling statement the run meets because it lacks their key."""
    result = case.nearest
    if result is None or result.applies is not Outcome.PASS:
        return
    effect = result.statement.effect
    alike = [r for r in case.decision.statements if r.statement.effect == effect]
    if any(r.applies is Outcome.PASS and not _lacking(r) for r in alike):
        return  # Another statement says the same by what the run has.
    for check in _lacking(result)[:_MOST]:
        yield (
            f"`{check.operator}` on `{check.key}` is met only because the run has no such key; "
            f"`{_strict(check)}` asks for a value."
        )


def kept_in_policy(case: Case) -> Iterator[str]:
    """Say which conditions stay in a policy that is changed, and the risk of each."""
    for check in _loose(case.nearest)[:_MOST]:
        yield (
            f"The policy keeps `{check.operator}` on `{check.key}`, which a token without it meets "
            f"too; `{_strict(check)}` asks for a value."
        )


def _loose(result: StatementResult | None) -> list[Check]:
    return [check for check in (result.checks if result else ()) if _is_loose(check)]


def _lacking(result: StatementResult) -> list[Check]:
    return [check for check in _loose(result) if check.key_known and not any(check.held or ())]


def _is_loose(check: Check) -> bool:
    operator = read_operator(check.operator)
    # What asks that no value is equal is met without the key in any case.
    if operator is None or operator.compare is None or operator.negated:
        return False
    return operator.is_for_all or (operator.if_exists and operator.set_operator is None)


def _strict(check: Check) -> str:
    return without_if_exists(without_set_operator(check.operator))
