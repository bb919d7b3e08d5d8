"""The audit and the review answer alike which actions give permissions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from cdktf_out import PROD, stack, write_out
from click.testing import CliRunner

from deploy_access.audit.limits import MOST
from deploy_access.cli import main
from deploy_access.iam.action_list import listed_actions

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

HOST = "token.actions.githubusercontent.com"
FIVE = {
    "acm-pca:PutPolicy",
    "codeartifact:PutDomainPermissionsPolicy",
    "dynamodb:PutResourcePolicy",
    "ecr-public:SetRepositoryPolicy",
    "sts:GetFederationToken",
}
SERVICES = ("ecr", "ecs", "eks", "glue", "iam", "kinesis", "lambda", "organizations", "s3", "sts")


def allowing(folder: Path, actions: Iterable[str]) -> str:
    """Write a stack whose role may use *actions* on everything."""
    trust = {
        "Effect": "Allow",
        "Principal": {"Federated": f"arn:aws:iam::{PROD}:oidc-provider/{HOST}"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {
                f"{HOST}:aud": "sts.amazonaws.com",
                f"{HOST}:sub": "repo:acme@1/web@2:environment:prod",
            }
        },
    }
    role = {
        "name": "deploy",
        "assume_role_policy": json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
    }
    allow = {"Effect": "Allow", "Action": sorted(actions), "Resource": "*"}
    policy = {
        "name": "p",
        "role": "${aws_iam_role.Deploy.name}",
        "policy": json.dumps({"Version": "2012-10-17", "Statement": [allow]}),
    }
    resources = {"aws_iam_role": {"Deploy": role}, "aws_iam_role_policy": {"P": policy}}
    return str(write_out(folder, {"web": {**stack(), "resource": resources}}))


def answer(*arguments: str) -> Any:
    """Run the command and read its JSON."""
    return json.loads(CliRunner().invoke(main, [*arguments, "--format", "json"]).stdout)


def told_by_audit(folder: str) -> set[str]:
    """List the actions of which the audit says that they give permissions."""
    findings = answer("audit", folder)["findings"]
    return {one["evidence"] for one in findings if one["rule"] == "permissions-management"}


def told_by_review(folder: str) -> set[str]:
    """List the actions of which the review says so."""
    (role,) = answer("review", "none", folder)["access"]
    grants = role["permissions"]["gained"]
    return {name for one in grants for name in one["actions"].get("permissions management", ())}


def test_five_actions(tmp_path: Path) -> None:
    """Both say of each of five actions, which AWS labels in two ways, that it gives permissions."""
    folder = allowing(tmp_path / "out", FIVE)

    assert told_by_audit(folder) == FIVE
    assert told_by_review(folder) == FIVE


@pytest.mark.parametrize("service", SERVICES)
def test_every_action_of_a_service(tmp_path: Path, service: str) -> None:
    """Both name the same actions of a service."""
    names = [f"{service}:{name}" for _, _, names in listed_actions(service) for name in names]

    # Of a rule that finds more in one policy, the audit shows the first.
    for start in range(0, len(names), MOST):
        folder = allowing(tmp_path / f"out{start}", names[start : start + MOST])
        assert told_by_audit(folder) == told_by_review(folder)
