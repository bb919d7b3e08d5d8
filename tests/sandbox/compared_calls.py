"""
What the gate judged of a job, and what the generator says that the job calls, side by side.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from deploy_access.workflow.aws_call import ANY
from deploy_access.workflow.calls import calls_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from deploy_access.workflow.job import Job
    from sandbox.gate.judge import Judgement

Seen = tuple[str, str, tuple[tuple[str, str], ...]]

# Where the gate reads AWS's pages more strictly, or one of the two knows less.
DIFFERENT = {
    # AWS's reference has it on the task definition, its refusals say `*`: the gate asks for `*`.
    "ecs:RegisterTaskDefinition": re.compile(r".*"),
    # What is tagged has no number yet when the gate judges: it asks for all of them.
    "ecs:TagResource": re.compile(r"(?<=:)\d+$|(?<=/)[^/:]+$"),
    # What only the definition says, and the deployment group: the generator does not know it.
    "iam:PassRole": re.compile(r"(?<=:role/).*"),
    "codedeploy:GetDeploymentConfig": re.compile(r"(?<=:deploymentconfig:).*"),
    # Numbers that AWS gives.
    "ecs:RunTask": re.compile(r"(?<=:)\d+$"),
    "ecs:DescribeTasks": re.compile(r"(?<=/)[^/]+$"),
    "ecs:task-definition": re.compile(r"(?<=:)\d+$"),
}


def judged(judgements: Sequence[Judgement], job: Job) -> list[Seen]:
    """Return what was judged, with the keys of a request that the generator speaks of."""
    keys = {key for call in calls_of(job) for key in call.context}
    needs = [one.need for one in judgements]
    return in_order(
        _seen(need.action, need.resource, {k: str(v) for k, v in need.context.items() if k in keys})
        for need in needs
    )


def called(job: Job, seen: Sequence[Seen]) -> list[Seen]:
    """Return what the generator says that the job calls, at least where it was *seen* to."""
    calls = [(call, _seen(call.action, call.resource, call.context)) for call in calls_of(job)]
    return in_order(one for call, one in calls if call.need == "required" or one in seen)


def _seen(action: str, resource: str, context: Mapping[str, str]) -> Seen:
    held = {key: _alike(key, value) for key, value in context.items()}
    return action, _alike(action, resource), tuple(sorted(held.items()))


def _alike(name: str, text: str) -> str:
    """Write `*` for what differs with a reason."""
    known = text.replace(ANY, "*")
    return DIFFERENT[name].sub("*", known, count=1) if name in DIFFERENT else known


def in_order(seen: Iterable[Seen]) -> list[Seen]:
    """
    Keep the first of each: waiting repeats calls, and RunTask passes the roles once more.

    Calls on one repository are sorted, as are those of CodeDeploy, and tags come last: the
    generator does not say in which order a push does them, nor when what a call needs besides it
    is judged.
    """
    found: list[Seen] = []
    first = sorted(dict.fromkeys(seen), key=lambda one: one[0] == "ecs:TagResource")
    for (service, _), group in groupby(first, _group):
        ones = list(group)
        found += sorted(ones) if service in {"ecr", "codedeploy"} else ones
    return found


def _group(one: Seen) -> tuple[str, str]:
    service = one[0].partition(":")[0]
    return service, one[1] if service == "ecr" else ""
