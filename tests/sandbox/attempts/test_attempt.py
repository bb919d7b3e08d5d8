"""
Jobs of a workflow: who they are, what they call, and where they are stopped.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from gate_world import ANYTHING, MAIN, REGION, World, allow
from rich.console import Console
from rich.text import Text
from sandbox_estates import NONPROD

from sandbox.attempts.attempt import Attempt, AttemptResult
from sandbox.attempts.attempt_run import Attempts
from sandbox.attempts.attempt_table import print_part, render_advice, render_attempts
from sandbox.attempts.image_push import Image, push_calls
from sandbox.attempts.job import DeployJob, FromAnswer, JobCall
from sandbox.attempts.job_run import SIGN_IN, JobOutcome, run_job
from sandbox.attempts.web_session import job_environment
from sandbox.gate.fault import Advice

if TYPE_CHECKING:
    from pathlib import Path

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


def image(repository: str, tag: str) -> Image:
    """Return an image of a repository."""
    return Image(name=f"{NONPROD}.dkr.ecr.{REGION}.amazonaws.com/{repository}", tag=tag)


def test_a_push(world: World, repository: str) -> None:
    """A job that may push does every call of a push, and the image is there."""
    actions = [f"ecr:{operation}" for operation in PUSH]
    arn = world.role("job-push", allow(*actions, on=f"{ECR}/{repository}"))
    pushed = image(repository, "v1")
    job = DeployJob(run=MAIN, role_arn=arn, region=REGION, calls=tuple(push_calls(pushed, NONPROD)))

    outcome = run_job(job, world.issuer, world.gate.endpoint)

    ecr = world.session(NONPROD).client("ecr")
    (found,) = ecr.describe_images(repositoryName=repository)["imageDetails"]
    assert outcome.refused is None
    assert outcome.done == (SIGN_IN, *actions)
    assert (found["imageTags"], found["imageDigest"]) == (["v1"], pushed.digest)


@pytest.mark.parametrize("missing", PUSH)
def test_a_push_is_stopped_at_the_call_that_is_not_granted(
    world: World, repository: str, missing: str
) -> None:
    """Without one action of a push the job ends at that call, in the words of AWS."""
    actions = [f"ecr:{operation}" for operation in PUSH if operation != missing]
    arn = world.role(f"no-{missing}", allow(*actions, on=f"{ECR}/{repository}"))
    calls = tuple(push_calls(image(repository, missing), NONPROD))

    outcome = run_job(
        DeployJob(run=MAIN, role_arn=arn, region=REGION, calls=calls),
        world.issuer,
        world.gate.endpoint,
    )

    assert (outcome.refused, outcome.code) == (f"ecr:{missing}", "AccessDeniedException")
    assert len(outcome.done) == PUSH.index(missing) + 1


def test_a_stranger_is_stopped_at_the_door(world: World) -> None:
    """A job that the role does not trust does no call at all."""
    arn = world.role("job-door", ANYTHING)
    job = DeployJob(
        run=replace(MAIN, ref="refs/pull/1/merge"),
        role_arn=arn,
        region=REGION,
        calls=[JobCall("sts", "GetCallerIdentity", {})],
    )

    outcome = run_job(job, world.issuer, world.gate.endpoint)

    assert (outcome.done, outcome.refused, outcome.code) == ((), SIGN_IN, "AccessDenied")


def test_parameters_come_from_answers() -> None:
    """What an earlier call answered stands wherever a parameter wants it."""
    arn = FromAnswer("RegisterTaskDefinition", ("taskDefinition", "taskDefinitionArn"))
    call = JobCall("ecs", "RunTask", {"taskDefinition": arn, "a": [{"b": arn}], "c": b"raw"})

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
    """The variables that AWS documents are enough for any other program."""
    job = DeployJob(run=MAIN, role_arn=world.role("job-environment"), region=REGION)
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
        "AccessDeniedException",
    ]


def attempted(**outcome: Any) -> AttemptResult:
    """Return an attempt that should be refused at the door, and how it ended."""
    job = DeployJob(run=MAIN, role_arn="arn", region=REGION)
    attempt = Attempt(
        who="a pull request", role="deploy", job=job, refused_at=SIGN_IN, code="AccessDenied"
    )
    return AttemptResult(attempt=attempt, outcome=JobOutcome(done=(), token="", **outcome))


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
    text = "\n".join(str(part) for part in render_attempts(Attempts(attempted=(attempted(),))))

    assert (
        "UNEXPECTED  deploy, a pull request: should be refused at sts:AssumeRoleWithWebIdentity "
        "(AccessDenied), was let through" in text
    )


def test_a_statement_stays_on_one_line() -> None:
    """What is to be copied is not broken at the width of the terminal; a sentence is."""
    console = Console(width=20)
    with console.capture() as printed:
        print_part(console, render_advice([Advice(refused="x " * 30)]))
        print_part(console, Text("y " * 30))

    lines = [line.strip() for line in printed.get().splitlines()]
    assert [line for line in lines if "x" in line] == [("x " * 30).strip()]
    assert len([line for line in lines if "y" in line]) > 1


def test_nothing_to_try() -> None:
    """Without a workflow the report says so, and why."""
    found = render_attempts(Attempts(left_out={"a-role": "It trusts nobody."}))

    assert [str(part).strip() for part in found] == [
        "No workflow can be generated for these stacks, so no deploy job was tried.",
        "Not tried: a-role. It trusts nobody.",
    ]
