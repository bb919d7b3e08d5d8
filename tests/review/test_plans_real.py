"""
Plans of real Terraform, and small ones of each kind: what a review of the plan alone says.

`plans/real` was made by Terraform 1.11.4 and provider 5.100 against an AWS on this machine.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner

from deploy_access.cli import main
from deploy_access.review.compare import review

PLANS = Path(__file__).parent / "plans"
ALL = ("aws_ecr_lifecycle_policy.web", "aws_ecr_repository_policy.web")


@dataclass(frozen=True, kw_only=True)
class Says:
    """What a review says: what is gained and lost by name, resources, notices."""

    gained: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    lost: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    resources: dict[str, str] = field(default_factory=dict[str, str])
    notices: list[str] = field(default_factory=list[str])
    is_partial: bool = False


PULL = "ecr:BatchGetImage on *"
PROD = "assumed by repo:acme/web:environment:prod"
SEND = "sqs:SendMessage on arn:aws:sqs:eu-central-1:123456789012:q"
WIDENED = ["ecs:* on *", "iam:PassRole on *"]
CASES = {
    "forget-role.plan": Says(resources={"aws_iam_role.deploy": "forget"}),
    "guards-go.plan": Says(
        resources=dict.fromkeys(
            (
                *("aws_cloudwatch_log_group.l", "aws_db_instance.db"),
                *("aws_dynamodb_table.d", "aws_ecr_repository.web"),
            ),
            "update",
        ),
        notices=[
            *("aws_cloudwatch_log_group.l", *["aws_db_instance.db"] * 3),
            *("aws_dynamodb_table.d", "aws_ecr_repository.web", "aws_ecr_repository.web"),
        ],
    ),
    "target-widens-managed-policy.plan": Says(
        gained={"deploy": WIDENED}, resources={"aws_iam_policy.m": "update"}, is_partial=True
    ),
    "real/t1_full": Says(
        gained={"deploy": ["ecr:* on *"]}, resources={"aws_iam_role_policy.p": "update"}
    ),
    "real/t1_target_policy": Says(
        gained={"deploy": ["ecr:* on *"]},
        resources={"aws_iam_role_policy.p": "update"},
        is_partial=True,
    ),
    "real/t2_force_full": Says(
        resources={"aws_ecr_repository.web": "update"}, notices=["aws_ecr_repository.web"]
    ),
    "real/t2_force_target": Says(
        resources={"aws_ecr_repository.web": "update"},
        notices=["aws_ecr_repository.web"],
        is_partial=True,
    ),
    "real/t3_forget": Says(
        resources={"aws_iam_role.other": "forget", "aws_iam_role_policy.o": "forget"}
    ),
    "real/t4_destroy": Says(
        lost={
            "web": [PULL],
            "deploy": [
                "ecr:BatchGetImage on arn:aws:ecr:eu-central-1:123456789012:repository/web",
                PROD,
            ],
            "other": ["s3:GetObject on arn:aws:s3:::b/*", "assumed by ecs-tasks.amazonaws.com"],
        },
        resources=dict.fromkeys(
            (
                *("aws_ecr_repository.web", *ALL, "aws_iam_openid_connect_provider.gh"),
                *("aws_iam_role.deploy", "aws_iam_role.other"),
                *("aws_iam_role_policy.o", "aws_iam_role_policy.p"),
            ),
            "destroy",
        ),
    ),
    "real/t5_target_managed": Says(
        gained={"deploy": WIDENED}, resources={"aws_iam_policy.m": "update"}, is_partial=True
    ),
    "real/t7_moved": Says(resources={'aws_iam_role.others["x"]': "move"}),
    "real/t8_import": Says(
        lost={"byhand": ["assumed by repo:acme/web:*"]},
        resources={"aws_iam_role.byhand": "import"},
    ),
    "real/t9_replace_mixed": Says(
        gained={"shop": [PULL]},
        lost={"web": [PULL]},
        resources={
            **dict.fromkeys(
                ("aws_ecr_repository.web", *ALL, "aws_ecs_task_definition.t"), "replace"
            ),
            "aws_dynamodb_table.d": "update",
            "aws_ecs_service.s": "create",
        },
        notices=["aws_dynamodb_table.d"],
    ),
    "real/t11_first_policy_document": Says(
        gained={"deploy": ["* on *", "assumed by repo:acme/*"]},
        resources={
            "aws_iam_openid_connect_provider.gh": "create",
            "aws_iam_role.deploy": "create",
            "aws_iam_role_policy_attachment.a": "create",
        },
    ),
}
READ = "s3:GetObject on *"
CASES.update(
    {
        # Two modules, and a role with a Deny and an attachment that were made by hand.
        "real/by_hand_and_modules": Says(
            gained={
                "m-a": ["s3:* on *"],
                "m-b": ["s3:* on *"],
                "web": ["s3:* on *"],
                "q": ["sqs:SendMessage on *"],
                # A Deny goes too, which kept a part from whom identity policies let in.
                "bbbb": [
                    "s3:GetObject on arn:aws:s3:::bbbb/*",
                    "s3:GetObject on arn:aws:s3:::bbbb/secret/*",
                ],
                "${aws_iam_role.cbd.name}": [SEND, "assumed by ecs-tasks.amazonaws.com"],
            },
            lost={
                "q": ["sqs:SendMessage on *"],
                "cbd20261128222601674500000001": [SEND, "assumed by ecs-tasks.amazonaws.com"],
            },
            resources={
                "aws_iam_role.cbd": "replace",
                "aws_iam_role_policy.cbd": "replace",
                "aws_s3_bucket_policy.b": "update",
                "aws_sqs_queue_policy.q": "update",
                'module.r["a"].aws_iam_policy.p': "update",
                'module.r["b"].aws_iam_policy.p': "update",
            },
        ),
        # What was made by hand goes with the role, a Deny of it too.
        "real/replace_by_request": Says(
            gained={"web": [READ]},
            lost={"web": ["ec2:* on *"]},
            resources={"aws_iam_role.web": "replace"},
        ),
    }
)


def said(name: str) -> Says:
    """Review a plan alone."""
    found = review(plans=[PLANS / f"{name}.json"])
    gained: dict[str, list[str]] = {}
    lost: dict[str, list[str]] = {}
    for one in found.access:
        for side, trust, permissions in (
            (gained, one.trust.gained, one.permissions.gained),
            (lost, one.trust.lost, one.permissions.lost),
        ):
            told = [f"{grant.action} on {grant.resource}" for grant in permissions]
            told += [f"assumed by {grant.subject or grant.principal}" for grant in trust]
            side.update({one.party.name: told} if told else {})
    return Says(
        gained=gained,
        lost=lost,
        resources={change.address: change.action for change in found.resources},
        notices=[notice.address for notice in found.notices],
        is_partial=bool(found.stacks.partial),
    )


@pytest.mark.parametrize("name", CASES)
def test_what_a_plan_does(name: str) -> None:
    """A review of a plan alone says what the apply changes, and of the rest nothing."""
    assert said(name) == CASES[name]


def test_every_plan_is_here() -> None:
    """No plan in the folders is left out; one is for the audit."""
    files = {str(file.relative_to(PLANS)) for file in PLANS.rglob("*.json")}
    plans = {name for name in files if not name.startswith("guards-") or "plan" in name}

    assert plans == {f"{name}.json" for name in (*CASES, "inline-by-hand.plan")}


def exit_code(*arguments: str) -> int:
    """Run the command."""
    return CliRunner().invoke(main, [*arguments]).exit_code


@pytest.mark.parametrize(
    ("name", "condition", "expected"),
    [
        ("target-widens-managed-policy.plan", "widened", 10),
        ("forget-role.plan", "widened", 0),
        ("guards-go.plan", "notices", 10),
        ("real/t1_full", "unread", 0),
        ("real/t3_forget", "destroyed", 0),
        ("real/t4_destroy", "data", 10),
        ("real/t7_moved", "destroyed", 0),
    ],
)
def test_conditions(name: str, condition: str, expected: int) -> None:
    """A condition holds for a plan as for two sides."""
    given = ["review", "--plan", str(PLANS / f"{name}.json"), "--fail-on", condition]

    assert exit_code(*given) == expected


def test_guards_of_a_plan_and_of_two_sides() -> None:
    """A plan says the same of the guards of data as the two versions of its stack."""
    sides = review(PLANS / "guards-base.tf.json", PLANS / "guards-head.tf.json").notices
    plan = review(plans=[PLANS / "guards-go.plan.json"]).notices

    assert [(one.address, one.what) for one in plan] == [(one.address, one.what) for one in sides]


def test_policies_that_aws_reports_are_audited() -> None:
    """The audit finds what is given to a role by hand."""
    path = str(PLANS / "inline-by-hand.plan.json")
    result = CliRunner().invoke(main, ["audit", path, "--format", "json"])
    found = {(one["rule"], one["evidence"]) for one in json.loads(result.output)["findings"]}

    assert result.exit_code == 10
    assert found == {
        ("env-unprotected", "prod"),
        ("full-access-policy", "arn:aws:iam::aws:policy/AdministratorAccess"),
        ("service-wildcard", "*"),
    }
