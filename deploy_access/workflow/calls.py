"""
The calls to AWS that each step makes, as far as IAM sees them: action, resource, context.

Sources: the code of the actions at the pinned releases
(https://github.com/aws-actions/amazon-ecs-deploy-task-definition,
https://github.com/aws-actions/amazon-ecs-render-task-definition,
https://github.com/aws-actions/amazon-ecr-login), the pages of `capabilities`, and
https://docs.docker.com/build/cache/backends/registry/.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import singledispatch
from types import MappingProxyType
from typing import TYPE_CHECKING

from deploy_access.iam.capabilities import PUSH_ACTIONS
from deploy_access.workflow.steps import (
    Build,
    CheckOut,
    Deploy,
    LogIn,
    Render,
    RunTask,
    SayWho,
    SetUpBuilder,
    SetUpEmulation,
    Together,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deploy_access.workflow.deployer import EcsTarget
    from deploy_access.workflow.job import Job
    from deploy_access.workflow.steps import Step, Task

_REVISION = "1"
_TASK = "0123456789abcdef0123456789abcdef"
_CONFIGURATION = "CodeDeployDefault.ECSAllAtOnce"
_ECS_TASKS = "ecs-tasks.amazonaws.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsCall:
    """
    One call.

    Attributes:
        service: The API, as IAM names it: `ecs`.
        operation: For example `UpdateService`.
        resource: The ARN that IAM looks at; `*` where the action has no resource of its own.
        context: The condition keys of the call.
        api: Whether the call is made; otherwise another one needs the permission besides its own.
    """

    service: str
    operation: str
    resource: str
    context: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    api: bool = True

    @property
    def action(self) -> str:
        """The action that allows it."""
        return f"{self.service}:{self.operation}"


def calls_of(job: Job) -> tuple[AwsCall, ...]:
    """List the calls that *job* makes with its role, in their order; waiting repeats the last."""
    return tuple(call for step in job.steps for call in step_calls(step))


@singledispatch
def step_calls(step: Step) -> Iterator[AwsCall]:
    """
    List the calls of one step.

    `AssumeRole` has none here: a token asks for the role, and `explain` answers that.
    """
    del step
    yield from ()


@step_calls.register(LogIn)
def _(step: LogIn) -> Iterator[AwsCall]:
    del step
    yield AwsCall(service="ecr", operation="GetAuthorizationToken", resource="*")


@step_calls.register(Build)
def _(step: Build) -> Iterator[AwsCall]:
    actions = [*PUSH_ACTIONS, *(["ecr:GetDownloadUrlForLayer"] if step.cache else [])]
    for action in actions:
        service, _, operation = action.partition(":")
        yield AwsCall(service=service, operation=operation, resource=step.images.arn)


@step_calls.register(Render)
def _(step: Render) -> Iterator[AwsCall]:
    if step.file is None:
        yield AwsCall(service="ecs", operation="DescribeTaskDefinition", resource="*")


@step_calls.register(RunTask)
def _(step: RunTask) -> Iterator[AwsCall]:
    yield from _register(step.target, step.task.family)
    yield from _run(step.target, step.task)


@step_calls.register(Deploy)
def _(step: Deploy) -> Iterator[AwsCall]:
    target = step.target
    yield from _register(target, step.family)
    if step.first is not None:
        yield from _run(target, step.first)
    service = target.arn(f"service/{target.cluster}/{_name(step)}")
    yield AwsCall(
        service="ecs", operation="DescribeServices", resource=service, context=_cluster(target)
    )
    if step.codedeploy is None:
        family = target.arn(f"task-definition/{step.family}:{_REVISION}")
        context = {**_cluster(target), "ecs:task-definition": family}
        yield AwsCall(service="ecs", operation="UpdateService", resource=service, context=context)
    else:
        yield from _codedeploy(step)


@step_calls.register(Together)
def _(step: Together) -> Iterator[AwsCall]:
    for inner in step.steps:
        yield from step_calls(inner)


@step_calls.register(SayWho)
def _(step: SayWho) -> Iterator[AwsCall]:
    # https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html: needs no
    # permission, so it is no call that a policy could allow.
    del step
    yield from ()


@step_calls.register(CheckOut)
@step_calls.register(SetUpBuilder)
@step_calls.register(SetUpEmulation)
def _(step: CheckOut | SetUpBuilder | SetUpEmulation) -> Iterator[AwsCall]:
    del step
    yield from ()


def _name(step: Deploy) -> str:
    return step.service.text


def _cluster(target: EcsTarget) -> dict[str, str]:
    return {"ecs:cluster": target.arn(f"cluster/{target.cluster}")}


def _register(target: EcsTarget, family: str) -> Iterator[AwsCall]:
    """Register a definition, which hands its roles to ECS."""
    definition = target.arn("task-definition/*")
    yield AwsCall(service="ecs", operation="RegisterTaskDefinition", resource=definition)
    for role in target.passed:
        context = {"iam:PassedToService": _ECS_TASKS}
        yield AwsCall(
            service="iam", operation="PassRole", resource=role, context=context, api=False
        )
    if target.tags:
        yield _tag(target.arn(f"task-definition/{family}:{_REVISION}"), "RegisterTaskDefinition")


def _run(target: EcsTarget, task: Task) -> Iterator[AwsCall]:
    family = target.arn(f"task-definition/{task.family}:{_REVISION}")
    yield AwsCall(service="ecs", operation="RunTask", resource=family, context=_cluster(target))
    started = target.arn(f"task/{target.cluster}/{_TASK}")
    yield AwsCall(
        service="ecs", operation="DescribeTasks", resource=started, context=_cluster(target)
    )
    if task.tags:
        yield _tag(started, "RunTask")


def _tag(resource: str, created_by: str) -> AwsCall:
    """Tag what a call makes, which is a permission besides the call's own."""
    context = {"ecs:CreateAction": created_by}
    return AwsCall(
        service="ecs", operation="TagResource", resource=resource, context=context, api=False
    )


def _codedeploy(step: Deploy) -> Iterator[AwsCall]:
    """Deploy with CodeDeploy, which checks two more permissions when a deployment is made."""
    group = step.codedeploy
    if group is None:
        return
    name = f"deploymentgroup:{group.application}/{group.group}"
    arn = step.target.arn(name, "codedeploy")
    named = _CONFIGURATION if group.configuration == "*" else group.configuration
    configuration = step.target.arn(f"deploymentconfig:{named}", "codedeploy")
    application = step.target.arn(f"application:{group.application}", "codedeploy")
    yield AwsCall(service="codedeploy", operation="GetDeploymentGroup", resource=arn)
    yield AwsCall(
        service="codedeploy", operation="GetDeploymentConfig", resource=configuration, api=False
    )
    yield AwsCall(
        service="codedeploy",
        operation="RegisterApplicationRevision",
        resource=application,
        api=False,
    )
    yield AwsCall(service="codedeploy", operation="CreateDeployment", resource=arn)
    yield AwsCall(service="codedeploy", operation="GetDeployment", resource=arn)
