"""What a person has to do beside committing the workflows: variables, and files they rely on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.workflow.let_in import ask
from deploy_access.workflow.steps import Build, Deploy, Render
from deploy_access.workflow.variables import render_commands

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from deploy_access.workflow.job import Workflow
    from deploy_access.workflow.read import Read


def render_remarks(workflows: Sequence[Workflow], read: Read, out: Path) -> str:
    """Write what is left to do, and what could not be said for sure."""
    lines: list[str] = []
    for workflow in workflows:
        lines += _of(workflow, read, out)
    used = {job.deployer.name for workflow in workflows for job in workflow.jobs}
    wide = [d.name for d in read.deployers if d.name not in used and _is_wide(d.trusted)]
    if wide:
        names = ", ".join(wide)
        lines.append(f"No workflow for roles that trust every repository of an owner: {names}.")
        lines.append("  Name one with `--repo OWNER/NAME`.")
    return "".join(f"{line}\n" for line in lines)


def _is_wide(trusted: Sequence[object]) -> bool:
    return any("*" in getattr(one, "name", "") for one in trusted)


def _of(workflow: Workflow, read: Read, out: Path) -> Iterator[str]:
    for one in ask(workflow, read.estate):
        if one.finding.answer == "unknown":
            yield f"Whether job `{one.job.id}` is let in is not known: {one.finding.cause.text}"
    files = list(dict.fromkeys(_files(workflow)))
    if files:
        yield f"{workflow.file} of {workflow.repository} needs these files in the repository:"
        yield from (f"  {file}" for file in files)
    environments = [j.stage.environment for j in workflow.jobs if j.stage.environment]
    if environments:
        names = ", ".join(dict.fromkeys(environments))
        yield f"It needs these GitHub environments, with rules on who may deploy: {names}."
    commands = render_commands(workflow, out)
    if commands:
        yield "Its variables are set by:"
        yield from (f"  {command}" for command in commands)


def _files(workflow: Workflow) -> Iterator[str]:
    for job in workflow.jobs:
        for step in job.flat():
            if isinstance(step, Build):
                yield step.dockerfile or f"{step.context}/Dockerfile".removeprefix("./")
            elif isinstance(step, Render) and step.file is not None:
                yield f"{step.file.text} (task definition, container {step.container.text!r})"
            elif isinstance(step, Deploy) and step.appspec and step.appspec.port is None:
                yield f"{step.appspec.file} (CodeDeploy)"
