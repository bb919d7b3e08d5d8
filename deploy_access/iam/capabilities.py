"""
What a deploy to ECS may do: one function for each capability, with the page its actions come from.

The functions take ARNs as text, so a policy can be read before anything exists.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from deploy_access.iam.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

EcsCapability = Literal["list-service-deployments", "list-tasks", "stop-task"]
"""What a deployer may do beside what the actions of AWS call: the keys of `ALSO`."""

ECS_TASKS = "ecs-tasks.amazonaws.com"
"""The service that takes on the roles of a task definition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EcsDeployment:
    """
    The ARNs that a deployment to ECS is about.

    Attributes:
        cluster: The cluster's ARN.
        services: The services' ARNs, cluster included: `service/CLUSTER/SERVICE`.
        task_definitions: `task-definition/FAMILY:*` for each family that the services run.
        task_roles: The roles that the tasks and the ECS agent take on.
        tasks: `task/CLUSTER/*`.
    """

    cluster: str
    services: Sequence[str]
    task_definitions: Sequence[str]
    task_roles: Sequence[str]
    tasks: str

    @property
    def in_cluster(self) -> Mapping[str, Mapping[str, Sequence[str]]]:
        """The condition that a call is about this cluster."""
        return {"ArnEquals": {"ecs:cluster": [self.cluster]}}


def register_task_definition() -> Statement:
    """
    Register a task definition, of any family.

    The resource is `*`, as in the action's README and in reports of denied calls, though AWS's list
    has `task-definition/*`. A definition is bounded by the roles that may be passed to it, and a
    run by the services that may be updated.
    """
    # https://github.com/aws/containers-roadmap/issues/929 asks for families as the resource.
    return Statement(
        sid="RegisterTaskDefinition", actions=["ecs:RegisterTaskDefinition"], resources=["*"]
    )


def deploy_service(deployment: EcsDeployment) -> list[Statement]:
    """
    Point the services at a new revision of their own family, and watch them settle.

    https://github.com/aws-actions/amazon-ecs-deploy-task-definition#permissions. Without the
    condition on the family, a service could be pointed at a registered definition with stronger
    roles, which `iam:PassRole` does not check.
    """
    # `IfExists`: a call that leaves the definition as it is does not have the key.
    update = Statement(
        sid="UpdateServices",
        actions=["ecs:UpdateService"],
        resources=deployment.services,
        conditions={
            **deployment.in_cluster,
            "ArnLikeIfExists": {"ecs:task-definition": deployment.task_definitions},
        },
    )
    return [register_task_definition(), update, read_services(deployment)]


def read_services(deployment: EcsDeployment) -> Statement:
    """Describe the services, by which a deploy waits until they are stable."""
    return Statement(
        sid="ReadServices",
        actions=["ecs:DescribeServices"],
        resources=deployment.services,
        conditions=deployment.in_cluster,
    )


def pass_task_roles(deployment: EcsDeployment) -> Statement:
    """
    Pass these roles, and no others, to ECS tasks and to nothing else.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    """
    return Statement(
        sid="PassTaskRoles",
        actions=["iam:PassRole"],
        resources=deployment.task_roles,
        conditions={"StringEquals": {"iam:PassedToService": [ECS_TASKS]}},
    )


def read_task_definition() -> Statement:
    """
    Read a task definition from AWS.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html:
    the action has no resource of its own.
    """
    return Statement(
        sid="ReadTaskDefinition", actions=["ecs:DescribeTaskDefinition"], resources=["*"]
    )


def run_task(deployment: EcsDeployment, families: Sequence[str]) -> list[Statement]:
    """
    Run tasks of *families* (`task-definition/FAMILY:*`) once, for example migrations, and watch.

    `FAMILY` without a revision matches nothing. A run may override the command, so the deploy role
    can do what the task's role can.
    """
    # Since 2024-03-21 ECS resolves the revision before it authorizes the call.
    # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
    run = Statement(
        sid="RunTasks",
        actions=["ecs:RunTask"],
        resources=families,
        conditions=deployment.in_cluster,
    )
    watch = Statement(
        sid="ReadTasks",
        actions=["ecs:DescribeTasks"],
        resources=[deployment.tasks],
        conditions=deployment.in_cluster,
    )
    return [run, watch]


def stop_tasks(deployment: EcsDeployment) -> Statement:
    """
    Stop any task of the cluster, those of other services too: a task's ARN does not name one.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StopTask.html
    """
    return Statement(
        sid="StopTasks",
        actions=["ecs:StopTask"],
        resources=[deployment.tasks],
        conditions=deployment.in_cluster,
    )


def list_tasks(deployment: EcsDeployment) -> Statement:
    """
    List the tasks of the cluster.

    The resource of the action is a container instance, which a task on Fargate has not, so only
    the condition names the cluster:
    https://docs.aws.amazon.com/AmazonECS/latest/userguide/security_iam_id-based-policy-examples.html
    """
    return Statement(
        sid="ListTasks",
        actions=["ecs:ListTasks"],
        resources=["*"],
        conditions=deployment.in_cluster,
    )


def list_service_deployments(deployment: EcsDeployment) -> Statement:
    """
    List the deployments of the services.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListServiceDeployments.html
    """
    return Statement(
        sid="ListServiceDeployments",
        actions=["ecs:ListServiceDeployments"],
        resources=deployment.services,
        conditions=deployment.in_cluster,
    )


ALSO: Mapping[EcsCapability, Callable[[EcsDeployment], Statement]] = {
    "list-service-deployments": list_service_deployments,
    "list-tasks": list_tasks,
    "stop-task": stop_tasks,
}
"""One statement for each call that other deployers make, such as ecspresso."""


def tag_on_create(resources: Sequence[str], calls: Sequence[str]) -> Statement:
    """
    Tag what the named *calls* create, and nothing that exists.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/supported-iam-actions-tagging.html
    """
    return Statement(
        sid="TagOnCreate",
        actions=["ecs:TagResource"],
        resources=resources,
        conditions={"StringEquals": {"ecs:CreateAction": calls}},
    )


def deploy_with_codedeploy(
    *, applications: Sequence[str], groups: Sequence[str], configurations: Sequence[str]
) -> list[Statement]:
    """
    Shift traffic with CodeDeploy, in place of updating the service.

    https://github.com/aws-actions/amazon-ecs-deploy-task-definition#codedeploy-support
    """
    return [
        Statement(
            sid="CreateDeployments",
            actions=[
                "codedeploy:CreateDeployment",
                "codedeploy:GetDeployment",
                "codedeploy:GetDeploymentGroup",
            ],
            resources=groups,
        ),
        Statement(
            sid="ReadDeploymentConfigurations",
            actions=["codedeploy:GetDeploymentConfig"],
            resources=configurations,
        ),
        Statement(
            sid="RegisterRevisions",
            actions=["codedeploy:RegisterApplicationRevision"],
            resources=applications,
        ),
    ]
