"""
What is tried with a deploy role: the runs that it trusts, and everybody who comes near.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deploy_access.github import GithubRepo
from sandbox.attempts.attempt import Attempt
from sandbox.attempts.deploy_calls import deploy_calls, push_calls, register, version_of
from sandbox.attempts.job import AwsCall, Job
from sandbox.attempts.run_job import SIGN_IN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.attempts.deployment import Deployment, EcsTarget
    from sandbox.github_run import GithubRun

DENIED, DENIED_IN_ROLE = "AccessDenied", "AccessDeniedException"
INVALID, EXPIRED, VALIDATION = "InvalidIdentityToken", "ExpiredTokenException", "ValidationError"
_OTHER, _UNKNOWN_ID = "not-mine", 999_999_999
_LONGEST = 43200


def plan_attempts(deployment: Deployment) -> Iterator[Attempt]:
    """
    Yield what is tried with the role.
    """
    for number, run in enumerate(deployment.runs):
        calls = deploy_calls(deployment, version_of(deployment, number))
        yield Attempt(
            who=run.subject,
            role=deployment.role,
            job=replace(_job(deployment), run=run, calls=calls),
        )
    for who, run in _strangers(deployment.runs[0]):
        job = replace(_job(deployment), run=run)
        refused = _refused(deployment, who, job, SIGN_IN, DENIED)
        yield replace(refused, is_stranger=True)
    yield from _wrong_tokens(deployment)
    yield from _too_much(deployment)


def _job(deployment: Deployment) -> Job:
    return Job(run=deployment.runs[0], role_arn=deployment.role_arn, region=deployment.region)


def _refused(deployment: Deployment, who: str, job: Job, call: str, code: str) -> Attempt:
    return Attempt(who=who, role=deployment.role, job=job, refused_at=call, code=code)


def _strangers(run: GithubRun) -> Iterator[tuple[str, GithubRun]]:
    """
    Yield runs of people who may write to the repository or to one beside it.
    """
    repo = run.repo
    plain = replace(run, environment=None, claims={})
    yield "a pull request", replace(plain, ref="refs/pull/1/merge")
    yield "another branch", replace(plain, ref="refs/heads/feature")
    beside = GithubRepo(f"{repo.owner}/{_OTHER}", subject_format="legacy")
    if repo.format == "immutable":
        name = f"{repo.owner}/{_OTHER}"
        beside = GithubRepo(name, owner_id=repo.owner_id, repo_id=_UNKNOWN_ID)
    yield "another repository of the owner", replace(run, repo=beside, claims={})
    again = GithubRepo(repo.full_name, owner_id=_UNKNOWN_ID, repo_id=_UNKNOWN_ID)
    yield "the name, taken over by others", replace(run, repo=again, claims={})


def _wrong_tokens(deployment: Deployment) -> Iterator[Attempt]:
    job = _job(deployment)
    owner = job.run.repo.owner
    wrong = replace(job, audience=f"https://github.com/{owner}")
    yield _refused(deployment, "a token for another audience", wrong, SIGN_IN, INVALID)
    old = replace(job, token_lifetime=-1)
    yield _refused(deployment, "a token that has expired", old, SIGN_IN, EXPIRED)
    seconds = min(deployment.longest + 1, _LONGEST + 1)
    too_long = replace(job, duration=seconds)
    yield _refused(deployment, f"a session of {seconds} s", too_long, SIGN_IN, VALIDATION)


def _too_much(deployment: Deployment) -> Iterator[Attempt]:
    """
    Yield what the right run tries that is not its business.
    """
    for who, calls in _wrong_calls(deployment):
        job = replace(_job(deployment), calls=calls)
        yield _refused(deployment, who, job, calls[-1].name, DENIED_IN_ROLE)


def _wrong_calls(deployment: Deployment) -> Iterator[tuple[str, tuple[AwsCall, ...]]]:
    if deployment.repositories:
        _, initiate, *_ = push_calls(_OTHER, "v1")
        yield "the trusted run, to another repository", (initiate,)
    for target in deployment.targets[:1]:
        yield "the trusted run, to another service", (_update(target, _OTHER),)
        admin = f"arn:{deployment.role_arn.split(':')[1]}:iam::{deployment.account}:role/Admin"
        family = target.services[0][1] if target.services else _OTHER
        yield (
            "the trusted run, with another task role",
            (register(target, family, task_role=admin),),
        )


def _update(target: EcsTarget, service: str) -> AwsCall:
    given = {"cluster": target.cluster, "service": service, "forceNewDeployment": True}
    return AwsCall("ecs", "UpdateService", given)
