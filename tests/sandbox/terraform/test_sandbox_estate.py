"""
What is read from a `cdktf.out`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sandbox_estates import NONPROD, PROD, role, stack, write_out

from sandbox import UnreadableEstate
from sandbox.terraform.estate import read_estate
from sandbox.terraform.stack import partition_of

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox.terraform.stack import Stack


def read(folder: Path, document: dict[str, Any]) -> Stack:
    """
    Return a stack as it is read.
    """
    return read_estate(write_out(folder, {"web": document})).stacks["web"]


@pytest.mark.parametrize(
    ("provider", "account"),
    [
        pytest.param({}, NONPROD, id="allowed account"),
        pytest.param(
            {"assume_role": [{"role_arn": f"arn:aws-cn:iam::{PROD}:role/ci/terraform"}]},
            PROD,
            id="account of the role",
        ),
        pytest.param({"allowed_account_ids": "${var.x}"}, "123456789012", id="unknown account"),
        pytest.param({"allowed_account_ids": None}, "123456789012", id="no account"),
    ],
)
def test_account(tmp_path: Path, provider: dict[str, Any], account: str) -> None:
    """
    The account is that of the role, or else the one that is allowed.
    """
    assert read(tmp_path, stack("web", provider=provider)).providers[0].account == account


def test_resource_of_an_alias(tmp_path: Path) -> None:
    """
    A resource belongs to the account and region of the configuration that it names.
    """
    document = stack("web", resource=role("web", provider="aws.prod"))
    document["provider"]["aws"].append(
        {"alias": "prod", "region": "us-east-1", "allowed_account_ids": [PROD]}
    )

    (resource,) = read(tmp_path, document).resources("aws_iam_role")

    assert (resource.provider.account, resource.provider.region) == (PROD, "us-east-1")


def test_blocks_in_lists(tmp_path: Path) -> None:
    """
    A block in a list is the same as the block alone, at every level.
    """
    arguments = role("web")["aws_iam_role"]["Role"]
    document = stack("web", resource=[{"aws_iam_role": [{"Role": [arguments]}]}])

    assert [found.address for found in read(tmp_path, document).resources()] == [
        "aws_iam_role.Role"
    ]


def test_missing_folder(tmp_path: Path) -> None:
    """
    A folder without a manifest is an error that says how to make one.
    """
    with pytest.raises(UnreadableEstate, match=r"python main\.py"):
        read_estate(tmp_path)


def test_unknown_stack(tmp_path: Path) -> None:
    """
    A stack that is not there is an error that lists those that are.
    """
    estate = read_estate(write_out(tmp_path, {"web": stack("web"), "api": stack("api")}))

    with pytest.raises(UnreadableEstate, match="web, api"):
        estate.pick(["wep"])


@pytest.mark.parametrize(
    ("region", "partition"),
    [
        ("eu-central-1", "aws"),
        ("cn-north-1", "aws-cn"),
        ("us-gov-west-1", "aws-us-gov"),
        ("us-iso-east-1", "aws-iso"),
        ("us-isob-east-1", "aws-iso-b"),
        ("eusc-de-east-1", "aws-eusc"),
    ],
)
def test_partition(region: str, partition: str) -> None:
    """
    A region tells its partition.
    """
    assert partition_of(region) == partition
