"""What the command says of a job that its role would fail: the call, the statement, the change."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from proof_stacks import (
    CLUSTER,
    DEPLOY,
    ELSEWHERE,
    FIVE,
    LOG_IN,
    OTHER_ACCOUNT,
    PASS,
    PUSH,
    REGISTER,
    REPOSITORY,
    ROLE,
    TAG,
    UPDATE,
    Json,
    allow,
    deny,
    policy,
    write_stacks,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

PAGE = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html"
DENIED = f"""\
Job `push` of push-web.yml could not make all of its calls.

denied[explicit-deny]: web-prod-deploy may not call ecr:PutImage
  --> web-prod: aws_iam_role_policy.P, statement 3
  on     {REPOSITORY}
  source {PAGE}
  cause: The statement denies `ecr:PutImage` on `*`, and a `Deny` wins over every `Allow`.
  help: Take `ecr:PutImage` out of that statement, or except the resource with `NotResource`.

"""


def test_a_deny_is_named(run: Callable[..., Result], tmp_path: Path) -> None:
    """A role that may push and has a Deny gets no push job, and exit code 10."""
    out = write_stacks(tmp_path / "out", *PUSH, deny("ecr:PutImage"))

    refused = run("--write", str(tmp_path / "github"), out=out)

    assert (refused.exit_code, refused.stdout, refused.stderr) == (10, "", DENIED)
    assert not (tmp_path / "github").exists()


def test_both_refusals_are_said(run: Callable[..., Result], tmp_path: Path) -> None:
    """A job that is not let in and could not push either is told both."""
    out = write_stacks(tmp_path, *PUSH, deny("ecr:PutImage"))
    stack = out / "stacks/web-prod/cdk.tf.json"
    stack.write_text(stack.read_text("utf-8").replace("WithWebIdentity", "WithSAML"), "utf-8")

    refused = run(out=out)

    assert "Job `push` of push-web.yml could not assume its role.\n" in refused.stderr
    assert refused.stderr.endswith(DENIED)


def test_all_jobs_are_said(run: Callable[..., Result], tmp_path: Path) -> None:
    """Each job that would fail is named, not only the first."""
    roles = {
        "Api": {
            "name": "api-deploy",
            "assume_role_policy": "${aws_iam_role.Deploy.assume_role_policy}",
            "inline_policy": [{"name": "q", "policy": policy(*DEPLOY, deny("ecs:UpdateService"))}],
        }
    }
    out = write_stacks(tmp_path, *PUSH, deny("ecr:PutImage"), more={"aws_iam_role": roles})

    refused = run(out=out)

    heads = [line for line in refused.stderr.splitlines() if line.startswith("Job `")]
    assert [head.split("`")[1] for head in heads] == ["build", "deploy"]


def causes(refused: Result) -> list[str]:
    """List the causes that are named, one for each thing to change."""
    lines = refused.stderr.splitlines()
    return [line.removeprefix("  cause: ") for line in lines if line.startswith("  cause: ")]


def changes(refused: Result) -> list[Json]:
    """List the statements that are to be added."""
    lines = refused.stderr.splitlines()
    return [json.loads(line.split("JSON", 1)[1]) for line in lines if "  JSON  " in line]


HERE = {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}
BOUNDARY = {
    "aws_iam_policy": {"B": {"name": "b", "policy": policy(allow(["s3:*", "ecr:GetA*"]))}},
}
TO_OTHER = allow([*FIVE, "ecr:BatchGetImage"], ELSEWHERE)


@pytest.mark.parametrize(
    ("statements", "more", "cause"),
    [
        pytest.param(
            [*PUSH[1:]], {}, "No statement of the role's policies allows it.", id="no statement"
        ),
        pytest.param(
            [LOG_IN, allow(FIVE, REPOSITORY, Condition=HERE)],
            {},
            "The statement allows it where `aws:RequestedRegion` meets StringEquals `us-east-1`, "
            "and the call has `eu-central-1`.",
            id="condition",
        ),
        pytest.param(
            [
                *(UPDATE, TAG, PASS),
                allow(REGISTER["Action"], Condition={"ArnEquals": {"ecs:cluster": CLUSTER}}),
            ],
            {},
            f"The statement allows it where `ecs:cluster` meets ArnEquals `{CLUSTER}`, and the "
            "call has no such key.",
            id="key that the call does not have",
        ),
        pytest.param(
            [allow(["ecr:GetAuthorizationToken", *FIVE], REPOSITORY)],
            {},
            f"The statement allows it on `{REPOSITORY}` only.",
            id="resource",
        ),
        pytest.param(
            [
                *(LOG_IN, allow("ecr:PutImage", REPOSITORY)),
                {"Effect": "Allow", "Action": "ecr:*", "NotResource": REPOSITORY},
            ],
            {},
            f"The statement allows it on all but `{REPOSITORY}` only.",
            id="all but",
        ),
        pytest.param(
            PUSH,
            BOUNDARY,
            "The permissions boundary 'b' leaves it out, so no policy can allow it.",
            id="boundary",
        ),
        pytest.param(
            [LOG_IN, TO_OTHER],
            {"aws_ecr_repository": {"I": {"name": "web", "provider": "aws.other"}}},
            "The repository is in another account, and its policy does not let the role in.",
            id="repository of another account",
        ),
        pytest.param(
            [*PUSH, {"Effect": "Deny", "NotAction": ["ecr:*Layer*", "ecr:G*"], "Resource": "*"}],
            {},
            "The statement denies all but `ecr:*Layer*`, `ecr:G*` on `*`, and a `Deny` wins over "
            "every `Allow`.",
            id="Deny of all but",
        ),
    ],
)
def test_causes(
    run: Callable[..., Result], tmp_path: Path, statements: list[Json], more: Json, cause: str
) -> None:
    """The cause is that of the statement that decides, or that comes nearest."""
    bound = {"permissions_boundary": "${aws_iam_policy.B.arn}"} if more is BOUNDARY else None

    refused = run(out=write_stacks(tmp_path, *statements, role=bound, more=more))

    assert refused.exit_code == 10
    assert causes(refused) == [cause]


def test_what_to_add_is_enough(run: Callable[..., Result], tmp_path: Path) -> None:
    """With the statements that are named, the same job is written."""
    first = run(out=write_stacks(tmp_path, allow("ecr:PutImage", REPOSITORY)))
    added = changes(first)

    then = run(out=write_stacks(tmp_path, allow("ecr:PutImage", REPOSITORY), *added))

    assert (first.exit_code, then.exit_code) == (10, 0)
    assert added == [
        allow("ecr:GetAuthorizationToken"),
        allow([action for action in FIVE if action != "ecr:PutImage"], REPOSITORY),
    ]


def test_what_to_add_elsewhere_is_enough(run: Callable[..., Result], tmp_path: Path) -> None:
    """The policy of a repository in another account names the role, and nobody besides."""
    made: Json = {"aws_ecr_repository": {"I": {"name": "web", "provider": "aws.other"}}}
    first = run(out=write_stacks(tmp_path, LOG_IN, TO_OTHER, more=made))
    (added,) = changes(first)
    made["aws_ecr_repository_policy"] = {
        "I": {"repository": "web", "provider": "aws.other", "policy": policy(added)}
    }

    then = run(out=write_stacks(tmp_path, LOG_IN, TO_OTHER, more=made))

    assert (first.exit_code, then.exit_code) == (10, 0)
    assert added == {"Effect": "Allow", "Principal": {"AWS": ROLE}, "Action": FIVE}
    assert OTHER_ACCOUNT in ELSEWHERE


def test_the_page_shows_a_refusal() -> None:
    """The refusal on the page is what the command says."""
    page = (Path(__file__).parents[2] / "docs/workflows.md").read_text("utf-8")

    assert f"```console\n$ deploy-access workflow\n{DENIED.rstrip()}\n```" in page
