"""Why AWS would refuse calls of a job, and what to change so that it allows them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.iam.refusal_reason import find_reason, say_reason
from deploy_access.workflow.aws_call import ANY

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from deploy_access.iam.evaluation import StatementResult
    from deploy_access.iam.refusal_reason import RefusalReason
    from deploy_access.workflow.aws_call import AwsCall
    from deploy_access.workflow.call_decision import CallDecision
    from deploy_access.workflow.job import Job
    from deploy_access.workflow.proof import CallProof

# How a policy that is narrow by default asks for the keys of a call.
ASKED_BY = {"ecs:CreateAction": "StringEquals", "iam:PassedToService": "StringEquals"}
_CHANGES: dict[RefusalReason, str] = {
    "boundary": "Add to the permissions boundary:",
    "no-statement": "Add to a policy of the role:",
    "resource-policy": "Add to the policy of the repository:",
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
    reason: RefusalReason
    where: str
    cause: str
    change: str
    statement: str


def find_refusals(proven: Iterable[CallProof]) -> list[CallRefusal]:
    """Find what AWS would refuse of the calls that jobs always make, each reason once."""
    found: dict[object, list[CallProof]] = {}
    for one in proven:
        if one.is_refused:
            reason, result = _reason(one.decision)
            by = None if result is None else (result.policy, result.statement.index)
            found.setdefault((one.job.id, reason, by, one.call.resource), []).append(one)
    return [_refusal(alike) for alike in found.values()]


def _refusal(alike: Sequence[CallProof]) -> CallRefusal:
    job, decision = alike[0].job, alike[0].decision
    calls = tuple({one.call.action: one.call for one in alike}.values())
    reason, result = _reason(decision)
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


def _reason(decision: CallDecision) -> tuple[RefusalReason, StatementResult | None]:
    has_boundary = decision.policies.boundary is not None
    return find_reason(decision.statements, has_boundary=has_boundary)


def _where(
    reason: RefusalReason, job: Job, decision: CallDecision, result: StatementResult | None
) -> str:
    places = decision.policies.places
    if result is not None:
        place = places.get(result.policy) or result.policy.name
        return f"{place}, statement {result.statement.index + 1}"
    boundary = decision.policies.boundary
    bounded = places.get(boundary) if boundary and reason == "boundary" else None
    return str(bounded or job.deployer.role.where)


def _cause(reason: RefusalReason, decision: CallDecision, result: StatementResult | None) -> str:
    said = say_reason(reason, result, decision.policies.boundary)
    if said is None and reason == "resource-policy":
        return "The repository is in another account, and its policy does not let the role in."
    return said or "No statement of the role's policies allows it."


def _undenied(calls: Sequence[AwsCall], result: StatementResult | None) -> str:
    actions = ", ".join(f"`{call.action}`" for call in calls)
    if result is not None and result.statement.not_actions is not None:
        return f"Add {actions} to the `NotAction` of that statement."
    return f"Take {actions} out of that statement, or except the resource with `NotResource`."


def _allowing(job: Job, calls: Sequence[AwsCall], reason: RefusalReason) -> str:
    """Write the statement that allows the calls, and nothing besides, as JSON."""
    call = calls[0]
    actions = sorted({one.action for one in calls})
    conditions = {
        operator: {key: call.context[key]}
        for key, operator in ASKED_BY.items()
        if key in call.context
    }
    of_repository = reason == "resource-policy"
    role = job.deployer.role.arn or job.deployer.name
    statement: dict[str, object] = {
        "Effect": "Allow",
        **({"Principal": {"AWS": role}} if of_repository else {}),
        "Action": actions[0] if len(actions) == 1 else actions,
        **({} if of_repository else {"Resource": call.resources[-1].replace(ANY, "*")}),
        **({"Condition": conditions} if conditions else {}),
    }
    return json.dumps(statement)
