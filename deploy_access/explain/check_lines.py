"""The parts of a statement as lines, each with the run's value and the policy's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.explain.finding import CheckLine
from deploy_access.explain.resource_element import has_resource
from deploy_access.iam.outcome import Outcome
from deploy_access.iam.policy import WEB_IDENTITY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.explain.case import Case
    from deploy_access.iam.conditions import Check
    from deploy_access.iam.evaluation import StatementResult

# AWS has fifteen keys for GitHub's tokens, and a statement tests few of them.
_MOST = 20


def lines_of(case: Case, result: StatementResult) -> Iterator[CheckLine]:
    """List the parts of a statement in the order of its elements."""
    yield _principal(case, result)
    yield _action(result)
    if has_resource(result):
        remark = "the statement has one; a trust policy cannot"
        yield CheckLine(label="Resource", outcome=Outcome.FAIL, remark=remark)
    # Of more the conditions that are not met come first.
    checks = result.checks
    if len(checks) > _MOST:
        checks = tuple(sorted(checks, key=lambda check: check.outcome is Outcome.PASS))[:_MOST]
    for check in checks:
        yield _check(case, check)


def _principal(case: Case, result: StatementResult) -> CheckLine:
    excepted = result.statement.not_principals
    label = "Principal" if excepted is None else "NotPrincipal"
    values = [one.value for one in result.statement.principals or excepted or ()]
    return CheckLine(
        label=label,
        outcome=result.principal,
        held=case.provider_arn,
        wanted=values[0] if values else "",
        others=max(len(values) - 1, 0),
        remark="" if values else "the statement has none",
    )


def _action(result: StatementResult) -> CheckLine:
    actions, excepted = result.statement.actions, result.statement.not_actions
    values = actions or excepted or ()
    return CheckLine(
        label="Action" if excepted is None else "NotAction",
        outcome=result.action,
        held=WEB_IDENTITY,
        wanted=values[0] if values else "",
        others=max(len(values) - 1, 0),
        remark="" if values else "the statement has none",
    )


def _check(case: Case, check: Check) -> CheckLine:
    claim = case.claim_of(check)
    held = check.held[0] if check.held else None
    remark = ""
    if not check.operator_known:
        remark = "IAM has no such operator"
    elif held is None:
        remark = "the run has none" if check.key_known else "not known"
    return CheckLine(
        label=claim or check.key,
        operator=check.operator,
        outcome=check.outcome,
        held=held,
        wanted=case.nearest_value(check),
        others=max(len(check.wanted) - 1, 0),
        remark=remark,
    )
