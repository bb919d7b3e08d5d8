"""
Whether AWS would let each job assume its role: its run, held against the role by `explain`.

A workflow that cannot work is refused with what `deploy-access explain` says of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from deploy_access.explain.decide import explain_role
from deploy_access.explain.finding import Explanation
from deploy_access.github.flags import Wanted, describe_run
from deploy_access.github.segment import encode
from deploy_access.workflow.triggers import sample

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.explain.finding import RoleAnswer
    from deploy_access.github.run import Run
    from deploy_access.terraform.estate import Estate
    from deploy_access.workflow.deployer import Trusted
    from deploy_access.workflow.job import Job, Workflow
    from deploy_access.workflow.triggers import Triggers

# Where only an environment decides, a run on any ref is let in.
_ANY_BRANCH = "main"
_RELEASE = "1.0.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionProof:
    """
    Whether the role of one job lets it in, under one event.

    Attributes:
        workflow: The workflow.
        job: The job.
        event: What starts it, for example `push to the branch 'main'`.
        explanation: What `explain` says.
    """

    workflow: Workflow
    job: Job
    event: str
    explanation: Explanation

    @property
    def finding(self) -> RoleAnswer:
        """What it says of the job's role."""
        return self.explanation.findings[0]


def prove_sessions(workflow: Workflow, estate: Estate) -> Iterator[SessionProof]:
    """Prove for each job under each event that its role lets it in, or say why not."""
    for job in workflow.jobs:
        if job.has_session:
            for event, wanted in _events(workflow.triggers, job):
                run = _run(workflow, job, event, wanted)
                finding = explain_role(run, job.deployer.role, estate)
                explanation = Explanation(run=run, findings=(finding,))
                yield SessionProof(workflow=workflow, job=job, event=event, explanation=explanation)


def _events(triggers: Triggers, job: Job) -> Iterator[tuple[str, Wanted]]:
    """Describe a run for each event; its ids and its environment come later."""
    plain = Wanted(repo=job.stage.repository)
    for ref in triggers.branches:
        yield f"push to the branch {ref.name!r}", replace(plain, branch=sample(ref))
    for ref in triggers.tags:
        yield f"push of the tag {ref.name!r}", replace(plain, tag=sample(ref))
    if triggers.release:
        yield "release", replace(plain, tag=_released(job, triggers))
    if triggers.pull_request:
        yield "pull request", replace(plain, pull_request=True)
    if triggers.schedule:
        yield "schedule", replace(plain, branch=_branch(triggers, job))
    if triggers.dispatch:
        yield "start by hand", replace(plain, branch=_branch(triggers, job))


def _released(job: Job, triggers: Triggers) -> str:
    """Name a tag that a release may have: one that the role trusts, where it trusts any."""
    tags = [ref for ref in job.stage.refs or () if ref.kind == "tag"]
    return sample((*triggers.tags, *sorted(tags))[0]) if triggers.tags or tags else _RELEASE


def _branch(triggers: Triggers, job: Job) -> str:
    """Name the branch of a run that no push starts: one that the role trusts."""
    trusted = [ref for ref in job.stage.refs or () if ref.kind == "branch"]
    found = (*triggers.branches, *sorted(trusted))
    return sample(found[0]) if found else _ANY_BRANCH


def _run(workflow: Workflow, job: Job, event: str, wanted: Wanted) -> Run:
    """Write the run as GitHub would sign it."""
    trusted = _nearest(job)
    wanted = replace(
        wanted,
        issuer=trusted.issuer.url,
        audience=job.audience,
        environment=job.stage.environment,
        workflow_ref=_workflow_ref(workflow, job, wanted),
    )
    owner_id, repo_id = trusted.owner_id or "", trusted.repo_id or ""
    if owner_id.isdigit() and repo_id.isdigit():
        wanted = replace(wanted, owner_id=int(owner_id), repo_id=int(repo_id))
    run = describe_run(wanted)
    name = f"job {job.id} of {workflow.file}, {event}"
    subject = run.subject + _template(trusted, run)
    return replace(run, name=name, subject=subject, notes=())


def _nearest(job: Job) -> Trusted:
    """Take the ids of a subject that has them: the form that new repositories have."""
    return next((one for one in job.stage.trusted if one.repo_id), job.stage.trusted[0])


def _workflow_ref(workflow: Workflow, job: Job, wanted: Wanted) -> str:
    """Name the file that has the job's steps, which is the called one where there is one."""
    ref = f"refs/tags/{wanted.tag}" if wanted.tag else f"refs/heads/{wanted.branch or _ANY_BRANCH}"
    if job.calls is not None and not job.calls.startswith(("$/", "./")):
        return workflow.reusable or ""
    file = (job.calls or "")[2:] or f".github/workflows/{workflow.file}"
    return f"{workflow.repository}/{file}@{ref}"


def _template(trusted: Trusted, run: Run) -> str:
    """
    Write what follows in a `sub` of the repository's own template.

    A claim that a workflow does not decide is taken to be as the policy has it.
    """
    return "".join(f":{key}:{encode(run.claims.get(key, value))}" for key, value in trusted.claims)
