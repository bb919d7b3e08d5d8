"""
The companies' estates, deployed by real Terraform: whose jobs get through the gate, and whose not.

What every role has to refuse is tried at the example estate. Here is what these shapes add.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from job_runs import JobRuns, key
from organizations import ACCOUNT, PROGRAMS, REGION, synthesize_organizations

from deploy_access.github.issuer import GITHUB_HOST
from sandbox import Sandbox
from sandbox.attempts.generated_job import read_generated
from sandbox.attempts.job import JobCall
from sandbox.attempts.job_prerequisite import furnish_jobs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sandbox.attempts.generated_job import GeneratedJob, GeneratedJobs

pytestmark = pytest.mark.terraform

# One of each shape: a second environment would take time and show nothing new, as would a role
# that only pushes, which the programs have too.
STACKS = (
    *("account-dev", "account-prod", "shop-api-images", "shop-api-dev", "shop-api-prod"),
    *("data-jobs-dev", "nightly-dev", PROGRAMS),
)
LATER = {
    *(f"{name}-prod-deploy" for name in ("data-jobs", "nightly")),
    *(f"shop-web-{place}-deploy" for place in ("dev", "prod")),
}
AT_THE_DOOR = "sts:AssumeRoleWithWebIdentity: AccessDenied"


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Synthesize the estates."""
    return synthesize_organizations(tmp_path_factory.mktemp("companies"))


@pytest.fixture(scope="module")
def generated(out: Path) -> GeneratedJobs:
    """Plan the jobs of all of them."""
    return read_generated(out)


@pytest.fixture(scope="module")
def companies(out: Path, missing_tool: str | None) -> Iterator[Sandbox]:
    """Deploy one of each shape."""
    assert missing_tool is None
    with Sandbox(out) as sandbox:
        sandbox.apply(*STACKS)
        yield sandbox


@pytest.fixture(scope="module")
def runs(companies: Sandbox, generated: GeneratedJobs) -> JobRuns:
    """Run each job of what is deployed once."""
    jobs = [one for one in generated.jobs if one.role not in LATER]
    furnish_jobs(jobs, companies.session)
    made = JobRuns(moto=companies.server.endpoint, session=companies.session)
    made.run(*jobs)
    return made


def of(generated: GeneratedJobs, role: str) -> GeneratedJob:
    """Return the job of a role."""
    return next(one for one in generated.jobs if one.role == f"{role}-deploy")


def asking(one: GeneratedJob, other: GeneratedJob) -> GeneratedJob:
    """Return the job as one that asks for the role of another."""
    return replace(one, job=replace(one.job, role_arn=other.job.role_arn))


def calling(one: GeneratedJob, *calls: JobCall) -> GeneratedJob:
    """Return the job with other calls."""
    return replace(one, job=replace(one.job, calls=calls))


def test_every_role_has_a_job(generated: GeneratedJobs) -> None:
    """Nothing is left out, so that all of it is tried or named as a further environment."""
    assert generated.left_out == {}
    assert {one.role for one in generated.jobs} >= LATER


def test_each_job_is_let_in_by_its_own_role(runs: JobRuns, generated: GeneratedJobs) -> None:
    """All jobs do all their calls, but for the one that may not write the tags that it reads."""
    untagged = key(of(generated, "no-tags"))

    assert runs.judgements.keys() == {key(o) for o in generated.jobs if o.role not in LATER}
    assert runs.refused == {untagged: "ecs:RegisterTaskDefinition: AccessDeniedException"}


def test_services_of_one_repository(runs: JobRuns, generated: GeneratedJobs) -> None:
    """
    The door tells environments apart, and the policies tell the services of one apart.

    `sub` names no service, so a job gets a session of its neighbour's role. In it nothing that the
    job does is allowed.
    """
    jobs = {name: of(generated, name) for name in ("a-dev", "a-prod", "b-dev", "b-prod")}
    pairs = [(a, b) for a in jobs for b in jobs if a != b]

    ended = runs.run(*(asking(jobs[a], jobs[b]) for a, b in pairs))

    inside = "ecr:BatchCheckLayerAvailability: AccessDeniedException"
    assert dict(zip(pairs, ended, strict=True)) == {
        (a, b): inside if a[1:] == b[1:] else AT_THE_DOOR for a, b in pairs
    }


@pytest.mark.parametrize(
    ("repository", "ends"),
    [
        pytest.param("pulls", "ecr:InitiateLayerUpload: AccessDeniedException", id="its own"),
        pytest.param("a-dev", "ecr:BatchGetImage: AccessDeniedException", id="another"),
    ],
)
def test_a_pull_request_pulls(
    runs: JobRuns, generated: GeneratedJobs, repository: str, ends: str
) -> None:
    """A job on a pull request reads its own repository of images, and writes none."""
    at = {"repositoryName": repository}
    pull = JobCall("ecr", "BatchGetImage", {**at, "imageIds": [{"imageTag": "none"}]})
    push = JobCall("ecr", "InitiateLayerUpload", at)

    assert runs.run(calling(of(generated, "pulls"), pull, push)) == [ends]


def test_only_pull_requests_get_the_role_for_them(runs: JobRuns, generated: GeneratedJobs) -> None:
    """Neither a push of the same repository nor a pull request of another one is let in."""
    own, other = of(generated, "pulls"), of(generated, "a-dev")
    pushed = replace(own.job.run, ref="refs/heads/main", claims={})
    theirs = replace(own.job.run, repo=other.job.run.repo, claims={})

    ended = runs.run(*(replace(own, job=replace(own.job, run=run)) for run in (pushed, theirs)))

    assert ended == [AT_THE_DOOR, AT_THE_DOOR]


def test_a_server_is_not_github_com(runs: JobRuns, generated: GeneratedJobs) -> None:
    """The same `sub`, signed by github.com, does not open a role of a server; nor the reverse."""
    server, here = of(generated, "web"), of(generated, "a-dev")
    stranger = replace(server, issuer=f"https://{GITHUB_HOST}")

    assert runs.run(stranger, replace(here, issuer=server.issuer)) == [AT_THE_DOOR] * 2


def test_branches_of_a_server(runs: JobRuns, generated: GeneratedJobs) -> None:
    """Services of one repository on two branches do not get each other's role."""
    a, b = of(generated, "mono-a"), of(generated, "mono-b")

    assert runs.run(asking(a, b), asking(b, a)) == [AT_THE_DOOR] * 2


def test_tasks_alone(runs: JobRuns, generated: GeneratedJobs) -> None:
    """A role that runs tasks runs its own, and updates no service, whatever it is called."""
    one = of(generated, "nightly-dev")
    given = {"cluster": "shop-dev", "taskDefinition": "nightly-report"}
    updates = [
        JobCall("ecs", "UpdateService", {**given, "service": name})
        for name in ("nightly", "nightly-report", "data-jobs")
    ]
    other = JobCall("ecs", "RunTask", {**given, "taskDefinition": "data-jobs-nightly"})

    names = [call.name for call in one.job.calls]
    ended = runs.run(*(calling(one, call) for call in (*updates, other)))

    assert "ecs:RunTask" in names
    assert "ecs:UpdateService" not in names
    assert ended == [
        *["ecs:UpdateService: AccessDeniedException"] * len(updates),
        "ecs:RunTask: AccessDeniedException",
    ]


def test_a_new_definition_has_the_tags(
    runs: JobRuns, generated: GeneratedJobs, companies: Sandbox
) -> None:
    """The definition that the job registers has the tags of the one that it read."""
    assert key(of(generated, "tags")) not in runs.refused
    ecs = companies.session(ACCOUNT).client("ecs", REGION)
    found = [
        (name, ecs.describe_task_definition(taskDefinition=name, include=["TAGS"]))
        for name in ("tags", "no-tags")
    ]

    assert {name: (one["taskDefinition"]["revision"], one["tags"]) for name, one in found} == {
        "tags": (2, [{"key": "made-by", "value": "terraform"}]),
        "no-tags": (1, [{"key": "made-by", "value": "terraform"}]),
    }


def test_one_image_for_two_accounts(
    runs: JobRuns, generated: GeneratedJobs, companies: Sandbox
) -> None:
    """What one job has built runs in both accounts; the role that builds deploys nothing."""
    build = next(one for one in generated.jobs if one.role == "shop-api-images-push")
    deploys = [of(generated, f"shop-api-{place}") for place in ("dev", "prod")]
    register = next(c for c in deploys[0].job.calls if c.operation == "RegisterTaskDefinition")

    images: list[str] = []
    for account in ("111122223333", "444455556666"):
        ecs = companies.session(account).client("ecs", REGION)
        found = ecs.describe_task_definition(taskDefinition="shop-api")["taskDefinition"]
        images.append(found["containerDefinitions"][0]["image"])

    assert len(set(images)) == 1
    assert images[0].partition("@")[0].startswith("444455556666.dkr.ecr.")
    assert runs.run(calling(build, register)) == [
        "ecs:RegisterTaskDefinition: AccessDeniedException"
    ]
    assert runs.run(*(asking(build, one) for one in deploys[1:])) == [AT_THE_DOOR]
