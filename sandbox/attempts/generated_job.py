"""
The jobs of the workflows that `deploy-access workflow` writes for the stacks, ready to be run.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue
from deploy_access.github.repository import GithubRepo
from deploy_access.github.run import AUDIENCE
from deploy_access.iam.references import has_reference, has_wildcard
from deploy_access.terraform.stacks import read_stacks
from deploy_access.workflow.build_steps import TAG
from deploy_access.workflow.deployer_reader import read_deployers
from deploy_access.workflow.options import Options
from deploy_access.workflow.plan import plan_workflows
from deploy_access.workflow.session_proof import prove_sessions
from deploy_access.workflow.steps import AssumeRole, Build, Copy
from deploy_access.workflow.trusted import why_open

from ..gate.github_run import GithubRun, claims_of
from .infra_job import (
    distinct_sessions,
    prove_infra,
    refused_call,
    terraform_work,
)
from .job import DeployJob
from .step_calls import calls_of_job

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from deploy_access.workflow.deployer import Deployer
    from deploy_access.workflow.deployer_reader import DeployerEstate
    from deploy_access.workflow.job import Job as PlannedJob
    from deploy_access.workflow.session_proof import SessionProof

# Where the numbers of runs begin; GitHub's have ten digits.
_FIRST_RUN = 1_000_000_001
# GitHub's ref of a pull request; its number stands in no subject.
_PULL_REQUEST = "refs/pull/1/merge"
_NO_REPOSITORY = "It trusts no repository by its name."
_LEFT_OPEN = "Terraform fills in what its job is told."


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedJob:
    """
    One job of a workflow, in one run of it.

    Attributes:
        workflow: The workflow's file.
        tag: The tag of the images that the run pushes.
        issuer: The `iss` of its token.
        planned: The job as it is written.
        job: The job as AWS sees it.

    """

    workflow: str
    tag: str
    issuer: str
    planned: PlannedJob
    job: DeployJob

    @property
    def name(self) -> str:
        """The file of the workflow, and the id of the job in it."""
        return f"{self.workflow} / {self.planned.id}"

    @property
    def role(self) -> str:
        """The name of its role."""
        return self.planned.deployer.name


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedJobs:
    """
    The jobs that can be run, and the roles without one.

    Attributes:
        jobs: The jobs, those that build before those that deploy.
        left_out: The roles that no job can be run for, by ARN or name, and why.

    """

    jobs: tuple[GeneratedJob, ...]
    left_out: dict[str, str]


def read_generated(out: Path) -> GeneratedJobs:
    """
    Plan the workflows of every repository that the stacks in *out* name, without options.

    A job is run when `explain` lets it in, or only a `Deny` keeps it out, and when nothing that it
    is told is left to Terraform. The roles that plan and apply the stacks themselves have the jobs
    that `deploy-access workflow --infra` writes; the first job of each also runs Terraform.
    """
    read = read_deployers(out)
    infra = prove_infra(read, out)
    ours = {_key(job.deployer) for proof in infra for job in proof.workflow.jobs}
    services = replace(read, deployers=tuple(o for o in read.deployers if _key(o) not in ours))
    left_out = {_key(one): _NO_REPOSITORY for one in read.deployers}
    jobs = [*_runnable(_asked(services, left_out), left_out)]
    for proof in infra:
        refused = {job.id: why for job in proof.workflow.jobs if (why := refused_call(proof, job))}
        for one in _runnable(distinct_sessions(proof), left_out, first=_FIRST_RUN + len(jobs)):
            if why := refused.get(one.planned.id):
                left_out[_key(one.planned.deployer)] = why
            else:
                jobs.append(one)
    for one in jobs:
        left_out.pop(_key(one.planned.deployer), None)
    return GeneratedJobs(jobs=_with_terraform(jobs, ours, out), left_out=left_out)


def _runnable(
    sessions: Iterable[SessionProof], left_out: dict[str, str], first: int = _FIRST_RUN
) -> Iterator[GeneratedJob]:
    """
    Yield the jobs that can be run, and note the roles of the others; runs count from *first*.
    """
    numbers: dict[tuple[str, str, str], int] = {}
    for asked in sessions:
        run = (asked.workflow.repository, asked.workflow.file, asked.event)
        one = _generated(asked, numbers.setdefault(run, first + len(numbers)))
        why_not = _why_not(asked, one.job)
        if why_not:
            left_out[_key(asked.job.deployer)] = why_not
        else:
            yield one


def _with_terraform(
    jobs: Sequence[GeneratedJob], roles: Container[str], out: Path
) -> tuple[GeneratedJob, ...]:
    """
    Let the first job of each of these roles run Terraform; a second one would show nothing new.
    """
    stacks = read_stacks(out)
    seen: set[str] = set()
    found: list[GeneratedJob] = []
    for one in jobs:
        key = _key(one.planned.deployer)
        if key in roles and key not in seen:
            seen.add(key)
            work = terraform_work(one.planned, one.job.role_arn, stacks)
            found.append(replace(one, job=replace(one.job, terraform=work)))
        else:
            found.append(one)
    return tuple(found)


def _key(deployer: Deployer) -> str:
    return deployer.role.arn or deployer.name


def _asked(read: DeployerEstate, left_out: dict[str, str]) -> Iterator[SessionProof]:
    """
    Yield each job under each event with what `explain` says; note the workflows that are refused.
    """
    refused = {_key(one): why for one in read.deployers if (why := why_open(one))}
    left_out.update({key: why.what for key, why in refused.items()})
    deployers = tuple(one for one in read.deployers if _key(one) not in refused)
    for repository, roles in _repositories(deployers).items():
        try:
            workflows = plan_workflows(deployers, Options(repo=repository))
        except InvalidValue as error:
            left_out.update(dict.fromkeys(roles, error.problems[0].what))
            continue
        for workflow in workflows:
            yield from prove_sessions(workflow, read.estate)


def _repositories(deployers: tuple[Deployer, ...]) -> dict[str, list[str]]:
    """
    List the repositories that are named without a wildcard, with the roles that trust them.
    """
    found: dict[str, list[str]] = {}
    for one in deployers:
        for name in dict.fromkeys(f"{trusted.owner}/{trusted.name}" for trusted in one.trusted):
            if not has_wildcard(name):
                found.setdefault(name, []).append(_key(one))
    return dict(sorted(found.items()))


def _why_not(asked: SessionProof, job: DeployJob) -> str:
    finding = asked.finding
    # A role that names a run and also denies it contradicts itself. The attempt shows that.
    if finding.answer != "allowed" and finding.cause.id != "explicit-deny":
        return finding.cause.text
    return _LEFT_OPEN if has_reference(repr((job.role_arn, job.region, job.calls))) else ""


def _generated(asked: SessionProof, number: int) -> GeneratedJob:
    step = next(one for one in asked.job.steps if isinstance(one, AssumeRole))
    run, audience = _github_run(asked, number), step.audience or AUDIENCE
    claims = claims_of(run, audience=audience)
    tag = _filled(_tag(asked.job), claims)
    return GeneratedJob(
        workflow=asked.workflow.file,
        tag=tag,
        issuer=f"https://{asked.explanation.run.provider}",
        planned=asked.job,
        job=DeployJob(
            run=run,
            role_arn=step.role.text,
            region=step.region.text,
            calls=calls_of_job(asked.job, tag),
            audience=audience,
            duration=step.seconds,
            session=_filled(step.session, claims),
        ),
    )


def _tag(job: PlannedJob) -> str:
    """
    Return the tag of what the job pushes, or of what the jobs before it have pushed.
    """
    return next((step.tag.text for step in job.steps if isinstance(step, Build | Copy)), TAG)


def _github_run(asked: SessionProof, number: int) -> GithubRun:
    """
    Return the run that `explain` was asked about, with all the claims that GitHub signs.
    """
    described = asked.explanation.run
    given, claims = asked.job.stage.repository, described.claims
    owner, repo = (int(claims.get(f"repository{key}_id") or 0) or None for key in ("_owner", ""))
    return GithubRun(
        repo=GithubRepo(given, owner_id=owner, repo_id=repo),
        ref=claims.get("ref", _PULL_REQUEST),
        environment=claims.get("environment"),
        workflow=f".github/workflows/{asked.workflow.file}",
        claims={**claims, "sub": described.subject, "run_id": str(number)},
    )


def _filled(template: str, claims: Mapping[str, str]) -> str:
    """
    Replace the expressions of GitHub's `github` context, whose names are those of the claims.
    """
    return re.sub(r"\$\{\{ github\.(\w+) \}\}", lambda found: claims[found[1]], template)
