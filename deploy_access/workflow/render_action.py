"""The composite action that renders and deploys, for workflows that share these steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, Problem
from deploy_access.workflow.job import shape_of_value
from deploy_access.workflow.option_checks import AsGiven
from deploy_access.workflow.render_steps import render_steps
from deploy_access.workflow.steps import Together
from deploy_access.workflow.yaml_text import entry, render_yaml

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deploy_access.workflow.job import Workflow

_DESCRIBED = {
    "cluster": "The cluster.",
    "codedeploy-application": "The application of CodeDeploy.",
    "codedeploy-group": "The deployment group of CodeDeploy.",
    "container": "The container that gets the image.",
    "family": "The family of the task definition, which is read from AWS.",
    "image": "The image, by its digest.",
    "security-groups": "The security groups of the task that runs once.",
    "service": "The service.",
    "subnets": "The subnets of the task that runs once.",
    "task-definition": "The file of the task definition.",
}


def composite_steps(workflow: Workflow) -> list[Together]:
    """
    Find a step for each action that the workflow uses.

    Raises:
        InvalidValue: Two steps of one action are not alike, so that it cannot do both.
    """
    steps = [step for job in workflow.jobs for step in job.steps if isinstance(step, Together)]
    actions = {path: [one for one in steps if one.path == path] for path in {s.path for s in steps}}
    for alike in actions.values():
        shapes = {(tuple(dict(step.inputs)), shape_of_value(step.steps)) for step in alike}
        if len(shapes) > 1:
            raise InvalidValue(_not_alike(workflow, [step.name for step in alike]))
    return [actions[path][0] for path in sorted(actions)]


def render_action(step: Together, head: Sequence[str]) -> str:
    """Write the action that *step* uses."""
    inputs = tuple(
        entry(name, (entry("description", _DESCRIBED[name]), entry("required", value=True)))
        for name, _ in step.inputs
    )
    does = "Puts an image into a task definition and deploys a service with it."
    runs = (entry("using", "composite"), entry("steps", render_steps(step.steps)))
    return render_yaml(
        [
            entry("name", "Deploy to ECS", gap=True),
            entry("description", does),
            entry("inputs", inputs, gap=True),
            entry("runs", runs, gap=True),
        ],
        head=head,
    )


def _not_alike(workflow: Workflow, names: list[str]) -> Problem:
    return Problem(
        what=f"The deployments of {workflow.file} differ, so one action cannot do all of them.",
        given=AsGiven(", ".join(names)),
        why="One of them waits longer, runs a task first, uses CodeDeploy or reads its definition "
        "elsewhere.",
        fix="Leave `--composite` out, or choose those that are alike with `--environment`.",
    )
