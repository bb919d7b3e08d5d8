"""
The jobs with which a repository deploys the stacks themselves, and what they do with Terraform.

They are those of the workflows that `deploy-access workflow --infra` writes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.bootstrap.plan import ACCOUNT_STACK
from deploy_access.errors import InvalidValue
from deploy_access.iam.role_arn import parse_role
from deploy_access.terraform.stacks import read_stacks
from deploy_access.workflow.infra_workflows import plan_infra
from deploy_access.workflow.options import Options
from deploy_access.workflow.proof import prove

from .job import APPLY, PLAN, JobCall, TerraformWork

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from deploy_access.terraform.stacks import Stack
    from deploy_access.workflow.deployer_reader import DeployerEstate
    from deploy_access.workflow.job import Job
    from deploy_access.workflow.proof import WorkflowProof
    from deploy_access.workflow.session_proof import SessionProof

# A name that no example and no account of the sandbox has.
_OTHER = "not-mine"


def prove_infra(read: DeployerEstate, out: Path) -> tuple[WorkflowProof, ...]:
    """
    Plan the workflows that deploy the stacks in *out*, and hold each job against its role.

    Returns:
        The workflows; none where no pair of roles plans and applies the stacks.
    """
    try:
        planned, _ = plan_infra(read, read_stacks(out), Options())
    except InvalidValue:  # then the roles are tried as those of a service
        return ()
    return prove([one.proved for one in planned], read.estate)


def distinct_sessions(proof: WorkflowProof) -> Iterator[SessionProof]:
    """
    Yield each job of a workflow once for each `sub`: two events may show AWS the same.
    """
    seen: set[tuple[str, str]] = set()
    for asked in proof.sessions:
        key = asked.job.id, asked.explanation.run.subject
        if key not in seen:
            seen.add(key)
            yield asked


def refused_call(proof: WorkflowProof, job: Job) -> str:
    """
    Name a call of the job that its policies refuse, for whichever stack; nothing where none is.
    """
    refused = (one for one in proof.calls if one.job == job and one.is_refused)
    return next((f"It may not call {one.call.action}." for one in refused), "")


def terraform_work(job: Job, role_arn: str, stacks: Mapping[str, Stack]) -> TerraformWork | None:
    """
    Return what a job does with Terraform, in the stack that makes its role.

    It is nothing for a job whose Terraform cannot work here: the role that Terraform assumes is
    written as `deploy-access bootstrap` does, which reads it off the account's own stack.
    """
    account = parse_role(role_arn)["account"]
    stack = stacks.get(job.deployer.role.where.stack or "")
    if stack is None:
        return None
    # The generator calls these jobs by what they do.
    if job.name == PLAN:
        return TerraformWork(command=PLAN, stack=stack.name, beyond=tuple(_beyond_plan(stack)))
    own = (one for name, one in stacks.items() if name.startswith(ACCOUNT_STACK))
    if not any(one.account == account for one in own):
        return None
    return TerraformWork(command=APPLY, stack=stack.name, beyond=tuple(_beyond_apply(role_arn)))


def _beyond_plan(stack: Stack) -> Iterator[tuple[str, JobCall]]:
    """
    Yield what a role that only reads must not do.
    """
    backend = stack.backend
    if stack.role_arn:
        yield "as Terraform's role", _assume(stack.role_arn)
    if backend:
        at = {"Bucket": backend.bucket, "Key": f"{backend.key}.tflock", "Body": b"{}"}
        yield "locking a state", JobCall("s3", "PutObject", at, backend.region)
    yield "for a secret", _secret()


def _beyond_apply(role_arn: str) -> Iterator[tuple[str, JobCall]]:
    """
    Yield what a role that only goes on to another one must not do.
    """
    role = parse_role(role_arn)
    start = f"arn:{role['partition']}:iam::{role['account']}:role"
    yield "as another role", _assume(f"{start}/{_OTHER}")
    yield "reading by itself", JobCall("iam", "GetRole", {"RoleName": role["name"]})
    yield "for a secret", _secret()


def _assume(role_arn: str) -> JobCall:
    return JobCall("sts", "AssumeRole", {"RoleArn": role_arn, "RoleSessionName": _OTHER})


def _secret() -> JobCall:
    return JobCall("secretsmanager", "GetSecretValue", {"SecretId": _OTHER})
