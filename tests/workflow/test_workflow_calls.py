"""
The calls of each job, and the policies of its role: neither has more than the other.

Decided by iam-simulate. `sts:AssumeRoleWithWebIdentity` is no permission of the role.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

import pytest
from judged_cases import Case, ask_simulator
from rendering import REPOSITORIES, plan

from deploy_access.iam.decision import Verdict
from deploy_access.workflow.calls import AwsCall, calls_of
from deploy_access.workflow.steps import Deploy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.workflow.job import Job
    from deploy_access.workflow.read import Read

pytestmark = pytest.mark.slow

Json = dict[str, Any]

# Their account is filled in by Terraform, and iam-simulate wants to know it.
KNOWN = [name for name in REPOSITORIES if name != "unknown"]


def jobs(read: Read, repository: str) -> list[Job]:
    """List the jobs of a kind, with everything asked for that is allowed."""
    cache = repository == "cached"
    return [job for workflow in plan(read, repository, cache=cache) for job in workflow.jobs]


def policies(job: Job) -> list[Json]:
    """Read the policies of the job's role."""
    found = [policy.document for policy in job.deployer.role.policies]
    return [json.loads(str(one.content)) for one in found if one is not None]


def case(call: AwsCall, identity: list[Json], account: str) -> Case:
    """Ask whether *identity* allows *call*."""
    return Case(
        principal=f"arn:aws:sts::{account}:assumed-role/deploy/run",
        action=call.action,
        resource=call.resource,
        account=account,
        context=dict(call.context),
        identity=identity,
    )


def parts(document: Json) -> Iterator[Json]:
    """Take a policy apart: one action on one resource under one condition value at a time."""
    for statement in document["Statement"]:
        for action in _list(statement["Action"]):
            for resource in _list(statement["Resource"]):
                one = {**statement, "Action": action, "Resource": resource}
                yield {"Version": "2012-10-17", "Statement": [one]}


def _list(value: object) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else [value]


@pytest.mark.parametrize("repository", KNOWN)
def test_every_call_is_allowed(read: Read, repository: str) -> None:
    """The role may do everything that the steps of its job do."""
    asked = [
        case(call, policies(job), str(job.deployer.role.account))
        for job in jobs(read, repository)
        for call in calls_of(job)
    ]

    denied = [
        (one.action, one.resource, answer)
        for one, answer in zip(asked, ask_simulator(asked), strict=True)
        if answer != Verdict.ALLOWED
    ]
    assert denied == []
    assert asked or repository == "check"


@pytest.mark.parametrize("repository", KNOWN)
def test_every_permission_is_used(read: Read, repository: str) -> None:
    """The steps of a job do everything that its role may do."""
    asked = [
        (job.id, part, case(call, [part], str(job.deployer.role.account)))
        for job in jobs(read, repository)
        for document in policies(job)
        for part in parts(document)
        for call in calls_of(job)
        if call.action == part["Statement"][0]["Action"]
    ]
    answers = ask_simulator([one for _, _, one in asked]) if asked else []
    used = {
        (job, json.dumps(part))
        for (job, part, _), answer in zip(asked, answers, strict=True)
        if answer == Verdict.ALLOWED
    }

    held = {
        (job.id, json.dumps(part))
        for job in jobs(read, repository)
        for document in policies(job)
        for part in parts(document)
    }
    assert held - used == set()


def test_a_call_too_many_is_denied(read: Read) -> None:
    """The judge sees a call that the role may not make: deploying without the right cluster."""
    job = jobs(read, "deploy")[0]
    update = next(call for call in calls_of(job) if call.operation == "UpdateService")
    other = {**update.context, "ecs:cluster": update.context["ecs:cluster"] + "-other"}
    wrong = AwsCall(
        service="ecs", operation="UpdateService", resource=update.resource, context=other
    )

    answers = ask_simulator([case(wrong, policies(job), str(job.deployer.role.account))])

    assert answers == [Verdict.DENIED_IMPLICITLY]


def test_calls_are_in_the_order_in_which_they_are_made(read: Read) -> None:
    """A migration comes after the image and before the service."""
    (job,) = jobs(read, "migrating-apart")

    made = [call.operation for call in calls_of(job) if call.api]

    assert made == [
        "GetAuthorizationToken",
        "BatchCheckLayerAvailability",
        "BatchGetImage",
        "CompleteLayerUpload",
        "InitiateLayerUpload",
        "PutImage",
        "UploadLayerPart",
        "RegisterTaskDefinition",
        "RunTask",
        "DescribeTasks",
        "RegisterTaskDefinition",
        "DescribeServices",
        "UpdateService",
    ]


def test_services_run_their_own_families(read: Read) -> None:
    """Several services are paired with their families in the order of the construct."""
    (job,) = jobs(read, "several")

    deployed = [(s.service.text, s.family) for s in job.steps if isinstance(s, Deploy)]

    assert deployed == [("web", "web-family"), ("worker", "worker-family")]
