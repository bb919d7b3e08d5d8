"""
Jobs of a workflow: who they are, what they call, and where they are stopped.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from gate_world import ANYTHING, MAIN, REGION, World, allow
from sandbox_estates import ISSUER, NONPROD, PROD, role, stack, trust_policy, write_out

from sandbox.attempts.attempt import Attempt, Attempted
from sandbox.attempts.deploy_calls import push_calls
from sandbox.attempts.deployment import Deployment, EcsTarget, read_deployments
from sandbox.attempts.job import AwsCall, FromAnswer, Job
from sandbox.attempts.plan import plan_attempts
from sandbox.attempts.run_job import SIGN_IN, Outcome, run_job
from sandbox.attempts.table import render_attempts
from sandbox.attempts.web_session import job_environment
from sandbox.estate import read_estate

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox_estates import Json

PUSH = (
    *("BatchCheckLayerAvailability", "InitiateLayerUpload", "UploadLayerPart"),
    *("CompleteLayerUpload", "PutImage", "BatchGetImage"),
)
ECR = f"arn:aws:ecr:{REGION}:{NONPROD}:repository"


@pytest.fixture(scope="module")
def repository(world: World) -> str:
    """
    Make a repository to push to.
    """
    world.session(NONPROD).client("ecr").create_repository(repositoryName="pushed")
    return "pushed"


def test_a_push(world: World, repository: str) -> None:
    """A job that may push does every call of a push, and the image is there."""
    actions = [f"ecr:{operation}" for operation in PUSH]
    arn = world.role("job-push", allow(*actions, on=f"{ECR}/{repository}"))
    job = Job(run=MAIN, role_arn=arn, region=REGION, calls=tuple(push_calls(repository, "v1")))

    outcome = run_job(job, world.issuer, world.gate.endpoint)

    ecr = world.session(NONPROD).client("ecr")
    (image,) = ecr.describe_images(repositoryName=repository)["imageDetails"]
    assert outcome.refused is None
    assert outcome.done == (SIGN_IN, *actions)
    assert image["imageTags"] == ["v1"]


@pytest.mark.parametrize("missing", PUSH)
def test_a_push_is_stopped_at_the_call_that_is_not_granted(
    world: World, repository: str, missing: str
) -> None:
    """Without one action of a push the job ends at that call, in the words of AWS."""
    actions = [f"ecr:{operation}" for operation in PUSH if operation != missing]
    arn = world.role(f"no-{missing}", allow(*actions, on=f"{ECR}/{repository}"))
    calls = tuple(push_calls(repository, missing))

    outcome = run_job(
        Job(run=MAIN, role_arn=arn, region=REGION, calls=calls), world.issuer, world.gate.endpoint
    )

    assert (outcome.refused, outcome.code) == (f"ecr:{missing}", "AccessDeniedException")
    assert len(outcome.done) == PUSH.index(missing) + 1


def test_a_stranger_is_stopped_at_the_door(world: World) -> None:
    """A job that the role does not trust does no call at all."""
    arn = world.role("job-door", ANYTHING)
    job = Job(
        run=replace(MAIN, ref="refs/pull/1/merge"),
        role_arn=arn,
        region=REGION,
        calls=[AwsCall("sts", "GetCallerIdentity", {})],
    )

    outcome = run_job(job, world.issuer, world.gate.endpoint)

    assert (outcome.done, outcome.refused, outcome.code) == ((), SIGN_IN, "AccessDenied")


def test_parameters_come_from_answers() -> None:
    """What an earlier call answered stands wherever a parameter wants it."""
    arn = FromAnswer("RegisterTaskDefinition", ("taskDefinition", "taskDefinitionArn"))
    call = AwsCall("ecs", "RunTask", {"taskDefinition": arn, "a": [{"b": arn}], "c": b"raw"})

    filled = call.filled({"RegisterTaskDefinition": {"taskDefinition": {"taskDefinitionArn": "x"}}})

    assert filled == {"taskDefinition": "x", "a": [{"b": "x"}], "c": b"raw"}


_SCRIPT = """
import boto3
print(boto3.client("sts").get_caller_identity()["Arn"])
try:
    boto3.client("ecr").describe_repositories()
except Exception as error:
    print(error.response["Error"]["Code"])
"""


def test_any_sdk_signs_in_by_its_environment(world: World, tmp_path: Path) -> None:
    """The variables that AWS documents are enough for a program of somebody else."""
    job = Job(run=MAIN, role_arn=world.role("job-environment"), region=REGION)
    token = tmp_path / "token"
    token.write_text(world.issuer.token(MAIN, audience=job.audience))
    environment = job_environment(job, endpoint=world.gate.endpoint, token_file=token)

    run = subprocess.run(
        [sys.executable, "-c", _SCRIPT],
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), **environment},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.stderr == ""
    assert run.stdout.splitlines() == [
        f"arn:aws:sts::{NONPROD}:assumed-role/job-environment/GitHubActions",
        "SandboxCannotJudge",
    ]


def deploy_role(**more: Json) -> Json:
    """Return a stack with a deploy role, as the constructs leave it."""
    mark = {"deploy_access": {"construct": "GithubDeployRole", "format": 1}}
    roles = role("deploy")
    roles["aws_iam_role"]["Role"]["//"] = mark
    return stack("web", resource={**roles, **more}, account=PROD)


def test_a_deployment_is_read_off_the_stacks(tmp_path: Path) -> None:
    """What the constructs leave says what a role is for."""
    statement = allow(
        "iam:PassRole", on=["arn:aws:iam::1:role/app", "arn:aws:iam::1:role/appExecution"]
    )
    mark = {"construct": "EcsDeployPolicy", "role": "deploy", "cluster": "prod"}
    services = {"services": ["web", "worker"], "families": ["web"], "one_off_tasks": ["migrate"]}
    policy = {
        "policy": json.dumps({"Statement": [statement]}),
        "//": {"deploy_access": mark | services},
    }
    push = {"//": {"deploy_access": {"role": "deploy", "grant": "push", "repository": "web"}}}
    out = write_out(
        tmp_path,
        {"web": deploy_role(aws_iam_policy={"Ecs": policy}, aws_iam_role_policy={"Push": push})},
    )

    (found,) = read_deployments(read_estate(out))

    assert found.role_arn == f"arn:aws:iam::{PROD}:role/deploy"
    assert found.issuer == f"https://{ISSUER}"
    assert [run.subject for run in found.runs] == ["repo:acme/web:ref:refs/heads/main"]
    assert found.repositories == ("web",)
    assert found.targets == (
        EcsTarget(
            cluster="prod",
            services=(("web", "web"), ("worker", "web")),
            one_off_tasks=("migrate",),
            task_role="arn:aws:iam::1:role/app",
            execution_role="arn:aws:iam::1:role/appExecution",
        ),
    )


@pytest.mark.parametrize(
    "subject",
    [
        pytest.param("repo:acme@1/web@2:environment:prod%3Aeu", id="an environment"),
        pytest.param("repo:acme@1/web@2:ref:refs/tags/v1", id="a tag"),
        pytest.param("repo:acme/web:pull_request", id="pull requests"),
        pytest.param("repository_owner:acme:environment:prod", id="a template of its own"),
    ],
)
def test_a_trusted_run_has_the_subject(tmp_path: Path, subject: str) -> None:
    """For each subject there is a run whose token carries it."""
    body = deploy_role()
    policy = trust_policy(PROD, subject)
    body["resource"]["aws_iam_role"]["Role"]["assume_role_policy"] = policy

    (found,) = read_deployments(read_estate(write_out(tmp_path, {"web": body})))

    assert [run.subject for run in found.runs] == [subject]


def test_somebody_elses_role_is_left_alone(tmp_path: Path) -> None:
    """A role that no construct made is not tried: nobody says what it is for."""
    out = write_out(tmp_path, {"web": stack("web", resource=role("deploy"))})

    assert read_deployments(read_estate(out)) == []


def test_what_is_tried() -> None:
    """Beside the trusted run, everybody who comes near is to be stopped at the right call."""
    target = EcsTarget(
        cluster="dev",
        services=(("web", "web"),),
        one_off_tasks=(),
        task_role=None,
        execution_role=None,
    )
    deployment = Deployment(
        role_arn=f"arn:aws:iam::{NONPROD}:role/deploy",
        account=NONPROD,
        region=REGION,
        issuer=f"https://{ISSUER}",
        longest=3600,
        runs=(MAIN,),
        repositories=("web",),
        targets=(target,),
    )

    found = [(one.who, one.refused_at, one.code) for one in plan_attempts(deployment)]

    assert found == [
        (MAIN.subject, None, ""),
        ("a pull request", SIGN_IN, "AccessDenied"),
        ("another branch", SIGN_IN, "AccessDenied"),
        ("another repository of the owner", SIGN_IN, "AccessDenied"),
        ("the name, taken over by others", SIGN_IN, "AccessDenied"),
        ("a token for another audience", SIGN_IN, "InvalidIdentityToken"),
        ("a token that has expired", SIGN_IN, "ExpiredTokenException"),
        ("a session of 3601 s", SIGN_IN, "ValidationError"),
        (
            "the trusted run, to another repository",
            "ecr:InitiateLayerUpload",
            "AccessDeniedException",
        ),
        ("the trusted run, to another service", "ecs:UpdateService", "AccessDeniedException"),
        (
            "the trusted run, with another task role",
            "ecs:RegisterTaskDefinition",
            "AccessDeniedException",
        ),
    ]


def attempted(**outcome: str) -> Attempted:
    """Return an attempt that should be refused at the door, and how it ended."""
    job = Job(run=MAIN, role_arn="arn", region=REGION)
    attempt = Attempt(
        who="a pull request", role="deploy", job=job, refused_at=SIGN_IN, code="AccessDenied"
    )
    return Attempted(attempt=attempt, outcome=Outcome(done=(), token="", **outcome))


@pytest.mark.parametrize(
    ("outcome", "is_as_expected"),
    [
        pytest.param({"refused": SIGN_IN, "code": "AccessDenied"}, True, id="as it should"),
        pytest.param({}, False, id="let through"),
        pytest.param(
            {"refused": SIGN_IN, "code": "ValidationError"}, False, id="for another reason"
        ),
        pytest.param({"refused": "ecr:PutImage", "code": "AccessDenied"}, False, id="too late"),
    ],
)
def test_what_counts_as_expected(outcome: dict[str, str], *, is_as_expected: bool) -> None:
    """A refusal counts at the right call and with the right code only."""
    assert attempted(**outcome).is_as_expected is is_as_expected


def test_who_got_in_and_should_not_is_shown() -> None:
    """The report says of an attempt that ended otherwise what it should have been."""
    text = "\n".join(str(part) for part in render_attempts([attempted()]))

    assert (
        "UNEXPECTED  deploy, a pull request: should be refused at sts:AssumeRoleWithWebIdentity "
        "(AccessDenied), was let through" in text
    )


def test_nothing_to_try() -> None:
    """Without a deploy role the report says so."""
    (only,) = render_attempts([])

    assert "No role here is made by GithubDeployRole" in str(only)
