"""The calls of a workflow that may fail all the same: made in some runs only, or not decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.iam.outcome import Outcome
from deploy_access.iam.references import has_reference

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deploy_access.iam.evaluation import StatementResult
    from deploy_access.workflow.aws_call import AwsCall
    from deploy_access.workflow.call_decision import CallDecision
    from deploy_access.workflow.proof import CallProof


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCalls:
    """
    Calls that may fail for one reason.

    Attributes:
        actions: The actions that allow them.
        jobs: The ids of the jobs that make them.
        why: The reason, as a part of a sentence.
    """

    actions: tuple[str, ...]
    jobs: tuple[str, ...]
    why: str


def find_open_calls(proven: Iterable[CallProof]) -> list[OpenCalls]:
    """Find the calls that are neither allowed nor refused, each reason once."""
    actions: dict[tuple[str, str], dict[str, None]] = {}
    for one in proven:
        if one.is_open:
            key = (one.call.action, _why(one.call, one.decision))
            actions.setdefault(key, {})[one.job.id] = None
    found: dict[tuple[tuple[str, ...], str], list[str]] = {}
    for (action, why), jobs in actions.items():
        found.setdefault((tuple(jobs), why), []).append(action)
    return [
        OpenCalls(actions=tuple(names), jobs=jobs, why=why) for (jobs, why), names in found.items()
    ]


def _why(call: AwsCall, decision: CallDecision) -> str:
    if decision.is_denied:
        return f"not allowed; it is needed {call.when}"
    return next(_unknown(call, decision), "Terraform fills in a part of what is asked")


def _unknown(call: AwsCall, decision: CallDecision) -> Iterator[str]:
    """Say what is not known, that which decides first."""
    if decision.is_policy_missing:
        yield "the policy of the repository, which is in another account, was not read"
    undecided = [result for result in decision.statements if result.applies is Outcome.UNKNOWN]
    for result in undecided:
        yield from _of_conditions(result)
    if call.unknown and undecided:
        yield f"it is not known {call.unknown}"
    if decision.policies.unread and not undecided:
        names = ", ".join(f"`{name}`" for name in decision.policies.unread)
        yield f"it is not known what {names} allows"
    if not decision.policies.is_boundary_whole and not undecided:
        yield "it is not known what the permissions boundary allows"
    if call.or_resource is not None:
        yield f"it is not known {call.unknown}"


def _of_conditions(result: StatementResult) -> Iterator[str]:
    for check in result.checks:
        if check.outcome is Outcome.UNKNOWN:
            statement = f"statement {result.statement.index + 1} of policy {result.policy.name!r}"
            if check.key_known and any(map(has_reference, check.wanted)):
                yield f"Terraform fills in what {statement} wants of `{check.key}`"
            else:
                yield f"{statement} asks for `{check.key}`, which is known to AWS alone"
