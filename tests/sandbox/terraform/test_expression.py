"""
What Terraform's expressions stand for, without Terraform.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sandbox_estates import ISSUER, NONPROD, Json, role, stack, write_out

from sandbox.terraform.estate import read_estate
from sandbox.terraform.expression import UnresolvedError, resolve

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox.terraform.stack import Stack


@pytest.fixture
def web(tmp_path: Path) -> Stack:
    """
    Return a stack with one of everything that can be referred to.
    """
    resource = {
        **role("web", path="/ci/"),
        "aws_iam_policy": {"Policy": {"name": "${aws_iam_role.Role.name}-policy"}},
        "aws_ecr_repository": {"Image": {"name": "team/web"}},
        "aws_iam_openid_connect_provider": {"Github": {"url": f"https://{ISSUER}"}},
    }
    data: Json = {
        "aws_caller_identity": {"Me": {}},
        "aws_partition": {"Here": {}},
        "aws_region": {"Here": {}},
    }
    out = write_out(tmp_path, {"web": stack("web", resource=resource, data=data)})
    return read_estate(out).stacks["web"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("plain", "plain"),
        ("${aws_iam_role.Role.name}", "web"),
        ("${aws_iam_role.Role.arn}", f"arn:aws:iam::{NONPROD}:role/ci/web"),
        ("${aws_iam_policy.Policy.arn}", f"arn:aws:iam::{NONPROD}:policy/web-policy"),
        (
            "${aws_ecr_repository.Image.arn}",
            f"arn:aws:ecr:eu-central-1:{NONPROD}:repository/team/web",
        ),
        (
            "${aws_iam_openid_connect_provider.Github.arn}",
            f"arn:aws:iam::{NONPROD}:oidc-provider/{ISSUER}",
        ),
        ("a ${data.aws_caller_identity.Me.account_id} b", f"a {NONPROD} b"),
        ("${data.aws_partition.Here.partition}", "aws"),
        ("${data.aws_region.Here.name}", "eu-central-1"),
        ("$${aws:username} %%{x}", "${aws:username} %{x}"),
    ],
)
def test_known(web: Stack, text: str, value: str) -> None:
    """
    Names, ARNs that are built from names, and data about the account are known.
    """
    assert resolve(web, text) == value


@pytest.mark.parametrize(
    "text",
    [
        "${var.name}",
        "${aws_iam_role.Other.name}",
        "${aws_iam_role.Role.unique_id}",
        "${lower(aws_iam_role.Role.name)}",
    ],
)
def test_unknown(web: Stack, text: str) -> None:
    """
    Anything else is left to Terraform, and is never taken for a text.
    """
    with pytest.raises(UnresolvedError):
        resolve(web, text)
