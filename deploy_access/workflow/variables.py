"""The commands that set the GitHub variables of a workflow, from the outputs of its stacks."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING

from deploy_access.iam.references import has_reference
from deploy_access.json_shape import as_list
from deploy_access.workflow.proof import ask
from deploy_access.workflow.steps import Build, Deploy, Render

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from deploy_access.workflow.fill import GithubVariable
    from deploy_access.workflow.job import Job, Workflow
    from deploy_access.workflow.read import Read


# The outputs of the stacks of `environments.toml`; others are found by their value.
_OUTPUTS = {
    "AWS_ACCOUNT_ID": "account_id",
    "AWS_REGION": "region",
    "AWS_ROLE_ARN": "role_arn",
    "ECR_REPOSITORY": "repository_name",
    "ECS_CLUSTER": "cluster",
    "ECS_SERVICES": "services",
}

# Two outputs may have one value, so a part of the name has to fit as well.
_WORDS = {
    "AWS_ACCOUNT_ID": "account",
    "AWS_REGION": "region",
    "AWS_ROLE_ARN": "role",
    "ECR_ACCOUNT_ID": "registry",
    "ECR_REPOSITORY": "repository",
    "ECS_CLUSTER": "cluster",
    "ECS_FAMILY": "definition",
    "ECS_SECURITY_GROUPS": "group",
    "ECS_SERVICES": "service",
    "ECS_SUBNETS": "subnet",
    "ECS_TASK_FAMILY": "definition",
}


def render_commands(workflow: Workflow, out: Path) -> list[str]:
    """
    Write the commands, one for each variable of each GitHub environment.

    Args:
        workflow: The workflow.
        out: Where the synthesized stacks are.
    """
    found: dict[tuple[str | None, str], str] = {}
    for job in workflow.jobs:
        for variable in sorted(job.variables, key=lambda one: one.name):
            key = (job.stage.environment, variable.name)
            found.setdefault(key, _command(workflow, job, variable, out))
    return list(found.values())


def _command(workflow: Workflow, job: Job, variable: GithubVariable, out: Path) -> str:
    environment = job.stage.environment
    where = ["--repo", workflow.repository, *(["--env", environment] if environment else [])]
    words = ["gh variable set", variable.name, *map(quote, where), "--body"]
    return " ".join([*words, _body(job, variable, out)])


def _body(job: Job, variable: GithubVariable, out: Path) -> str:
    """Say what the variable gets: an output, or text where it is known and no output has it."""
    for stack, name in _outputs(job, variable):
        how = "-json" if variable.kind == "ECS_SERVICES" else "-raw"
        folder = quote(f"-chdir={out / 'stacks' / stack}")
        return f'"$(terraform {folder} output {how} {quote(name)})"'
    if not has_reference(variable.text):
        text = f'["{variable.text}"]' if variable.kind == "ECS_SERVICES" else variable.text
        return quote(text)
    return _hint(variable)


def _outputs(job: Job, variable: GithubVariable) -> Iterator[tuple[str, str]]:
    """Find the output that has the value: the one with the usual name, or one that is called so."""
    usual = _OUTPUTS.get(variable.kind)
    outputs = job.deployer.outputs
    yield from ((stack, usual) for stack, found in outputs.items() if usual and usual in found)
    for stack, found in outputs.items():
        for name, value in found.items():
            # A list is wanted whole, and of a text alone nobody can make one.
            fits = variable.text in as_list(value) and isinstance(value, list) == (
                usual == "services"
            )
            if fits and _WORDS[variable.kind] in name.lower():
                yield stack, name


def _hint(variable: GithubVariable) -> str:
    wanted = _OUTPUTS.get(variable.kind)
    text = f"output {wanted} of the stack" if wanted else variable.kind.removeprefix("ECS_").lower()
    return quote(f"<{text.replace('_', ' ')}>")


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
