"""A role that only applies: known as such, and the smallest widening of it is found."""

from __future__ import annotations

import json
from typing import Any

import pytest
from audit_policies import ACCOUNT, HOST, PULL_REQUEST, Json, allow, conditions, trust
from raw_estate import read_raw_estate

from deploy_access.audit.estate_audit import audit_estate

OTHER = "444455556666"
TERRAFORM = f"arn:aws:iam::{ACCOUNT}:role/ops/terraform"
ASSUME = allow("sts:AssumeRole", TERRAFORM)
KEY = f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/1"
STATES = "arn:aws:s3:::acme-state"
Found = list[tuple[str, str]]
NOTE = ("assume-onwards", "note")
WARNING = ("assume-onwards", "warning")


def audit(
    *policies: Json, assumed: Any = TERRAFORM, trusting: Json | None = None, managed: Any = ()
) -> Found:
    """Audit a role of a stack whose provider assumes a role; say the rules with severities."""
    role: Json = {
        "name": "infra-apply",
        "assume_role_policy": json.dumps(trusting or trust()),
        "managed_policy_arns": list(managed),
        "inline_policy": [
            {"name": f"p{number}", "policy": json.dumps(policy)}
            for number, policy in enumerate(policies)
        ],
    }
    provider: Json = {"region": "eu-central-1", "allowed_account_ids": [ACCOUNT]}
    if assumed:
        provider["assume_role"] = [{"role_arn": assumed}]
    document = {"provider": {"aws": [provider]}, "resource": {"aws_iam_role": {"Apply": role}}}
    found = audit_estate(read_raw_estate(json.dumps(document).encode(), "infra.tf.json"))
    return sorted((one.finding.rule, one.finding.severity) for one in found.findings)


def with_statement(**changed: Any) -> Json:
    """Change the one statement of the role."""
    statement: Json = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": TERRAFORM}
    found = {key: value for key, value in (statement | changed).items() if value is not None}
    return {"Version": "2012-10-17", "Statement": [found]}


def test_a_role_that_only_applies() -> None:
    """Who may become Terraform's role in his account, and nothing else, applies: a note."""
    assert audit(ASSUME) == [NOTE]
    assert audit(allow("STS:assumerole", [TERRAFORM])) == [NOTE]


SMALLEST: dict[str, tuple[list[Json], Json, Found]] = {
    "any role": ([allow("sts:AssumeRole")], {}, [("assume-onwards", "error")]),
    "a pattern": ([allow("sts:AssumeRole", f"{TERRAFORM}*")], {}, [WARNING]),
    "a pattern in the path": (
        [allow("sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/*/terraform")],
        {},
        [WARNING],
    ),
    "another role": ([allow("sts:AssumeRole", f"{TERRAFORM}2")], {}, [WARNING]),
    "another account": (
        [allow("sts:AssumeRole", TERRAFORM.replace(ACCOUNT, OTHER))],
        {"assumed": TERRAFORM.replace(ACCOUNT, OTHER)},
        [WARNING],
    ),
    "a second role": ([allow("sts:AssumeRole", [TERRAFORM, f"{TERRAFORM}2"])], {}, [WARNING]),
    "a role that Terraform does not assume": ([ASSUME], {"assumed": None}, [WARNING]),
    "a role that is known later": ([ASSUME], {"assumed": "${var.role}"}, [WARNING]),
    "a second action": ([allow(["sts:AssumeRole", "sts:TagSession"], TERRAFORM)], {}, [WARNING]),
    "actions by pattern": ([allow("sts:Assume*", TERRAFORM)], {}, [WARNING]),
    "all of STS": ([allow("sts:*", TERRAFORM)], {}, [WARNING]),
    "all but a role": (
        [with_statement(Resource=None, NotResource=TERRAFORM)],
        {},
        [("assume-onwards", "error")],
    ),
    "a second statement": (
        [ASSUME, allow("s3:GetObject", f"{STATES}/deploy-access/*")],
        {},
        [WARNING],
    ),
    "a managed policy": (
        [ASSUME],
        {"managed": ["arn:aws:iam::aws:policy/ReadOnlyAccess"]},
        [WARNING],
    ),
    "a pull request": (
        [ASSUME],
        {"trusting": trust(StringEquals=conditions(sub=PULL_REQUEST))},
        [NOTE, ("pull-request-write", "error")],
    ),
    "every run": (
        [ASSUME],
        {
            "trusting": trust(
                StringEquals=conditions(sub=None),
                StringLike={f"{HOST}:sub": "repo:acme@1/infra@2:*"},
            )
        },
        [NOTE, ("repo-wide", "error")],
    ),
}


@pytest.mark.parametrize("widening", SMALLEST)
def test_the_smallest_widening(widening: str) -> None:
    """What is one step wider is found as it is of any other role."""
    policies, more, found = SMALLEST[widening]

    assert audit(*policies, **more) == found


PLAN = [
    allow("iam:GetRole", f"arn:aws:iam::{ACCOUNT}:role/*"),
    allow("s3:ListBucket", STATES, StringLike={"s3:prefix": "deploy-access/*"}),
    allow("s3:GetObject", f"{STATES}/deploy-access/*"),
    allow("kms:Decrypt", KEY),
]
PLAN_TRUST = trust(StringEquals=conditions(sub=PULL_REQUEST))


def test_a_role_that_only_plans() -> None:
    """Pull requests may read what Terraform manages, its states and their key."""
    assert audit(*PLAN, trusting=PLAN_TRUST) == []


@pytest.mark.parametrize(
    ("wider", "found"),
    [
        (allow("s3:PutObject", f"{STATES}/deploy-access/*.tflock"), "pull-request-write"),
        (allow("iam:TagRole", f"arn:aws:iam::{ACCOUNT}:role/web"), "pull-request-write"),
        (allow("kms:Encrypt", KEY), None),
        (allow("kms:CreateGrant", KEY), "pull-request-write"),
        (allow("kms:Decrypt"), "resource-star"),
        (allow("kms:Decrypt", f"arn:aws:kms:*:{ACCOUNT}:key/*"), "resource-star"),
        (allow("s3:GetObject"), "resource-star"),
        (allow("secretsmanager:GetSecretValue"), "resource-star"),
        (allow("ssm:GetParameters"), "resource-star"),
        (ASSUME, "pull-request-write"),
    ],
)
def test_the_smallest_widening_of_a_plan(wider: Json, found: str | None) -> None:
    """A write beside the reads is found, and a read of everything."""
    rules = {rule for rule, _ in audit(*PLAN, wider, trusting=PLAN_TRUST)}

    assert (found in rules) if found else (rules == set())
