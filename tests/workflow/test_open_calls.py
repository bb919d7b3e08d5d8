"""What may fail all the same is a remark beside the workflow, which is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from proof_stacks import (
    DEPLOY,
    ELSEWHERE,
    FIVE,
    LOG_IN,
    PUSH,
    REGISTER,
    REPOSITORY,
    UPDATE,
    Json,
    allow,
    deny,
    write_stacks,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

SIX = sorted([*FIVE, "ecr:BatchGetImage"])
NOT_READ = "arn:aws:iam::111122223333:policy/shared"


@pytest.mark.parametrize(
    ("statements", "role", "remarks"),
    [
        pytest.param([*PUSH], {}, "", id="nothing"),
        pytest.param(
            [LOG_IN, allow(FIVE, REPOSITORY)],
            {},
            "ecr:BatchGetImage (push): not allowed; it is needed when the client looks for the "
            "image before it pushes it",
            id="sometimes",
        ),
        pytest.param(
            [*PUSH, deny("ecr:PutImage", Condition={"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}})],
            {},
            "ecr:PutImage (push): statement 3 of policy 'p' asks for `aws:SourceIp`, which is "
            "known to AWS alone",
            id="condition",
        ),
        pytest.param(
            [
                *PUSH,
                deny("ecr:PutImage", Condition={"StringLike": {"aws:RequestedRegion": "${var.r}"}}),
            ],
            {},
            "ecr:PutImage (push): Terraform fills in what statement 3 of policy 'p' wants of "
            "`aws:RequestedRegion`",
            id="value of a condition",
        ),
        pytest.param(
            [*PUSH, deny("ecr:PutImage", "${aws_ecr_repository.x.arn}")],
            {},
            "ecr:PutImage (push): Terraform fills in a part of what is asked",
            id="reference",
        ),
        pytest.param(
            [LOG_IN, allow([*FIVE, "ecr:BatchGetImage"], ELSEWHERE)],
            {},
            f"{', '.join(SIX)} (push): the policy of the repository, which is in another account, "
            "was not read",
            id="another account",
        ),
        pytest.param(
            [allow([*FIVE, "ecr:BatchGetImage"], REPOSITORY)],
            {"managed_policy_arns": [NOT_READ]},
            "ecr:GetAuthorizationToken (push): it is not known what `shared` allows",
            id="policy that is not read",
        ),
        pytest.param(
            [*PUSH],
            {"permissions_boundary": NOT_READ},
            f"ecr:GetAuthorizationToken, {', '.join(SIX)} (push): it is not known what the "
            "permissions boundary allows",
            id="boundary that is not read",
        ),
        pytest.param(
            [*DEPLOY],
            {},
            "iam:PassRole (deploy): it is not known which roles the task definition names",
            id="roles of a file",
        ),
        pytest.param(
            [REGISTER, UPDATE],
            {},
            "iam:PassRole (deploy): not allowed; it is needed when the task definition names a "
            "role\n"
            "ecs:TagResource (deploy): not allowed; it is needed when the definition in the "
            "repository has tags",
            id="no roles, no tags",
        ),
        pytest.param(
            [*DEPLOY[1:], allow("ecs:RegisterTaskDefinition", DEPLOY[2]["Resource"])],
            {},
            "ecs:RegisterTaskDefinition (deploy): it is not known whether AWS asks for it on the "
            "definition or on `*`\n"
            "iam:PassRole (deploy): it is not known which roles the task definition names",
            id="pages differ",
        ),
    ],
)
def test_remarks(
    run: Callable[..., Result], tmp_path: Path, statements: list[Json], role: Json, remarks: str
) -> None:
    """Each reason is said once, with the calls and the jobs that it is about."""
    shown = run(out=write_stacks(tmp_path, *statements, role=role))

    assert shown.exit_code == 0
    head, *lines = shown.stderr.splitlines()
    said = remarks.splitlines()
    assert head.endswith("may not be allowed to call:") == bool(said)
    assert [line.strip() for line in lines[: len(said)]] == said


def test_jobs_share_a_remark(run: Callable[..., Result]) -> None:
    """The environments of one workflow are named together."""
    shown = run("--repo", "acme/promote")
    jobs = "deploy-dev, deploy-stg, deploy-prod"

    assert shown.stderr.splitlines()[:3] == [
        "deploy-promote.yml of acme/promote may not be allowed to call:",
        f"  iam:PassRole ({jobs}): it is not known which roles the task definition names",
        (
            f"  ecs:TagResource ({jobs}): not allowed; it is needed when the definition in the "
            "repository has tags"
        ),
    ]
