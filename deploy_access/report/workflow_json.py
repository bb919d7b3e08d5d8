"""Workflows, what is proved of them and their files, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.report.explain_json import run_object
from deploy_access.report.json_document import render_document
from deploy_access.report.workflow_text import (
    assumptions,
    needed_environments,
    needed_files,
    unused_roles,
)
from deploy_access.workflow.aws_call import ANY
from deploy_access.workflow.call_refusal import find_refusals
from deploy_access.workflow.open_calls import find_open_calls
from deploy_access.workflow.output import shown_path
from deploy_access.workflow.variables import render_commands

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from deploy_access.workflow.call_refusal import CallRefusal
    from deploy_access.workflow.deployer_reader import DeployerEstate
    from deploy_access.workflow.job import Job, Workflow
    from deploy_access.workflow.output import MadeFile, MadeFiles
    from deploy_access.workflow.proof import WorkflowProof


def render_workflow_json(
    proofs: Sequence[WorkflowProof],
    made: MadeFiles,
    read: DeployerEstate,
    notes: Sequence[str],
    out: Path,
) -> str:
    """
    Render all of it.

    Args:
        proofs: The workflows, each with what is proved of it.
        made: Their files; none where a job would be refused.
        read: The roles.
        notes: What to know besides.
        out: Where the synthesized stacks are.
    """
    document = {
        "workflows": [_workflow(proof, out) for proof in proofs],
        "files": [*map(_file, made.files)],
        "left": made.left,
        "notes": [*_sentences(unused_roles(proofs, read)), *notes],
    }
    return render_document(document)


def _file(file: MadeFile) -> dict[str, object]:
    return {
        "path": shown_path(file.path),
        "text": file.text,
        "state": file.state,
        "difference": file.difference or None,
    }


def _workflow(proof: WorkflowProof, out: Path) -> dict[str, object]:
    workflow = proof.workflow
    return {
        "repository": workflow.repository,
        "file": workflow.file,
        "name": workflow.name,
        "jobs": [_job(job, proof) for job in workflow.jobs],
        "needs": _needs(workflow, out),
        "open_calls": [
            {"actions": one.actions, "jobs": one.jobs, "why": one.why}
            for one in find_open_calls(proof.calls)
        ],
        "notes": _sentences(assumptions(workflow)),
    }


def _needs(workflow: Workflow, out: Path) -> dict[str, object]:
    return {
        "files": needed_files(workflow),
        "environments": needed_environments(workflow),
        "variables": render_commands(workflow, out),
    }


def _job(job: Job, proof: WorkflowProof) -> dict[str, object]:
    refusals = find_refusals(proof.calls)
    return {
        "id": job.id,
        "role": job.deployer.name,
        "account": job.deployer.role.account,
        "environment": job.stage.environment,
        "sessions": [
            {"on": one.event, "explanation": run_object(one.explanation)}
            for one in proof.sessions
            if one.job.id == job.id
        ],
        "refused_calls": [_refused(one) for one in refusals if one.job.id == job.id],
    }


def _refused(refusal: CallRefusal) -> dict[str, object]:
    return {
        "actions": [call.action for call in refusal.calls],
        "resource": refusal.calls[0].resource.replace(ANY, "*"),
        "reason": refusal.reason,
        "where": refusal.where,
        "cause": refusal.cause,
        "change": refusal.change,
        "statement": refusal.statement or None,
        "sources": list(dict.fromkeys(call.source for call in refusal.calls)),
    }


def _sentences(lines: Iterable[str]) -> list[str]:
    """Join the lines of each sentence: those that go on are indented."""
    found: list[str] = []
    for line in lines:
        if line.startswith(" ") and found:
            found[-1] = f"{found[-1]} {line.strip()}"
        else:
            found.append(line)
    return found
