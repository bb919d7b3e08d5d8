"""The image that a job deploys: that of an earlier job, or one that is an input of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, Problem
from deploy_access.workflow.option_checks import AsGiven
from deploy_access.workflow.step_value import Value, expression

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deploy_access.workflow.job import Job
    from deploy_access.workflow.stages import Stage
    from deploy_access.workflow.triggers import Triggers


def image_for(stage: Stage, building: Sequence[Job], triggers: Triggers) -> Value | None:
    """
    Name the image that *stage* deploys, by its digest; None when it builds one, or deploys nothing.

    Args:
        stage: The role.
        building: The jobs that build for it.
        triggers: What starts the workflow.

    Raises:
        InvalidValue: No job builds an image, or several do.
    """
    if stage.deployer.images or not stage.deployer.targets:
        return None
    if not building:
        return _image_of_person(stage, triggers)
    job = _the_one(stage, building)
    images = job.deployer.images[0]
    text = f"{images.registry}/{images.name}"
    name = job.outputs[0][0]
    output = expression(f"needs.{job.id}.outputs.{name}")
    return Value(text=f"{text}@", template=output if name == "image" else f"{text}@{output}")


def _image_of_person(stage: Stage, triggers: Triggers) -> Value:
    """Return the input that names the image, for a workflow that builds none."""
    if not triggers.dispatch or triggers.branches or triggers.tags or triggers.release:
        raise InvalidValue(_nobody_builds(stage))
    return Value(text="", template=expression("inputs.image"))


def _the_one(stage: Stage, building: Sequence[Job]) -> Job:
    """Find the job that builds for *stage*: the only one, its service's, or its stack's."""
    if len(building) == 1:
        return building[0]
    names = stage.deployer.repository_names
    own = [job for job in building if job.stage.service == stage.service]
    found = own if len(own) == 1 else [j for j in building if j.deployer.images[0].name in names]
    if len(found) == 1:
        return found[0]
    raise InvalidValue(_several_builders(stage, building))


def _nobody_builds(stage: Stage) -> Problem:
    return Problem(
        what=f"Nothing in the workflow of role {stage.deployer.name!r} builds what it deploys.",
        given=stage.label,
        why="The role pushes no image, and no other role of the repository that runs on the same "
        "refs does.",
        fix="Trust the same branch with a role that pushes; or trust a GitHub environment and "
        "leave the triggers to the command: then whoever starts the workflow names the image.",
    )


def _several_builders(stage: Stage, building: Sequence[Job]) -> Problem:
    return Problem(
        what=f"Several roles push, and nothing says whose image role {stage.deployer.name!r} "
        "deploys.",
        given=AsGiven(", ".join(job.deployer.name for job in building)),
        why="A workflow deploys the image that it has built.",
        fix="Name the roles of one workflow: `--role NAME --role NAME`, or give the stack of the "
        "deploy an output `repository_name`.",
    )
