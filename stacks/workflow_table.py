"""`workflow` of a service: settings that `deploy-access workflow` cannot read off its roles."""

from typing import Annotated

from pydantic import AfterValidator, Field

from deploy_access.errors import reject
from deploy_access.workflow.hints import check_hints
from stacks.field_types import Name, Names, Text
from stacks.table import Table


def _check_port(port: int) -> int:
    reject(check_hints({"container_port": port}))
    return port


Port = Annotated[int, AfterValidator(_check_port)]


class WorkflowServiceTable(Table):
    """`workflow.services.Z`: settings of one ECS service, or of a family that is run once."""

    container: Name | None = None
    migration: Text | None = None
    task_definition: Name | None = None


class WorkflowTable(Table):
    """
    `[services.X.workflow]`, or the keys that one environment overrides.

    The keys are those of `deploy_access/workflow/hints.py`.

    Attributes:
        appspec: CodeDeploy's file in the repository.
        cache: Whether layers are kept in the registry; the role needs `ecr.push_cache`.
        container: The container that gets the image.
        container_port: Its port, for a file of CodeDeploy that is written.
        context: The folder that is built.
        dockerfile: The Dockerfile.
        environment: What the jobs of roles without a GitHub environment are called by.
        migration: The command of a task that runs once.
        platforms: What is built for, for example `linux/arm64`.
        security_groups: Those of a task that runs once.
        services: What is different for one ECS service, or for one family.
        subnets: Where a task that runs once is.
        task_definition: The file of the task definition.
    """

    appspec: Name | None = None
    cache: bool | None = None
    container: Name | None = None
    container_port: Port | None = None
    context: Name | None = None
    dockerfile: Name | None = None
    environment: Name | None = None
    migration: Text | None = None
    platforms: Names | None = None
    security_groups: Names | None = None
    services: dict[Name, WorkflowServiceTable] = Field(default_factory=dict)
    subnets: Names | None = None
    task_definition: Name | None = None
