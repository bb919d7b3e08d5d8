"""
Jobs of generated workflows, as they are planned: no AWS needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sandbox_estates import NONPROD, role, stack, trust_policy, write_out
from workflow.workflow_estate import repo, synthesize_kinds

from sandbox.attempts.attempt_plan import plan_attempts
from sandbox.attempts.generated_job import GeneratedJobs, read_generated
from sandbox.attempts.job_run import SIGN_IN

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox.attempts.generated_job import GeneratedJob


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> GeneratedJobs:
    """
    Plan the jobs of every kind of workflow.
    """
    return read_generated(synthesize_kinds(tmp_path_factory.mktemp("kinds")))


def jobs_of(generated: GeneratedJobs, repository: str) -> list[GeneratedJob]:
    """Return the jobs of the workflows of one repository."""
    name = f"acme/{repository}"
    return [one for one in generated.jobs if one.planned.stage.repository == name]


def test_the_steps_are_called_in_their_order(generated: GeneratedJobs) -> None:
    """A job signs in, pushes, runs the migration, and deploys what it has pushed."""
    (one,) = jobs_of(generated, "migrating-apart")

    assert [call.name for call in one.job.calls] == [
        "sts:GetCallerIdentity",
        "ecr:GetAuthorizationToken",
        "ecr:BatchCheckLayerAvailability",
        "ecr:InitiateLayerUpload",
        "ecr:UploadLayerPart",
        "ecr:CompleteLayerUpload",
        "ecr:PutImage",
        "ecr:BatchGetImage",
        "ecs:RegisterTaskDefinition",
        "ecs:RunTask",
        "ecs:DescribeTasks",
        "ecs:RegisterTaskDefinition",
        "ecs:DescribeServices",
        "ecs:UpdateService",
        "ecs:DescribeServices",
    ]


def test_a_run_shows_the_subject_that_the_role_trusts(generated: GeneratedJobs) -> None:
    """Each job's token is of its own run: branch, tag or environment."""
    found = [
        one.job.run.subject for name in ("apart", "promote") for one in jobs_of(generated, name)
    ]

    apart, promote = (f"repo:acme@123456/{n}@{repo(n).repo_id}" for n in ("apart", "promote"))
    assert found == [
        f"{apart}:ref:refs/heads/develop",
        f"{apart}:ref:refs/tags/v1",
        f"{promote}:ref:refs/heads/main",
        f"{promote}:ref:refs/heads/main",
        f"{promote}:environment:stg",
        f"{promote}:environment:prod",
    ]


def test_what_is_tried(generated: GeneratedJobs) -> None:
    """Beside the job, each wrong run, token and call is to be refused at the right call."""
    (one,) = jobs_of(generated, "deploy")

    found = [(a.who, a.refused_at, a.code) for a in plan_attempts(one, generated.jobs)]

    assert found == [
        ("deploy-deploy.yml / deploy", None, ""),
        ("a pull request", SIGN_IN, "AccessDenied"),
        ("another branch", SIGN_IN, "AccessDenied"),
        ("another repository of the owner", SIGN_IN, "AccessDenied"),
        ("the name, taken over by others", SIGN_IN, "AccessDenied"),
        ("a fork", SIGN_IN, "AccessDenied"),
        ("another environment", SIGN_IN, "AccessDenied"),
        ("a token for another audience", SIGN_IN, "InvalidIdentityToken"),
        ("a token that has expired", SIGN_IN, "ExpiredTokenException"),
        ("a session of 3601 s", SIGN_IN, "ValidationError"),
        ("the job push-cross.yml / push", SIGN_IN, "AccessDenied"),
        (
            "its own job, to another ECR repository",
            "ecr:InitiateLayerUpload",
            "AccessDeniedException",
        ),
        ("its own job, to another service", "ecs:UpdateService", "AccessDeniedException"),
        (
            "its own job, with another task role",
            "ecs:RegisterTaskDefinition",
            "AccessDeniedException",
        ),
    ]


def test_a_job_before_asks_for_the_role(generated: GeneratedJobs) -> None:
    """In a workflow of several jobs it is the one before that asks for the role of the next."""
    *_, prod = jobs_of(generated, "promote")

    (other,) = [a for a in plan_attempts(prod, generated.jobs) if a.who.startswith("the job")]

    assert other.who == "the job deploy-promote.yml / deploy-stg"
    assert other.job.run.environment == "stg"
    assert other.job.role_arn == "arn:aws:iam::111122223333:role/promote-prod-deploy"


def test_a_role_is_tried_once(generated: GeneratedJobs) -> None:
    """What is refused at a role is tried at the first of its jobs, not at the second."""
    counts = [len([*plan_attempts(one, generated.jobs)]) for one in jobs_of(generated, "alike")]

    assert counts == [14, 1]


def test_a_job_deploys_what_was_built(generated: GeneratedJobs) -> None:
    """The digest that a build pushes is the one in the definitions of the jobs after it."""
    jobs = [one for one in generated.jobs if one.planned.stage.repository == "acme/promote"]
    given = [(call.operation, call.parameters) for one in jobs for call in one.job.calls]

    pushed = [found["imageDigest"] for operation, found in given if operation == "PutImage"]
    deployed = [
        found["containerDefinitions"][0]["image"]
        for operation, found in given
        if operation == "RegisterTaskDefinition"
    ]

    registry = "444455556666.dkr.ecr.eu-central-1.amazonaws.com/promote-images"
    assert deployed == [f"{registry}@{digest}" for digest in pushed * 3]


def test_a_session_is_named_and_lasts_as_the_step_says(generated: GeneratedJobs) -> None:
    """What the step gives the action is what STS is asked for."""
    (one,) = [one for one in generated.jobs if one.role == "check-deploy"]

    assert (one.job.session, one.job.duration) == (f"check-{one.tag.split('-')[1]}-1", 900)


def test_what_cannot_be_run_is_named(generated: GeneratedJobs) -> None:
    """A role that no job is run for is listed with the reason."""
    assert {name: why.split(" ")[:4] for name, why in generated.left_out.items()} == {
        "arn:aws:iam::012345678901:role/everybody-deploy": ["It", "trusts", "no", "repository"],
        "arn:aws:iam::111122223333:role/called-deploy": ["The", "token's", "`sub`", "is"],
        "unknown-prod-deploy": ["It", "depends", "on", "what"],
        "unknown-stg-deploy": ["It", "depends", "on", "what"],
    }


def test_a_role_that_trusts_any_run(tmp_path: Path) -> None:
    """A role that trusts any run but some is left out, and the jobs of the others are planned."""
    policy = trust_policy(NONPROD, "repo:acme/web:environment:prod", operator="StringNotEquals")
    stacks = {
        "web": stack("web", resource=role("web")),
        "open": stack("open", resource=role("open", assume_role_policy=policy)),
    }
    found = read_generated(write_out(tmp_path / "out", stacks))

    assert [one.role for one in found.jobs] == ["web"]
    assert found.left_out == {
        f"arn:aws:iam::{NONPROD}:role/open": "The role 'open' trusts any run but "
        "'repo:acme/web:environment:prod'."
    }
