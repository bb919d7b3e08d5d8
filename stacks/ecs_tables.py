"""The tables `ecs` of a service in `environments.toml`: its deployment to ECS."""

from typing import Annotated

from deploy_access.iam.capabilities import EcsCapability

from .field_types import Name, Names, Tuple
from .table import Table
from .workflow_table import LaunchType, Schedule


class CodeDeployTable(Table):
    """`ecs.codedeploy`: blue/green deployments, with the ECS console's names when left out."""

    application: Name | None = None
    deployment_group: Name | None = None
    deployment_config: Name | None = None


class TaskTable(Table):
    """
    `ecs.task`: how the tasks of `one_off_tasks` run.

    Attributes:
        launch_type: `FARGATE`, `EC2` or `EXTERNAL`.
        capacity_provider: Whose capacity they take, in place of a launch type.
        public_ip: Whether they have a public address.
        schedule: When they run, as cron has it; without services only.
    """

    launch_type: LaunchType | None = None
    capacity_provider: Name | None = None
    public_ip: bool | None = None
    schedule: Schedule | None = None


class EcsTable(Table):
    """
    `[services.X.ecs]`, or the keys that one environment overrides.

    Attributes:
        families: The task families, when they are not named like the services.
        task_roles: Roles that the tasks take on: a name, `path/name` or an ARN.
        one_off_tasks: Families that may be run once, for example migrations.
        policy_name: `ROLE-ecs-CLUSTER` when left out.
        policy_description: What a policy that is taken over says of itself; empty for nothing.
    """

    cluster: Name | None = None
    services: Names | None = None
    families: Names | None = None
    task_roles: Names | None = None
    execution_role: Name | None = None
    read_task_definition: bool = False
    one_off_tasks: Names = ()
    codedeploy: CodeDeployTable | None = None
    tag_on_create: bool | None = None
    also: Annotated[tuple[EcsCapability, ...], Tuple] = ()
    task: TaskTable | None = None
    policy_name: Name | None = None
    policy_description: str | None = None
