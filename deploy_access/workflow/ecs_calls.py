"""
The calls of the action that deploys to ECS: it registers, runs a task, updates a service or shifts.

Each function lists the calls of one thing that the action does.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from deploy_access.iam.capabilities import ECS_TASKS
from deploy_access.workflow.aws_call import ANY, AwsCall

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deploy_access.workflow.deployer import CodeDeployGroup, EcsTarget
    from deploy_access.workflow.steps import Task

_DEPLOY = "https://github.com/aws-actions/amazon-ecs-deploy-task-definition#permissions"
_SHIFT = "https://github.com/aws-actions/amazon-ecs-deploy-task-definition#aws-codedeploy-support"
_PASS = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html"  # noqa: S105 - a page
_TAG = (
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/supported-iam-actions-tagging.html"
)
_READING = ("ecs:task-definition",)
OF_NO_CLUSTER = ("ecs:cluster", "ecs:task-definition")
"""
The keys that a call about no cluster does not have, so that a condition on them is not met.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
"""
WITH_TAGS = MappingProxyType({"include": ("TAGS",)})
"""
What the action that renders asks for beside a definition: its tags, which the new one has then.

https://github.com/aws-actions/amazon-ecs-render-task-definition/blob/v1.9.0/index.js
"""


def register_definition(target: EcsTarget, family: str, *, from_aws: bool) -> Iterator[AwsCall]:
    """
    Register a definition, which hands its roles to ECS, and may have tags.

    The reference has the definition as the resource, AWS's refusals have `*`:
    https://github.com/aws/containers-roadmap/issues/929.

    Args:
        target: The cluster, with what the stacks say of its definitions.
        family: The definition's family.
        from_aws: Whether it was read from AWS, and not from a file of the repository.
    """
    definition = _revision(target, family)
    yield AwsCall(
        service="ecs",
        operation="RegisterTaskDefinition",
        resource=definition,
        or_resource="*",
        account=target.account,
        region=target.region,
        lacks=OF_NO_CLUSTER,
        unknown="whether AWS asks for it on the definition or on `*`",
        source=_DEPLOY,
    )
    yield from _pass_roles(target, family, from_aws=from_aws)
    # What is read `WITH_TAGS` is registered with them.
    where = "on AWS" if from_aws else "in the repository"
    yield _tag(
        definition, target, "RegisterTaskDefinition", f"when the definition {where} has tags"
    )


def _pass_roles(target: EcsTarget, family: str, *, from_aws: bool) -> Iterator[AwsCall]:
    """
    Pass the roles of a definition: those that a stack gives it, where the latest one is read.

    The roles that a file names are known to the repository alone.
    """
    roles = target.task_roles(family) if from_aws else ()
    for role in roles or (f"arn:{target.partition}:iam::{target.account}:role/{ANY}",):
        yield AwsCall(
            service="iam",
            operation="PassRole",
            resource=role,
            account=target.account,
            context={"iam:PassedToService": ECS_TASKS},
            need="required" if roles else "sometimes",
            when="" if roles else "when the task definition names a role",
            unknown="" if roles else "which roles the task definition names",
            source=_PASS,
            api=False,
        )


def run_task(target: EcsTarget, task: Task) -> Iterator[AwsCall]:
    """Run a task once and wait for its end."""
    lacks = () if task.capacity_provider else ("ecs:capacity-provider",)
    yield _call("RunTask", _revision(target, task.family), target, _in_cluster(target), lacks)
    started = target.arn(f"task/{target.cluster}/{ANY}")
    yield _call("DescribeTasks", started, target, _in_cluster(target), _READING)
    if task.tags:
        yield _tag(started, target, "RunTask")


def read_service(target: EcsTarget, service: str) -> Iterator[AwsCall]:
    """Describe the service, which says who deploys it and whether it is stable."""
    arn = _service(target, service)
    yield _call("DescribeServices", arn, target, _in_cluster(target), _READING)


def update_service(target: EcsTarget, service: str, family: str) -> Iterator[AwsCall]:
    """Point the service at the revision that was registered."""
    context = {**_in_cluster(target), "ecs:task-definition": _revision(target, family)}
    yield _call("UpdateService", _service(target, service), target, context)


def shift_traffic(target: EcsTarget, group: CodeDeployGroup) -> Iterator[AwsCall]:
    """
    Deploy with CodeDeploy.

    The action never calls the last two. Its page asks for them, as CodeDeploy may check them when
    a deployment is made.
    """
    on_group = f"deploymentgroup:{group.application}/{group.group}"
    for operation in ("GetDeploymentGroup", "CreateDeployment", "GetDeployment"):
        yield _shift(operation, on_group, target)
    when = "when CodeDeploy checks it for a deployment"
    unknown = "which configuration the deployment group has"
    yield _shift("GetDeploymentConfig", f"deploymentconfig:{ANY}", target, when, unknown)
    application = f"application:{group.application}"
    yield _shift("RegisterApplicationRevision", application, target, when)


def _call(
    operation: str,
    resource: str,
    target: EcsTarget,
    context: Mapping[str, str],
    lacks: tuple[str, ...] = (),
) -> AwsCall:
    return AwsCall(
        service="ecs",
        operation=operation,
        resource=resource,
        account=target.account,
        region=target.region,
        context=context,
        lacks=lacks,
        source=_DEPLOY,
    )


def _service(target: EcsTarget, service: str) -> str:
    return target.arn(f"service/{target.cluster}/{service}")


def _in_cluster(target: EcsTarget) -> dict[str, str]:
    return {"ecs:cluster": target.arn(f"cluster/{target.cluster}")}


def _revision(target: EcsTarget, family: str) -> str:
    """Name the revision that a registration makes: ECS counts them."""
    return target.arn(f"task-definition/{family}:{ANY}")


def _tag(resource: str, target: EcsTarget, created_by: str, when: str = "") -> AwsCall:
    """Tag what a call makes, which is a permission besides the call's own."""
    return AwsCall(
        service="ecs",
        operation="TagResource",
        resource=resource,
        account=target.account,
        region=target.region,
        context={"ecs:CreateAction": created_by},
        need="sometimes" if when else "required",
        when=when,
        source=_TAG,
        api=False,
    )


def _shift(
    operation: str, resource: str, target: EcsTarget, when: str = "", unknown: str = ""
) -> AwsCall:
    return AwsCall(
        service="codedeploy",
        operation=operation,
        resource=target.arn(resource, "codedeploy"),
        account=target.account,
        region=target.region,
        need="sometimes" if when else "required",
        when=when,
        unknown=unknown,
        source=_SHIFT,
        api=not when,
    )
