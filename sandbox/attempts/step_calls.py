"""
The calls of each step of a generated workflow, with their parameters.

`deploy_access.workflow.calls` says what the steps need; this makes the calls themselves, so that
the gate finds out on its own. A test holds the one against the other.

Sources: https://github.com/aws-actions/configure-aws-credentials,
https://github.com/aws-actions/amazon-ecr-login,
https://github.com/aws-actions/amazon-ecs-deploy-task-definition
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, replace
from functools import singledispatch
from typing import TYPE_CHECKING, Any

from deploy_access.workflow.steps import (
    AssumeRole,
    Build,
    Copy,
    Deploy,
    LogIn,
    Render,
    RunTask,
    SayWho,
)

from .image_push import Image, pull_calls, push_calls
from .job import FromAnswer, JobCall

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deploy_access.workflow.deployer import EcsTarget
    from deploy_access.workflow.job import Job
    from deploy_access.workflow.steps import Step, Task

_EXECUTION = re.compile("execution", re.IGNORECASE)
_REGISTERED = FromAnswer("RegisterTaskDefinition", ("taskDefinition", "taskDefinitionArn"))
# The image that is given by hand to a workflow that builds nothing.
_GIVEN = f"registry.example/app@sha256:{'0' * 64}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunContext:
    """
    Values that the steps of one run share.

    Attributes:
        tag: The tag of the images that it pushes.
        rendered: What is rendered, by the step's id.

    """

    tag: str
    rendered: Mapping[str, Render]


def calls_of_job(job: Job, tag: str) -> tuple[JobCall, ...]:
    """
    List the calls of a job's steps in their order; what it pushes is tagged *tag*.
    """
    steps = list(job.flat())
    rendered = {step.id: step for step in steps if isinstance(step, Render)}
    running = RunContext(tag=tag, rendered=rendered)
    return tuple(call for step in steps for call in step_calls(step, running))


@singledispatch
def step_calls(step: Step, running: RunContext) -> Iterator[JobCall]:
    """
    List the calls of one step; most have none.
    """
    del step, running
    yield from ()


@step_calls.register(AssumeRole)
@step_calls.register(SayWho)
def _(step: AssumeRole | SayWho, running: RunContext) -> Iterator[JobCall]:
    """
    Ask for the account of the session, as the action does to compare it with the expected one.
    """
    del step, running
    yield JobCall("sts", "GetCallerIdentity", {})


@step_calls.register(LogIn)
def _(step: LogIn, running: RunContext) -> Iterator[JobCall]:
    del running
    registries = {"registryIds": [step.account.text]} if step.account else {}
    region = step.region.text if step.region else None
    yield JobCall("ecr", "GetAuthorizationToken", registries, region)


@step_calls.register(Build)
def _(step: Build, running: RunContext) -> Iterator[JobCall]:
    image = Image(name=step.image.text, tag=running.tag)
    calls = push_calls(image, step.images.account, reads_cache=step.cache)
    yield from (replace(call, region=step.images.region) for call in calls)


@step_calls.register(Copy)
def _(step: Copy, running: RunContext) -> Iterator[JobCall]:
    """
    Pull the image that an earlier job of the run has pushed, and push it as it is.
    """
    pulled = Image(name=step.source.text.removesuffix("@"), tag=running.tag)
    calls = pull_calls(pulled, step.source_images.account)
    yield from (replace(call, region=step.source_images.region) for call in calls)
    calls = push_calls(Image(name=step.image.text, tag=running.tag), step.images.account)
    yield from (replace(call, region=step.images.region) for call in calls)


@step_calls.register(Render)
def _(step: Render, running: RunContext) -> Iterator[JobCall]:
    del running
    if step.family is not None:
        given = {"taskDefinition": step.family.text, "include": ["TAGS"]}
        yield JobCall("ecs", "DescribeTaskDefinition", given)


@step_calls.register(RunTask)
def _(step: RunTask, running: RunContext) -> Iterator[JobCall]:
    yield _register(step.target, step.task.family, step.rendered, running)
    yield from _run(step.target, step.task)


@step_calls.register(Deploy)
def _(step: Deploy, running: RunContext) -> Iterator[JobCall]:
    yield _register(step.target, step.family, step.rendered, running)
    if step.first is not None:
        yield from _run(step.target, step.first)
    at, service = {"cluster": step.cluster.text}, step.service.text
    look = JobCall("ecs", "DescribeServices", {**at, "services": [service]})
    yield look
    if step.codedeploy is not None:
        yield from _shift(step.codedeploy.application, step.codedeploy.group)
    else:
        given = {**at, "service": service, "taskDefinition": _REGISTERED}
        yield JobCall("ecs", "UpdateService", given)
        yield look


def _register(target: EcsTarget, family: str, rendered: str, running: RunContext) -> JobCall:
    """
    Return the call that registers a definition with the roles that the policy lets pass.
    """
    render = running.rendered[rendered]
    # IAM passes both in one statement; only the name tells which role is which.
    execution = next((arn for arn in target.passed if _EXECUTION.search(arn)), None)
    task = next((arn for arn in target.passed if arn != execution), None)
    roles = {"taskRoleArn": task, "executionRoleArn": execution}
    container = {"name": render.container.text, "image": _image(render, running.tag), "memory": 128}
    given: dict[str, Any] = {
        "family": family,
        "containerDefinitions": [container],
        **{key: arn for key, arn in roles.items() if arn},
        **_definition_tags(render, target, running.tag),
    }
    return JobCall("ecs", "RegisterTaskDefinition", given)


def _definition_tags(render: Render, target: EcsTarget, run: str) -> dict[str, Any]:
    """
    Return the tags of a definition: those that it has on AWS, or those of a file.
    """
    if render.family is not None:
        return {"tags": FromAnswer("DescribeTaskDefinition", ("tags",))}
    return _tags(run) if target.tags else {}


def _image(render: Render, tag: str) -> str:
    """
    Return the image with the digest of the build in this job, or in one before it.
    """
    name = render.image.text.removesuffix("@")
    return f"{name}@{Image(name=name, tag=tag).digest}" if name else _GIVEN


def _run(target: EcsTarget, task: Task) -> Iterator[JobCall]:
    # Subnets and security groups are left out: moto would want them to be there, and IAM does not
    # look at them.
    at = {"cluster": target.cluster}
    overrides = {"containerOverrides": json.loads(task.overrides)} if task.overrides else {}
    given: dict[str, Any] = {"taskDefinition": _REGISTERED, **_capacity(task), **at}
    tags = _tags(task.family) if task.tags else {}
    yield JobCall("ecs", "RunTask", {**given, "overrides": overrides, **tags})
    started = FromAnswer("RunTask", ("tasks", "0", "taskArn"))
    yield JobCall("ecs", "DescribeTasks", {**at, "tasks": [started]})


def _capacity(task: Task) -> dict[str, Any]:
    if task.capacity_provider:
        return {"capacityProviderStrategy": [{"capacityProvider": task.capacity_provider}]}
    return {"launchType": task.launch_type or "FARGATE"}


def _shift(application: str, group: str) -> Iterator[JobCall]:
    at = {"applicationName": application, "deploymentGroupName": group}
    yield JobCall("codedeploy", "GetDeploymentGroup", at)
    content = json.dumps({"version": 1, "Resources": []})
    sha = hashlib.sha256(content.encode()).hexdigest()
    appspec = {
        "revisionType": "AppSpecContent",
        "appSpecContent": {"content": content, "sha256": sha},
    }
    yield JobCall("codedeploy", "CreateDeployment", {**at, "revision": appspec})
    deployment = FromAnswer("CreateDeployment", ("deploymentId",))
    yield JobCall("codedeploy", "GetDeployment", {"deploymentId": deployment})


def _tags(run: str) -> dict[str, Any]:
    return {"tags": [{"key": "run", "value": run}]}
