"""Jobs that call one workflow, which an organization keeps in one place."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from deploy_access.workflow.fill import Inputs
from deploy_access.workflow.shape import shape_of

if TYPE_CHECKING:
    from deploy_access.workflow.job import Job, Workflow
    from deploy_access.workflow.plan import Plan
    from deploy_access.workflow.values import Value


def reusing(workflow: Workflow, plan: Plan) -> Workflow:
    """Have the jobs of the most common shape call one workflow; among equals, those that deploy."""
    made = [_called(workflow, job, plan) for job in workflow.jobs]
    shapes = [(shape_of(job), tuple(given)) for job, given in made]
    deploys = [bool(job.deployer.targets) for job in workflow.jobs]
    inside = [job.environment is not None for job in workflow.jobs]
    places = range(len(made))
    chosen = max(places, key=lambda i: (deploys[i], shapes.count(shapes[i]), inside[i], i))
    jobs = tuple(
        replace(job, calls=_uses(workflow, plan), inputs=tuple(given.items()))
        if shape == shapes[chosen]
        else job
        for job, (_, given), shape in zip(workflow.jobs, made, shapes, strict=True)
    )
    called, given = made[chosen]
    name = "Deploy" if deploys[chosen] else "Push"
    called = replace(called, name=name, inputs=tuple(given.items()))
    return replace(workflow, jobs=jobs, called=called, reusable=plan.options.reusable)


def _uses(workflow: Workflow, plan: Plan) -> str:
    """Name the called workflow: one of the same repository is that of the same commit."""
    path, _, ref = (plan.options.reusable or "").partition("@")
    own = path.removeprefix(f"{workflow.repository}/")
    return f"$/{own}" if own != path else f"{path}@{re.sub('^refs/(heads|tags)/', '', ref)}"


def _called(workflow: Workflow, job: Job, plan: Plan) -> tuple[Job, dict[str, Value]]:
    """Plan a job anew, in terms of inputs, and say what they are given."""
    image = plan.image(job.stage, workflow.jobs[: workflow.jobs.index(job)])
    inputs = Inputs(inner=plan.filling(job.stage), variables=False)
    return plan.job(job.stage, image, (), inputs), inputs.given
