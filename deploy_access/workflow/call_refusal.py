"""Why AWS would refuse calls of a job, and what to change so that it allows them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from deploy_access.iam.outcome import Outcome
from deploy_access.workflow.aws_call import ANY

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from deploy_access.iam.conditions import Check
    from deploy_access.iam.evaluation import StatementResult
    from deploy_access.workflow.aws_call import AwsCall
    from deploy_access.workflow.call_decision import CallDecision
    from deploy_access.workflow.job import Job
    from deploy_access.workflow.proof import CallProof

Reason = Literal["boundary", "explicit-deny", "no-statement", "repository-policy"]

# How a policy that is narrow by default asks for the keys of a call.
_ASKED_BY = {"ecs:CreateAction": "StringEquals", "iam:PassedToService": "StringEquals"}
_CHANGES: dict[Reason, str] = {
    "boundary": "Add to the permissions boundary:",
    "no-statement": "Add to a policy of the role:",
    "repository-policy": "Add to the policy of the repository:",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRefusal:
    """
    Calls of one job on one resource that AWS would refuse for one reason.

    Attributes:
        job: The job.
        calls: The calls.
        reason: The sort of the reason.
        where: The statement that decides, or the role when none does.
        cause: The reason, as a sentence.
        change: What to change, as a sentence.
        statement: The statement that the change adds, as JSON; empty when it adds none.
    """

    job: Job
    calls: tuple[AwsCall, ...]
    reason: Reason
    where: str
    cause: str
    change: str
    statement: str


def find_refusals(proven: Iterable[CallProof]) -> list[CallRefusal]:
    """Find what AWS would refuse of the calls that jobs always make, each reason once."""
    found: dict[object, list[CallProof]] = {}
    for one in proven:
        if one.is_refused:
            reason, result = _deciding(one.decision)
            by = None if result is None else (result.policy, result.statement.index)
            found.setdefault((one.job.id, reason, by, one.call.resource), []).append(one)
    return [_refusal(alike) for alike in found.values()]


def _refusal(alike: Sequence[CallProof]) -> CallRefusal:
    job, decision = alike[0].job, alike[0].decision
    calls = tuple({one.call.action: one.call for one in alike}.values())
    reason, result = _deciding(decision)
    is_deny = reason == "explicit-deny"
    return CallRefusal(
        job=job,
        calls=calls,
        reason=reason,
        where=_where(reason, job, decision, result),
        cause=_cause(reason, decision, result),
        change=_undenied(calls, result) if is_deny else _CHANGES[reason],
        statement="" if is_deny else _allowing(job, calls, reason),
    )


def _deciding(decision: CallDecision) -> tuple[Reason, StatementResult | None]:
    """Find why a call is denied, and the statement that denies it or comes nearest to allow it."""
    for kind in ("identity", "boundary", "resource"):
        for result in decision.results(kind, "Deny"):
            if result.applies is Outcome.PASS:
                return "explicit-deny", result
    if decision.is_allowed_by("identity") is Outcome.FAIL:
        return "no-statement", _nearest(decision.results("identity", "Allow"))
    if decision.policies.boundary and decision.is_allowed_by("boundary") is Outcome.FAIL:
        return "boundary", _nearest(decision.results("boundary", "Allow"))
    return "repository-policy", _nearest(decision.results("resource", "Allow"))


def _nearest(results: Iterable[StatementResult]) -> StatementResult | None:
    """Find the statement about the action: one on the resource before one on others."""
    about = [result for result in results if result.action is not Outcome.FAIL]
    return min(about, key=lambda result: result.resource is Outcome.FAIL, default=None)


def _where(reason: Reason, job: Job, decision: CallDecision, result: StatementResult | None) -> str:
    places = decision.policies.places
    if result is not None:
        place = places.get(result.policy) or result.policy.name
        return f"{place}, statement {result.statement.index + 1}"
    boundary = decision.policies.boundary
    bounded = places.get(boundary) if boundary and reason == "boundary" else None
    return str(bounded or job.deployer.role.where)


def _cause(reason: Reason, decision: CallDecision, result: StatementResult | None) -> str:
    if reason == "explicit-deny" and result is not None:
        return f"{_effect(result)}, and a `Deny` wins over every `Allow`."
    if result is not None:
        return _miss(result)
    if reason == "boundary":
        name = decision.policies.boundary.name if decision.policies.boundary else ""
        return f"The permissions boundary {name!r} leaves it out, so no policy can allow it."
    if reason == "repository-policy":
        return "The repository is in another account, and its policy does not let the role in."
    return "No statement of the role's policies allows it."


def _effect(result: StatementResult) -> str:
    statement = result.statement
    actions = statement.actions or statement.not_actions or ()
    but = "all but " if statement.not_actions else ""
    resources = statement.resources or statement.not_resources or ()
    besides = "all but " if statement.not_resources else ""
    return f"The statement denies {but}{_listed(actions)} on {besides}{_listed(resources)}"


def _miss(result: StatementResult) -> str:
    """Say what keeps a statement about the action from allowing the call."""
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


def _undenied(calls: Sequence[AwsCall], result: StatementResult | None) -> str:
    actions = ", ".join(f"`{call.action}`" for call in calls)
    if result is not None and result.statement.not_actions is not None:
        return f"Add {actions} to the `NotAction` of that statement."
    return f"Take {actions} out of that statement, or except the resource with `NotResource`."


def _allowing(job: Job, calls: Sequence[AwsCall], reason: Reason) -> str:
    """Write the statement that allows the calls, and nothing besides, as JSON."""
    call = calls[0]
    actions = sorted({one.action for one in calls})
    conditions = {
        operator: {key: call.context[key]}
        for key, operator in _ASKED_BY.items()
        if key in call.context
    }
    of_repository = reason == "repository-policy"
    role = job.deployer.role.arn or job.deployer.name
    statement: dict[str, object] = {
        "Effect": "Allow",
        **({"Principal": {"AWS": role}} if of_repository else {}),
        "Action": actions[0] if len(actions) == 1 else actions,
        **({} if of_repository else {"Resource": call.resources[-1].replace(ANY, "*")}),
        **({"Condition": conditions} if conditions else {}),
    }
    return json.dumps(statement)
