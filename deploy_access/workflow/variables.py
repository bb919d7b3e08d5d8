"""The commands that set the GitHub variables of a workflow, from the outputs of its stacks."""

from __future__ import annotations

import re
from shlex import quote
from typing import TYPE_CHECKING

from deploy_access.iam.references import has_reference
from deploy_access.json_shape import as_list

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from deploy_access.workflow.job import Job, Workflow
    from deploy_access.workflow.value_source import GithubVariable


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
    """Find the output that has the value: by its usual name, or by a name that fits."""
    # The usual outputs are those of the first cluster.
    is_further = re.match(rf"{variable.kind}_\d", variable.name) is not None
    usual = None if is_further else _OUTPUTS.get(variable.kind)
    outputs = job.deployer.outputs
    yield from ((stack, usual) for stack, found in outputs.items() if usual and usual in found)
    for stack, found in outputs.items():
        for name, value in found.items():
            # A list is wanted whole: a text alone is not one.
            fits = variable.text in as_list(value) and isinstance(value, list) == (
                variable.kind == "ECS_SERVICES"
            )
            if fits and _WORDS[variable.kind] in name.lower():
                yield stack, name


def _hint(variable: GithubVariable) -> str:
    wanted = _OUTPUTS.get(variable.kind)
    text = f"output {wanted} of the stack" if wanted else variable.kind.removeprefix("ECS_").lower()
    return quote(f"<{text.replace('_', ' ')}>")
