"""The policy document that a deployment to ECS needs, written from names and a target."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.iam import capabilities
from deploy_access.iam.capabilities import EcsDeployment
from deploy_access.iam.statement import PolicyDocument, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from constructs_lib.aws_target import AwsTarget
    from constructs_lib.ecs_deployment_plan import EcsDeploymentPlan


def ecs_policy_document(target: AwsTarget, plan: EcsDeploymentPlan) -> PolicyDocument:
    """Return the statements that *plan* needs in the account and region of *target*."""
    return PolicyDocument(tuple(_statements(target, plan)))


def _statements(target: AwsTarget, plan: EcsDeploymentPlan) -> Iterator[Statement]:
    deployment = _deployment(target, plan)
    # CodeDeploy updates the service itself; the workflow only reads it.
    if not plan.services:
        yield capabilities.register_task_definition()
    elif plan.codedeploy is None:
        yield from capabilities.deploy_service(deployment)
    else:
        yield capabilities.register_task_definition()
        yield capabilities.read_services(deployment)
        yield from _codedeploy(target, plan)
    if deployment.task_roles:
        yield capabilities.pass_task_roles(deployment)
    if plan.read_task_definition:
        yield capabilities.read_task_definition()
    if plan.one_off_tasks:
        yield from capabilities.run_task(deployment, _families(target, plan.one_off_tasks))
    if plan.tags_definitions:
        yield _tag(target, plan, deployment)
    for capability in sorted(plan.also):
        yield capabilities.ALSO[capability](deployment)


def _deployment(target: AwsTarget, plan: EcsDeploymentPlan) -> EcsDeployment:
    return EcsDeployment(
        cluster=target.arn("ecs", f"cluster/{plan.cluster}"),
        services=[target.arn("ecs", f"service/{plan.cluster}/{s}") for s in plan.services],
        task_definitions=_families(target, plan.families),
        task_roles=[_role_arn(target, role) for role in plan.roles],
        tasks=target.arn("ecs", f"task/{plan.cluster}/*"),
    )


def _families(target: AwsTarget, families: Sequence[str]) -> list[str]:
    # Every revision: the number of the next one is not known.
    return [target.arn("ecs", f"task-definition/{family}:*") for family in families]


def _role_arn(target: AwsTarget, role: str) -> str:
    return role if role.startswith("arn:") else target.iam_arn(f"role/{role}")


def _tag(target: AwsTarget, plan: EcsDeploymentPlan, deployment: EcsDeployment) -> Statement:
    created = _families(target, sorted({*plan.families, *plan.one_off_tasks}))
    # A tag is put on by the call that makes the thing, so each action that makes one is named.
    if not plan.tags_tasks:
        return capabilities.tag_on_create(created, ["RegisterTaskDefinition"])
    return capabilities.tag_on_create(
        [*created, deployment.tasks], ["RegisterTaskDefinition", "RunTask"]
    )


def _codedeploy(target: AwsTarget, plan: EcsDeploymentPlan) -> list[Statement]:
    codedeploy = plan.codedeploy
    if codedeploy is None:
        return []
    pairs = [
        (
            codedeploy.application or f"AppECS-{plan.cluster}-{service}",
            codedeploy.deployment_group or f"DgpECS-{plan.cluster}-{service}",
        )
        for service in plan.services
    ]
    # CodeDeploy's ARNs have `:` after the type, where ECS and IAM have `/`.
    return capabilities.deploy_with_codedeploy(
        applications=[target.arn("codedeploy", f"application:{app}") for app, _ in pairs],
        groups=[target.arn("codedeploy", f"deploymentgroup:{app}/{group}") for app, group in pairs],
        configurations=[
            target.arn("codedeploy", f"deploymentconfig:{codedeploy.deployment_config or '*'}")
        ],
    )
