"""A gain that the policy of a resource may deny is not certain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from review_sides import ACCOUNT, one
from written_sides import Json, allow, deny, document, said

if TYPE_CHECKING:
    from pathlib import Path

OBJECTS = "arn:aws:s3:::data/*"
READ = ["+ kept user ops s3:GetObject arn:aws:s3:::data/*"]
WHY = "(the policy of data may deny a part of it)"
DOUBTED = [f"+ kept user ops perhaps s3:GetObject arn:aws:s3:::data/* {WHY}"]
OPS, OTHER = (f"arn:aws:iam::{ACCOUNT}:user/{name}" for name in ("ops", "other"))


def estate(*statements: Json, bucket: str = "data", **more: Any) -> Json:
    """Write a user with a policy, and a bucket with one that denies."""
    denying = {**deny("s3:*"), "Principal": {"AWS": OPS}, **more}
    return {
        **one("aws_iam_user", "ops", name="ops"),
        **one("aws_iam_user_policy", name="p", user="ops", policy=document(*statements)),
        **one("aws_s3_bucket_policy", bucket=bucket, policy=document(denying)),
    }


LIST = allow("s3:ListAllMyBuckets")


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, DOUBTED),
        ({"Principal": "*"}, DOUBTED),
        ({"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}}, DOUBTED),
        ({"Principal": {"AWS": OTHER}}, READ),
        ({"Action": "s3:Put*"}, READ),
        ({"bucket": "logs"}, READ),
        ({"Condition": {"Bool": {"aws:SecureTransport": "false"}}}, READ),
        ({"Condition": {"StringEquals": {"aws:PrincipalTag/a": "${var.unknown}"}}}, READ),
    ],
    ids=["user", "all", "account", "another", "actions", "bucket", "condition", "open-condition"],
)
def test_a_denied_proof(tmp_path: Path, more: Json, expected: list[str]) -> None:
    """A request that proves a gain is put to the policies of the resources, by what they say."""
    base = estate(LIST, **more)
    head = estate(LIST, allow("s3:GetObject", OBJECTS), **more)

    assert said(tmp_path, base, head) == expected


def test_a_document_that_is_not_known(tmp_path: Path) -> None:
    """A policy that only Terraform knows may deny."""
    unknown = one("aws_s3_bucket_policy", bucket="data", policy="${data.http.x.response_body}")
    base, head = estate(LIST) | unknown, estate(LIST, allow("s3:GetObject", OBJECTS)) | unknown

    assert said(tmp_path, base, head) == DOUBTED
