"""
Which policies the stacks give to which roles.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sandbox_estates import NONPROD, Json, role, stack, write_out

from sandbox.terraform.sandbox_estate import read_sandbox_estate
from sandbox.verify.role_grants import RoleGrants, read_grants

if TYPE_CHECKING:
    from pathlib import Path

READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
OWN = f"arn:aws:iam::{NONPROD}:policy/own"


def grants(folder: Path, resource: Json) -> RoleGrants:
    """
    Return the grants of a stack with a role and these resources.
    """
    document = stack("web", resource={**role("web"), **resource})
    return read_grants(read_sandbox_estate(write_out(folder, {"web": document})))


def test_every_way_to_give_a_policy(tmp_path: Path) -> None:
    """
    Blocks of their own and arguments of the role count alike, and references are resolved.
    """
    body = role("web")["aws_iam_role"]["Role"]
    body["inline_policy"] = [{"name": "inside", "policy": "{}"}]
    body["managed_policy_arns"] = [READ_ONLY]
    name, arn = "${aws_iam_role.Role.name}", "${aws_iam_policy.Own.arn}"
    resource = {
        "aws_iam_role": {"Role": body},
        "aws_iam_policy": {"Own": {"name": "own", "policy": "{}"}},
        "aws_iam_role_policy": {"X": {"role": name, "name": "outside", "policy": "{}"}},
        "aws_iam_role_policy_attachment": {"X": {"role": "elsewhere", "policy_arn": READ_ONLY}},
        "aws_iam_policy_attachment": {"X": {"name": "x", "roles": [name], "policy_arn": arn}},
    }

    assert grants(tmp_path, resource) == RoleGrants(
        inline={(NONPROD, "web"): {"inside", "outside"}},
        attached={(NONPROD, "web"): {READ_ONLY, OWN}, (NONPROD, "elsewhere"): {READ_ONLY}},
        is_complete=True,
    )


@pytest.mark.parametrize(
    "resource",
    [
        {"aws_iam_role_policy": {"X": {"role": "web", "policy": "{}"}}},
        {"aws_iam_role_policy": {"X": {"role": "web", "name_prefix": "x", "policy": "{}"}}},
        {"aws_iam_role_policy": {"X": {"role": "web", "name": "${var.x}", "policy": "{}"}}},
        {"aws_iam_role_policy_attachment": {"X": {"role": "${var.x}", "policy_arn": READ_ONLY}}},
        {
            "aws_iam_role_policy_attachment": {
                "X": {"role": "web", "policy_arn": READ_ONLY, "count": 2}
            }
        },
    ],
    ids=["no name", "a prefix", "an unknown name", "an unknown role", "several"],
)
def test_grants_that_terraform_completes(tmp_path: Path, resource: Json) -> None:
    """
    Where Terraform chooses a name or a number, a policy that is not expected is no difference.
    """
    assert not grants(tmp_path, resource).is_complete
