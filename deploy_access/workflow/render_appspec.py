"""CodeDeploy's file, for a service behind a load balancer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.workflow.step_value import safe
from deploy_access.workflow.steps import Deploy
from deploy_access.workflow.yaml_text import Items, entry, render_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deploy_access.workflow.job import Workflow
    from deploy_access.workflow.steps import Appspec

_PUT_IN = "The action puts the new revision in."


def render_appspecs(workflow: Workflow, head: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Write each file that is not in the repository already; the path comes first."""
    for job in workflow.jobs:
        for step in job.flat():
            if isinstance(step, Deploy) and step.appspec and step.appspec.port is not None:
                yield step.appspec.file.removeprefix(".github/"), _render(step.appspec, head)


def _render(appspec: Appspec, head: Sequence[str]) -> str:
    """
    Write the file of one service.

    https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html
    """
    container = (
        entry("ContainerName", safe(appspec.container)),
        entry("ContainerPort", appspec.port),
    )
    properties = (
        entry("TaskDefinition", "<TASK_DEFINITION>", after=_PUT_IN),
        entry("LoadBalancerInfo", container),
    )
    service = (entry("Type", "AWS::ECS::Service"), entry("Properties", properties))
    return render_yaml(
        [
            entry("version", 0.0, gap=True),
            entry("Resources", Items(((entry("TargetService", service),),))),
        ],
        head=head,
    )
