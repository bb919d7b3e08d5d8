"""
Jobs that plan and apply the stacks themselves, as they are planned: no AWS needed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from workflow.infra_estate import ACCOUNTS, synthesize_infra

from deploy_access.terraform.stacks import read_stacks
from sandbox.attempts.attempt_plan import plan_attempts
from sandbox.attempts.generated_job import read_generated
from sandbox.attempts.infra_job import terraform_work
from sandbox.attempts.job_run import SIGN_IN

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox.attempts.generated_job import GeneratedJob, GeneratedJobs

PULLS = "repo:acme@123456/infra@1004:pull_request"
MAIN = "repo:acme@123456/infra@1004:ref:refs/heads/main"
REVIEWED = "repo:acme@123456/infra@1004:environment:{}"


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """
    Synthesize the stacks of two accounts, each with the pair of roles.
    """
    return synthesize_infra(tmp_path_factory.mktemp("infra") / "out")


@pytest.fixture(scope="module")
def generated(out: Path) -> GeneratedJobs:
    """
    Plan the jobs.
    """
    return read_generated(out)


def job(generated: GeneratedJobs, name: str) -> GeneratedJob:
    """Return a job by its name."""
    return next(one for one in generated.jobs if one.name == name)


def test_the_jobs_are_those_of_infra(generated: GeneratedJobs) -> None:
    """Each shows its own `sub`, and the first job of each role runs Terraform in its stack."""
    found = {
        one.name: (one.job.run.subject, one.job.terraform and one.job.terraform.command)
        for one in generated.jobs
        if one.workflow.startswith("infra-")
    }

    assert generated.left_out == {}
    assert found == {
        "infra-review.yml / plan-dev": (PULLS, "plan"),
        "infra-review.yml / plan-prod": (PULLS, "plan"),
        "infra-deploy.yml / plan-dev": (MAIN, None),
        "infra-deploy.yml / apply-dev": (REVIEWED.format("dev"), "apply"),
        "infra-deploy.yml / plan-prod": (MAIN, None),
        "infra-deploy.yml / apply-prod": (REVIEWED.format("prod"), "apply"),
        "infra-drift.yml / plan-dev": (MAIN, None),
        "infra-drift.yml / plan-prod": (MAIN, None),
    }
    works = [one.job.terraform for one in generated.jobs if one.job.terraform]
    assert [work.stack for work in works] == ["account-dev", "account-prod"] * 2


def test_no_workflow_of_a_service_has_their_roles(generated: GeneratedJobs) -> None:
    """A role that plans or applies stands in the workflows of the stacks alone."""
    files = {
        one.workflow.partition("-")[0] for one in generated.jobs if one.role.startswith("infra")
    }

    assert files == {"infra"}


@pytest.mark.parametrize(
    ("name", "strangers", "beyond"),
    [
        pytest.param(
            "infra-review.yml / plan-dev",
            ["another branch", "another repository of the owner"],
            {
                "its own job, as Terraform's role": "sts:AssumeRole",
                "its own job, locking a state": "s3:PutObject",
                "its own job, for a secret": "secretsmanager:GetSecretValue",
            },
            id="plan",
        ),
        pytest.param(
            "infra-deploy.yml / apply-dev",
            ["a pull request", "another branch", "another repository of the owner"],
            {
                "its own job, as another role": "sts:AssumeRole",
                "its own job, reading by itself": "iam:GetRole",
                "its own job, for a secret": "secretsmanager:GetSecretValue",
            },
            id="apply",
        ),
    ],
)
def test_what_is_tried(
    generated: GeneratedJobs, name: str, strangers: list[str], beyond: dict[str, str]
) -> None:
    """A stranger is to be refused at the door, and the job itself at what is not its own."""
    first, *others = plan_attempts(job(generated, name), generated.jobs)

    assert first.job.terraform is not None
    assert [one.job.terraform for one in others] == [None] * len(others)
    at_the_door = [one.who for one in others if one.is_stranger]
    assert at_the_door[:-1] == [
        *strangers,
        "the name, taken over by others",
        "a fork",
        "another environment",
    ]
    assert {one.who: one.refused_at for one in others if one.refused_at != SIGN_IN} == beyond


def test_a_plan_that_may_not_read(tmp_path: Path) -> None:
    """A role that could not plan every stack of its account is left out, with a call."""
    out = synthesize_infra(tmp_path / "out", manages=["aws_iam_openid_connect_provider"])

    found = read_generated(out)

    assert found.left_out == {
        f"arn:aws:iam::{account}:role/infra-plan": "It may not call iam:GetRole."
        for account in ACCOUNTS.values()
    }
    assert {one.role for one in found.jobs} >= {"infra-apply", "web-dev-deploy"}


def test_an_account_that_is_not_bootstrapped(out: Path, generated: GeneratedJobs) -> None:
    """Without a stack of the account no bootstrap makes Terraform's role, so it is only planned."""
    stacks = {f"base-{name}": replace(one) for name, one in read_stacks(out).items()}
    given = stacks | {"account-dev": replace(stacks["base-account-dev"], account=None)}

    works = {
        name: terraform_work(job(generated, name).planned, job(generated, name).job.role_arn, given)
        for name in ("infra-review.yml / plan-dev", "infra-deploy.yml / apply-dev")
    }

    assert [work and work.command for work in works.values()] == ["plan", None]
