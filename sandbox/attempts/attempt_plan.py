"""
The attempts at a role: its own jobs, and runs, tokens and calls that have to be refused.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deploy_access.github.repository import GithubRepo
from deploy_access.iam.role_arn import parse_role

from .attempt import Attempt
from .job import FromAnswer
from .job_run import SIGN_IN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..gate.github_run import GithubRun
    from .generated_job import GeneratedJob
    from .job import DeployJob, JobCall

DENIED, DENIED_IN_ROLE = "AccessDenied", "AccessDeniedException"
INVALID, EXPIRED, VALIDATION = "InvalidIdentityToken", "ExpiredTokenException", "ValidationError"
# A name and an id that no example and no account of the sandbox has.
_OTHER, _UNKNOWN_ID = "not-mine", 999_999_999
# Services that answer in XML, with the shorter code for what is denied.
_XML = {"iam", "s3", "sts"}
# The longest session that any role may allow, in seconds:
# https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
_LONGEST = 43200
# The call, the parameter that is changed, and how the report names it.
_WRONG = (
    ("InitiateLayerUpload", "repositoryName", "to another ECR repository"),
    ("UpdateService", "service", "to another service"),
    ("CreateDeployment", "deploymentGroupName", "to another deployment group"),
    ("RegisterTaskDefinition", "taskRoleArn", "with another task role"),
)


def plan_attempts(one: GeneratedJob, jobs: Sequence[GeneratedJob]) -> Iterator[Attempt]:
    """
    Yield the job, and the attempts that are to be refused at its role; *jobs* are all jobs.

    A role that several jobs have is tried at the first of them.
    """
    yield Attempt(who=one.name, role=one.role, job=one.job)
    same = [other for other in jobs if other.job.role_arn == one.job.role_arn]
    # What is refused depends on the role alone, so a second round would only take time.
    if one is not same[0]:
        return
    alone = replace(one.job, calls=(), terraform=None)
    own = {other.job.run.subject for other in same}
    for who, run in _strangers(one.job.run):
        # A role for pull requests is there for them.
        if run.subject in own:
            continue
        yield replace(_at_the_door(one, who, replace(alone, run=run), DENIED), is_stranger=True)
    yield from _wrong_tokens(one, alone)
    yield from _other_jobs(one, jobs)
    yield from _too_much(one)


def _at_the_door(one: GeneratedJob, who: str, job: DeployJob, code: str) -> Attempt:
    return Attempt(who=who, role=one.role, job=job, refused_at=SIGN_IN, code=code)


def _strangers(run: GithubRun) -> Iterator[tuple[str, GithubRun]]:
    """
    Yield runs that anyone with write access to the repository, or to one beside it, can start.
    """
    repo = run.repo
    # Without the claims of the right run: a `sub` among them would be that of the right run.
    plain = replace(run, environment=None, claims={})
    yield "a pull request", replace(plain, ref="refs/pull/1/merge")
    yield "another branch", replace(plain, ref="refs/heads/feature")
    beside = GithubRepo(f"{repo.owner}/{_OTHER}", subject_format="legacy")
    if repo.format == "immutable":
        name = f"{repo.owner}/{_OTHER}"
        beside = GithubRepo(name, owner_id=repo.owner_id, repo_id=_UNKNOWN_ID)
    yield "another repository of the owner", replace(run, repo=beside, claims={})
    # A deleted repository, or a renamed owner, leaves its name to the next one who takes it.
    again = GithubRepo(repo.full_name, owner_id=_UNKNOWN_ID, repo_id=_UNKNOWN_ID)
    yield "the name, taken over by others", replace(run, repo=again, claims={})
    fork = GithubRepo(f"{_OTHER}/{repo.name}", owner_id=_UNKNOWN_ID, repo_id=_UNKNOWN_ID)
    yield "a fork", replace(run, repo=fork, claims={})
    yield "another environment", replace(plain, ref=run.ref, environment=_OTHER)


def _wrong_tokens(one: GeneratedJob, job: DeployJob) -> Iterator[Attempt]:
    owner = job.run.repo.owner
    wrong = replace(job, audience=f"https://github.com/{owner}")
    yield _at_the_door(one, "a token for another audience", wrong, INVALID)
    old = replace(job, token_lifetime=-1)
    yield _at_the_door(one, "a token that has expired", old, EXPIRED)
    seconds = min(one.planned.deployer.longest_session, _LONGEST) + 1
    too_long = replace(job, duration=seconds)
    yield _at_the_door(one, f"a session of {seconds} s", too_long, VALIDATION)


def _other_jobs(one: GeneratedJob, jobs: Sequence[GeneratedJob]) -> Iterator[Attempt]:
    """
    Yield the nearest job that shows another subject and asks for this role, not for its own.
    """
    subjects = {job.job.run.subject for job in jobs if job.job.role_arn == one.job.role_arn}
    others = [job for job in jobs if job.job.run.subject not in subjects]
    place = jobs.index(one)
    # The neighbour in the same workflow is the one that a slip in a policy would let in.
    others.sort(key=lambda job: (job.workflow != one.workflow, abs(jobs.index(job) - place)))
    for other in others[:1]:
        job = replace(one.job, run=other.job.run, calls=(), terraform=None)
        attempt = _at_the_door(one, f"the job {other.name}", job, DENIED)
        yield replace(attempt, is_stranger=True)


def _too_much(one: GeneratedJob) -> Iterator[Attempt]:
    """
    Yield calls of the right job on resources of another one, or that only another one makes.
    """
    beyond = one.job.terraform.beyond if one.job.terraform else ()
    for what, call in (*_wrong_calls(one), *beyond):
        yield Attempt(
            who=f"its own job, {what}",
            role=one.role,
            job=replace(one.job, calls=(call,), terraform=None),
            refused_at=call.name,
            code=DENIED if call.service in _XML else DENIED_IN_ROLE,
        )


def _wrong_calls(one: GeneratedJob) -> Iterator[tuple[str, JobCall]]:
    """
    Yield calls of the job's own, each with one resource in it that belongs to another job.
    """
    role = parse_role(one.job.role_arn)
    others = {"taskRoleArn": f"arn:{role['partition']}:iam::{role['account']}:role/Admin"}
    for operation, key, what in _WRONG:
        own = next((call for call in one.job.calls if call.operation == operation), None)
        if own is not None:
            # An answer of an earlier call is not there: the changed call is the only one.
            known = {k: v for k, v in own.parameters.items() if not isinstance(v, FromAnswer)}
            yield what, replace(own, parameters={**known, key: others.get(key, _OTHER)})
