"""
The calls of each job, and the policies of its role: no permission is missing, and none is unused.

Decided by iam-simulate. `sts:AssumeRoleWithWebIdentity` is no permission of the role.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast, get_args

import pytest
from judged_cases import Case, ask_simulator
from rendering import REPOSITORIES, plan

from deploy_access.iam.decision import Verdict
from deploy_access.workflow.aws_call import ANY
from deploy_access.workflow.calls import calls_of, step_calls
from deploy_access.workflow.steps import Deploy, Render, Step, Together

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.workflow.aws_call import AwsCall
    from deploy_access.workflow.deployer_reader import DeployerEstate
    from deploy_access.workflow.job import Job

Json = dict[str, Any]

# Their account is filled in by Terraform, and iam-simulate wants to know it.
KNOWN = [name for name in REPOSITORIES if name != "unknown"]


def jobs(read: DeployerEstate, repository: str) -> list[Job]:
    """List the jobs of a kind, with everything asked for that is allowed."""
    cache = repository == "cached"
    return [job for workflow in plan(read, repository, cache=cache) for job in workflow.jobs]


def policies(job: Job) -> list[Json]:
    """Read the policies of the job's role."""
    found = [policy.document for policy in job.deployer.role.policies]
    return [json.loads(str(one.content)) for one in found if one is not None]


def case(call: AwsCall, identity: list[Json], account: str) -> Case:
    """Ask whether *identity* allows *call*, with a number in place of what AWS counts."""
    return Case(
        principal=f"arn:aws:sts::{account}:assumed-role/deploy/run",
        action=call.action,
        resource=call.resource.replace(ANY, "1"),
        account=account,
        context={key: value.replace(ANY, "1") for key, value in call.context.items()},
        identity=identity,
    )


def case_of_part(call: AwsCall, part: Json, account: str) -> Case:
    """Ask whether a part of a policy allows *call*, on a resource that the part may mean."""
    meant = part["Statement"][0]["Resource"].replace("*", "1")
    pattern = ".*".join(map(re.escape, call.resource.split(ANY)))
    resource = meant if re.fullmatch(pattern, meant) else call.resource
    return case(replace(call, resource=resource), [part], account)


def parts(document: Json) -> Iterator[Json]:
    """Take a policy apart: one action on one resource under one condition value at a time."""
    for statement in document["Statement"]:
        for action in _list(statement["Action"]):
            for resource in _list(statement["Resource"]):
                one = {**statement, "Action": action, "Resource": resource}
                yield {"Version": "2012-10-17", "Statement": [one]}


def _list(value: object) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else [value]


@pytest.mark.slow
@pytest.mark.parametrize("repository", KNOWN)
def test_every_call_is_allowed(read: DeployerEstate, repository: str) -> None:
    """The role may do everything that the steps of its job always do."""
    asked = [
        case(call, policies(job), str(job.deployer.role.account))
        for job in jobs(read, repository)
        for call in calls_of(job)
        if call.need == "required"
    ]

    denied = [
        (one.action, one.resource, answer)
        for one, answer in zip(asked, ask_simulator(asked), strict=True)
        if answer != Verdict.ALLOWED
    ]
    assert denied == []
    assert asked or repository in {"check", "reads"}


@pytest.mark.slow
@pytest.mark.parametrize("repository", KNOWN)
def test_every_permission_is_used(read: DeployerEstate, repository: str) -> None:
    """The steps of a job do, at least sometimes, everything that its role may do."""
    asked = [
        (job.id, part, case_of_part(call, part, str(job.deployer.role.account)))
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


@pytest.mark.slow
def test_a_call_too_many_is_denied(read: DeployerEstate) -> None:
    """The judge sees a call that the role may not make: deploying without the right cluster."""
    job = jobs(read, "deploy")[0]
    update = next(call for call in calls_of(job) if call.operation == "UpdateService")
    other = {**update.context, "ecs:cluster": update.context["ecs:cluster"] + "-other"}
    wrong = replace(update, context=other)

    answers = ask_simulator([case(wrong, policies(job), str(job.deployer.role.account))])

    assert answers == [Verdict.DENIED_IMPLICITLY]


def test_calls_are_in_the_order_in_which_they_are_made(read: DeployerEstate) -> None:
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


def test_only_what_a_push_cannot_do_without_is_required(read: DeployerEstate) -> None:
    """The five actions of AWS's page are a push; to look for the image first is not always done."""
    (job,) = jobs(read, "push")

    needs = {call.operation: call.need for call in calls_of(job)}

    assert needs == {
        "GetAuthorizationToken": "required",
        "BatchCheckLayerAvailability": "required",
        "BatchGetImage": "sometimes",
        "CompleteLayerUpload": "required",
        "InitiateLayerUpload": "required",
        "PutImage": "required",
        "UploadLayerPart": "required",
    }


def test_a_cache_is_always_read(read: DeployerEstate) -> None:
    """With a cache in the registry, images and layers are read in every run."""
    (job,) = jobs(read, "cached")

    required = {call.operation for call in calls_of(job) if call.need == "required"}

    assert {"BatchGetImage", "GetDownloadUrlForLayer"} <= required


@pytest.mark.parametrize("repository", REPOSITORIES)
def test_every_call_has_a_source(read: DeployerEstate, repository: str) -> None:
    """Each call has the page that says so, and one that is sometimes made says when."""
    calls = [call for job in jobs(read, repository) for call in calls_of(job)]

    assert all(call.source.startswith("https://") for call in calls)
    assert all(bool(call.when) == (call.need == "sometimes") for call in calls)


def test_calls_do_not_follow_from_what_the_role_may_do(read: DeployerEstate) -> None:
    """The same steps make the same calls, whichever roles they may pass and whatever they tag."""
    (job,) = jobs(read, "tagging")

    bare = [
        replace(step, target=replace(step.target, passed=(), tags=False))
        if isinstance(step, Render | Deploy)
        else step
        for step in job.steps
    ]

    assert calls_of(replace(job, steps=tuple(bare))) == calls_of(job)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStep:
    """A step whose calls are not written down."""


def test_a_step_without_known_calls_is_an_error(read: DeployerEstate) -> None:
    """A step of a new class does not count as a step that calls nothing."""
    (job,) = jobs(read, "push")
    more = replace(job, steps=(*job.steps, cast("Step", NewStep())))

    with pytest.raises(TypeError, match="The calls of the step NewStep are not written down"):
        calls_of(more)


def test_the_calls_of_every_step_are_written_down() -> None:
    """Each class of steps has its calls; an action of one's own has those of its steps."""
    assert set(get_args(Step)) - {Together} <= step_calls.registry.keys()


def test_services_run_their_own_families(read: DeployerEstate) -> None:
    """Several services are paired with their families in the order of the construct."""
    (job,) = jobs(read, "several")

    deployed = [(s.service.text, s.family) for s in job.steps if isinstance(s, Deploy)]

    assert deployed == [("web", "web-family"), ("worker", "worker-family")]
