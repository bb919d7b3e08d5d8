"""
Resources that the generated jobs need and no stack makes, and the images that they leave.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deploy_access.iam.role_arn import parse_role
from deploy_access.workflow.steps import Build, Copy, Deploy, Render

from ..server.aws_session import AwsError, is_there_already

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from deploy_access.workflow.deployer import CodeDeployGroup
    from deploy_access.workflow.steps import Step

    from ..server.aws_session import AwsSession
    from .generated_job import GeneratedJob

    Sessions = Callable[[str], AwsSession]
    Wanted = tuple[str, str, dict[str, Any]]

# As the default tags of Terraform's provider are put on every definition.
_TAGS = [{"key": "made-by", "value": "terraform"}]
_CONTAINER = {"name": "app", "image": "scratch", "memory": 128}
# In place of a pattern: the group has one configuration, whichever a policy allows.
_ALL_AT_ONCE = "CodeDeployDefault.ECSAllAtOnce"


def furnish_jobs(jobs: Sequence[GeneratedJob], session: Sessions) -> None:
    """
    Make the repositories for pushes, the task definitions that are read, and CodeDeploy's groups.
    """
    for one in jobs:
        for step in one.planned.flat():
            account, region = parse_role(one.job.role_arn)["account"], one.job.region
            # A repository may be in another account than the role that pushes to it.
            if isinstance(step, Build | Copy):
                account, region = step.images.account, step.images.region
            for service, operation, given in _wanted(step):
                _make(session(account).client(service, region), operation, given)


def _wanted(step: Step) -> Iterator[Wanted]:
    if isinstance(step, Build | Copy):
        yield "ecr", "create_repository", {"repositoryName": step.images.name}
    elif isinstance(step, Render) and step.family is not None:
        definition = {"family": step.family.text, "containerDefinitions": [_CONTAINER]}
        yield "ecs", "register_task_definition", {**definition, "tags": _TAGS}
    elif isinstance(step, Deploy) and step.codedeploy is not None:
        yield from _group(step.codedeploy)


def _group(group: CodeDeployGroup) -> Iterator[Wanted]:
    application = {"applicationName": group.application}
    yield "codedeploy", "create_application", {**application, "computePlatform": "ECS"}
    found = {
        **application,
        "deploymentGroupName": group.group,
        "deploymentConfigName": group.configuration.replace("*", _ALL_AT_ONCE),
        "serviceRoleArn": "arn:aws:iam::111122223333:role/codedeploy",
    }
    yield "codedeploy", "create_deployment_group", found


def _make(client: Any, operation: str, given: dict[str, Any]) -> None:
    try:
        getattr(client, operation)(**given)
    except AwsError as error:
        if not is_there_already(error):
            raise


def remove_images(jobs: Sequence[GeneratedJob], session: Sessions) -> None:
    """
    Delete the images that were pushed.
    """
    for one in jobs:
        for step in one.planned.flat():
            if isinstance(step, Build | Copy):
                ecr = session(step.images.account).client("ecr", step.images.region)
                image = {"imageTag": one.tag}
                ecr.batch_delete_image(repositoryName=step.images.name, imageIds=[image])
