"""What is proved of workflows as text: what AWS would refuse, and what is left to do or to know."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from deploy_access.report.explain_text import render_text
from deploy_access.visible_text import escaped, escaped_lines
from deploy_access.workflow.aws_call import ANY
from deploy_access.workflow.call_refusal import find_refusals
from deploy_access.workflow.durations import ASSUMED
from deploy_access.workflow.open_calls import find_open_calls
from deploy_access.workflow.steps import Build, Deploy, Render
from deploy_access.workflow.variables import render_commands

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from deploy_access.workflow.call_refusal import CallRefusal
    from deploy_access.workflow.deployer_reader import DeployerEstate
    from deploy_access.workflow.job import Workflow
    from deploy_access.workflow.proof import WorkflowProof
    from deploy_access.workflow.session_proof import SessionProof


def render_refusals(proofs: Iterable[WorkflowProof]) -> list[str]:
    """Write why each job that cannot work would fail; nothing when all of them work."""
    return [text for proof in proofs for text in (*_sessions(proof), *_calls(proof))]


def _sessions(proof: WorkflowProof) -> Iterator[str]:
    for one in proof.sessions:
        if one.finding.answer == "denied":
            head = f"Job `{one.job.id}` of {one.workflow.file} could not assume its role."
            yield f"{head}\n\n{render_text(one.explanation)}{_reusable(one)}"


def _reusable(asked: SessionProof) -> str:
    """Say which option is missing, where the role trusts a workflow that others call."""
    wanted = dict(one for trusted in asked.job.stage.trusted for one in trusted.claims)
    called = wanted.get("job_workflow_ref")
    return f"  help: Or have that workflow deploy: `--reusable {called}`.\n" if called else ""


def _calls(proof: WorkflowProof) -> Iterator[str]:
    for _, refusals in groupby(find_refusals(proof.calls), key=lambda one: one.job.id):
        found = list(refusals)
        head = f"Job `{found[0].job.id}` of {proof.workflow.file} could not make all of its calls."
        yield "\n\n".join([head, *("\n".join(_refusal(one)) for one in found)]) + "\n"


def _refusal(refusal: CallRefusal) -> Iterator[str]:
    actions = ", ".join(call.action for call in refusal.calls)
    yield f"denied[{refusal.reason}]: {escaped(refusal.job.deployer.name)} may not call {actions}"
    yield f"  --> {escaped(refusal.where)}"
    yield f"  on     {escaped(refusal.calls[0].resource.replace(ANY, '*'))}"
    for source in dict.fromkeys(call.source for call in refusal.calls):
        yield f"  source {source}"
    yield f"  cause: {escaped(refusal.cause)}"
    yield f"  help: {escaped(refusal.change)}"
    if refusal.statement:
        yield f"         JSON  {escaped(refusal.statement)}"


def render_remarks(proofs: Sequence[WorkflowProof], read: DeployerEstate, out: Path) -> str:
    """Write what is left to do, and what could not be said for sure."""
    lines = [line for proof in proofs for line in _remarks(proof, out)]
    lines += unused_roles(proofs, read)
    return "".join(f"{escaped_lines(line)}\n" for line in lines)


def unused_roles(proofs: Sequence[WorkflowProof], read: DeployerEstate) -> Iterator[str]:
    """Name the roles that no workflow uses, as they are of no repository of their own."""
    used = {job.deployer.name for proof in proofs for job in proof.workflow.jobs}
    wide = [d.name for d in read.deployers if d.name not in used and _is_wide(d.trusted)]
    if wide:
        names = ", ".join(wide)
        yield f"No workflow for roles that trust every repository of an owner: {names}."
        yield "  Name one with `--repo OWNER/NAME`."


def _is_wide(trusted: Sequence[object]) -> bool:
    return any("*" in getattr(one, "name", "") for one in trusted)


def _remarks(proof: WorkflowProof, out: Path) -> Iterator[str]:
    workflow = proof.workflow
    for one in proof.sessions:
        if one.finding.answer == "unknown":
            yield f"Whether job `{one.job.id}` is let in is not known: {one.finding.cause.text}"
    yield from _open_calls(proof)
    yield from assumptions(workflow)
    files = needed_files(workflow)
    if files:
        yield f"{workflow.file} of {workflow.repository} needs these files in the repository:"
        yield from (f"  {file}" for file in files)
    environments = needed_environments(workflow)
    if environments:
        names = ", ".join(environments)
        yield f"It needs these GitHub environments, with rules on who may deploy: {names}."
    commands = render_commands(workflow, out)
    if commands:
        yield "Its variables are set by:"
        yield from (f"  {command}" for command in commands)


def _open_calls(proof: WorkflowProof) -> Iterator[str]:
    found = find_open_calls(proof.calls)
    if found:
        workflow = proof.workflow
        yield f"{workflow.file} of {workflow.repository} may not be allowed to call:"
        for one in found:
            yield f"  {', '.join(one.actions)} ({', '.join(one.jobs)}): {escaped(one.why)}"


def needed_files(workflow: Workflow) -> list[str]:
    """List the files that the repository needs beside the workflow, each once."""
    return list(dict.fromkeys(_files(workflow)))


def needed_environments(workflow: Workflow) -> list[str]:
    """List the GitHub environments of the jobs, each once."""
    named = (job.stage.environment for job in workflow.jobs)
    return list(dict.fromkeys(name for name in named if name))


def assumptions(workflow: Workflow) -> Iterator[str]:
    """Say what is assumed of AWS and of GitHub, in lines; those of one sentence are indented."""
    yield from _assumed_waits(workflow)
    yield from _few_files(workflow)


def _assumed_waits(workflow: Workflow) -> Iterator[str]:
    """Name the deployment groups that no stack makes, whose waiting times are therefore assumed."""
    steps = (step for job in workflow.jobs for step in job.flat() if isinstance(step, Deploy))
    groups = [step.codedeploy for step in steps if step.codedeploy]
    for one in dict.fromkeys(group for group in groups if group.minutes is None):
        yield f"{workflow.file} of {workflow.repository} counts {ASSUMED} minutes for the waiting"
        yield f"  times of deployment group {one.group!r}, which no stack says."


def _few_files(workflow: Workflow) -> Iterator[str]:
    """Say where a server looks for paths in few files, so that a run may be missing."""
    looks = [job.stage.has("paths in 3,000 files") for job in workflow.jobs]
    if workflow.triggers.paths and not all(looks):
        yield f"{workflow.file} of {workflow.repository} runs where `paths` change:"
        yield "  a GitHub Enterprise Server before 3.22 looks at the first 300 changed files alone,"
        yield "  so a greater change may start no run. `server_version` says which release it is."


def _files(workflow: Workflow) -> Iterator[str]:
    for job in workflow.jobs:
        for step in job.flat():
            if isinstance(step, Build):
                yield step.dockerfile or f"{step.context}/Dockerfile".removeprefix("./")
            elif isinstance(step, Render) and step.file is not None:
                yield f"{step.file.text} (task definition, container {step.container.text!r})"
            elif isinstance(step, Deploy) and step.appspec and step.appspec.port is None:
                yield f"{step.appspec.file} (CodeDeploy)"
