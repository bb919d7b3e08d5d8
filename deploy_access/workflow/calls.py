"""
The calls to AWS that each step makes.

What a step calls follows from the code of its action at the pinned release and from AWS's pages,
never from what the role may do: the proof holds the one against the other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import singledispatch
from typing import TYPE_CHECKING

from deploy_access.iam.ecr_capabilities import PULL_ACTIONS, PUSH_ACTIONS
from deploy_access.workflow.aws_call import AwsCall
from deploy_access.workflow.ecs_calls import (
    OF_NO_CLUSTER,
    WITH_TAGS,
    read_service,
    register_definition,
    run_task,
    shift_traffic,
    update_service,
)
from deploy_access.workflow.steps import (
    AssumeRole,
    Build,
    CheckOut,
    Copy,
    Deploy,
    LogIn,
    Render,
    RunScript,
    RunTask,
    SayWho,
    SetUpBuilder,
    SetUpEmulation,
    UseAction,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.workflow.deployer import ImageRepository
    from deploy_access.workflow.job import Job
    from deploy_access.workflow.steps import Step

_LOGIN = "https://github.com/aws-actions/amazon-ecr-login#permissions"
_PUSH = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html"
# A client that pushes may look for the manifest before it writes it. AWS's list for a push (above)
# does without, and the push of `docker` goes on when the answer is refused.
_LOOK = "https://github.com/containerd/containerd/blob/main/core/remotes/docker/pusher.go"
_PULL = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/docker-pull-ecr-image.html"
_CACHE = "https://docs.docker.com/build/cache/backends/registry/"
_RENDER = "https://github.com/aws-actions/amazon-ecs-render-task-definition"
_MANIFEST = "ecr:BatchGetImage"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Before:
    """
    What the steps before decide of a later one.

    Attributes:
        region: The region of the session.
        from_aws: The steps that render a definition that they read from AWS, by their ids.
    """

    region: str
    from_aws: frozenset[str]


def calls_of(job: Job) -> tuple[AwsCall, ...]:
    """List the calls that *job* makes with its role, in their order; waiting repeats the last."""
    steps = list(job.flat())
    before = _Before(
        region=next((step.region.text for step in steps if isinstance(step, AssumeRole)), ""),
        from_aws=frozenset(s.id for s in steps if isinstance(s, Render) and s.file is None),
    )
    return tuple(call for step in steps for call in step_calls(step, before))


@singledispatch
def step_calls(step: Step, before: _Before) -> Iterator[AwsCall]:
    """
    List the calls of one step.

    Raises:
        TypeError: The calls of such a step are not written down: it would count as proved.
    """
    del before
    message = f"The calls of the step {type(step).__name__} are not written down."
    raise TypeError(message)


@step_calls.register(AssumeRole)
@step_calls.register(CheckOut)
@step_calls.register(SetUpBuilder)
@step_calls.register(SetUpEmulation)
@step_calls.register(SayWho)
@step_calls.register(UseAction)
def _(
    step: AssumeRole | CheckOut | SetUpBuilder | SetUpEmulation | SayWho | UseAction,
    before: _Before,
) -> Iterator[AwsCall]:
    """
    List no call: a token asks for the role, not the role itself.

    To ask whose session it is needs no permission:
    https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html.
    """
    del step, before
    yield from ()


@step_calls.register(RunScript)
def _(step: RunScript, before: _Before) -> Iterator[AwsCall]:
    del before
    yield from step.calls


@step_calls.register(LogIn)
def _(step: LogIn, before: _Before) -> Iterator[AwsCall]:
    yield AwsCall(
        service="ecr",
        operation="GetAuthorizationToken",
        resource="*",
        region=step.region.text if step.region else before.region,
        source=_LOGIN,
    )


@step_calls.register(Build)
def _(step: Build, before: _Before) -> Iterator[AwsCall]:
    del before
    for action in dict.fromkeys([*PUSH_ACTIONS, *(PULL_ACTIONS if step.cache else ())]):
        looks = action == _MANIFEST and not step.cache
        yield replace(
            _of_image(action, step.images, _CACHE if action in PULL_ACTIONS else _PUSH),
            need="sometimes" if looks else "required",
            when="when the client looks for the image before it pushes it" if looks else "",
            **({"source": _LOOK} if looks else {}),
        )


@step_calls.register(Copy)
def _(step: Copy, before: _Before) -> Iterator[AwsCall]:
    """List the pull and the push; the digest of what was pushed is read back, always."""
    del before
    for action in PULL_ACTIONS:
        yield _of_image(action, step.source_images, _PULL)
    for action in PUSH_ACTIONS:
        yield _of_image(action, step.images, _PUSH)


def _of_image(action: str, images: ImageRepository, source: str) -> AwsCall:
    service, _, operation = action.partition(":")
    return AwsCall(
        service=service,
        operation=operation,
        resource=images.arn,
        account=images.account,
        region=images.region,
        source=source,
    )


@step_calls.register(Render)
def _(step: Render, before: _Before) -> Iterator[AwsCall]:
    if step.file is None:
        yield AwsCall(
            service="ecs",
            operation="DescribeTaskDefinition",
            resource="*",
            region=before.region,
            options=WITH_TAGS,
            lacks=OF_NO_CLUSTER,
            source=_RENDER,
        )


@step_calls.register(RunTask)
def _(step: RunTask, before: _Before) -> Iterator[AwsCall]:
    from_aws = step.rendered in before.from_aws
    yield from register_definition(step.target, step.task.family, from_aws=from_aws)
    yield from run_task(step.target, step.task)


@step_calls.register(Deploy)
def _(step: Deploy, before: _Before) -> Iterator[AwsCall]:
    target, service = step.target, step.service.text
    from_aws = step.rendered in before.from_aws
    yield from register_definition(target, step.family, from_aws=from_aws)
    if step.first is not None:
        yield from run_task(target, step.first)
    yield from read_service(target, service)
    if step.codedeploy is None:
        yield from update_service(target, service, step.family)
    else:
        yield from shift_traffic(target, step.codedeploy)
