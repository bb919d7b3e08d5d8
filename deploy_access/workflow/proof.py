"""
Whether a planned job would work: whether its role lets it in, and allows each call of its steps.

Nothing is written for a job that would fail: a workflow that AWS refuses is found out here, and not
by its first run.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.activity import ACTIVITY
from deploy_access.iam.decision import Verdict
from deploy_access.terraform.role_policies import read_repository_policies, read_role_policies
from deploy_access.workflow.call_decision import decide
from deploy_access.workflow.calls import calls_of
from deploy_access.workflow.session_proof import prove_sessions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deploy_access.terraform.estate import Estate
    from deploy_access.terraform.role_policies import RepositoryPolicies
    from deploy_access.workflow.aws_call import AwsCall
    from deploy_access.workflow.call_decision import CallDecision
    from deploy_access.workflow.job import Job, Workflow
    from deploy_access.workflow.session_proof import SessionProof


@dataclass(frozen=True, slots=True, kw_only=True)
class CallProof:
    """
    One call of a job, held against the policies of its role.

    Attributes:
        workflow: The workflow.
        job: The job.
        call: The call.
        decision: What the policies decide.
    """

    workflow: Workflow
    job: Job
    call: AwsCall
    decision: CallDecision

    @property
    def is_refused(self) -> bool:
        """Whether the job cannot work: AWS denies a call that it always makes."""
        return self.decision.is_denied and self.call.need == "required"

    @property
    def is_open(self) -> bool:
        """Whether it may fail in some runs, or nothing decides it."""
        return self.decision.verdict is not Verdict.ALLOWED and not self.is_refused


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowProof:
    """
    What is proved of one workflow.

    Attributes:
        workflow: The workflow.
        sessions: Each job under each event, and whether its role lets it in.
        calls: Each call of each job.
    """

    workflow: Workflow
    sessions: tuple[SessionProof, ...]
    calls: tuple[CallProof, ...]


def prove(workflows: Iterable[Workflow], estate: Estate) -> tuple[WorkflowProof, ...]:
    """
    Hold the jobs of each workflow against their roles.

    Args:
        workflows: The workflows.
        estate: Everything that was read of roles and repositories.
    """
    repositories = read_repository_policies(estate)
    return tuple(_prove(workflow, estate, repositories) for workflow in workflows)


def _prove(workflow: Workflow, estate: Estate, repositories: RepositoryPolicies) -> WorkflowProof:
    ACTIVITY.what = f"proving {workflow.file} of {workflow.repository}"
    return WorkflowProof(
        workflow=workflow,
        sessions=tuple(prove_sessions(workflow, estate)),
        calls=tuple(_prove_calls(workflow, repositories)),
    )


def _prove_calls(workflow: Workflow, repositories: RepositoryPolicies) -> Iterator[CallProof]:
    for job in workflow.jobs:
        policies = read_role_policies(job.deployer.role, repositories)
        for call in calls_of(job):
            decision = decide(call, job.deployer, policies)
            yield CallProof(workflow=workflow, job=job, call=call, decision=decision)
