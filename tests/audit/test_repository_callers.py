"""Who may use a repository by a policy for everybody: its conditions decide."""

from __future__ import annotations

import json
from typing import Any

import pytest
from audit_policies import ACCOUNT, Json, estate

OPEN, PLACE, CLOSED = ["error"], ["warning"], list[str]()
EQUALS = "StringEquals"


def severities(principal: Any, condition: Json, **more: Any) -> list[str]:
    """Return how severe `open-repository` is for a policy with a condition."""
    statement = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": "ecr:BatchGetImage",
        "Condition": condition,
        **more,
    }
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    made = {"aws_ecr_repository_policy": {"P": {"repository": "web", "policy": json.dumps(policy)}}}
    found = [one.finding for one in estate(made).findings]
    return [one.severity for one in found if one.rule == "open-repository"]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({EQUALS: {"aws:PrincipalOrgID": "o-1"}}, CLOSED),
        ({"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-1/r-1/*"}}, CLOSED),
        ({EQUALS: {"aws:PrincipalAccount": ACCOUNT}}, CLOSED),
        ({"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/web-*"}}, CLOSED),
        ({EQUALS: {"aws:SourceAccount": ACCOUNT}}, CLOSED),
        ({"ArnLike": {"aws:SourceArn": f"arn:aws:lambda:*:{ACCOUNT}:function:*"}}, CLOSED),
        ({EQUALS: {"AWS:principalorgid": "o-1"}}, CLOSED),
        ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/web"}}, OPEN),
        ({"StringLike": {"aws:PrincipalArn": "*:role/web"}}, OPEN),
        ({EQUALS: {"aws:PrincipalType": "AssumedRole"}}, OPEN),
        ({EQUALS: {"aws:PrincipalTag/team": "web"}}, OPEN),
        ({EQUALS: {"aws:PrincipalIsAWSService": "false"}}, OPEN),
        ({"Bool": {"aws:PrincipalIsAWSService": "false"}}, OPEN),
        ({EQUALS: {"aws:PrincipalServiceName": "lambda.amazonaws.com"}}, OPEN),
        ({"StringLike": {"aws:PrincipalOrgID": "*"}}, OPEN),
        ({"StringLike": {"aws:PrincipalOrgID": "o-*"}}, OPEN),
        ({EQUALS: {"aws:PrincipalOrgID": "${aws:PrincipalOrgID}"}}, OPEN),
        ({"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}}, OPEN),
        ({"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-1"}}, OPEN),
        ({"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}, OPEN),
        ({"Null": {"aws:PrincipalOrgID": "false"}}, OPEN),
        ({EQUALS: {"aws:SourceVpce": "vpce-1"}}, PLACE),
        ({"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}, PLACE),
        ({"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}, OPEN),
        ({"StringEquals": {"aws:SourceVpce": "vpce-1", "aws:PrincipalOrgID": "o-1"}}, CLOSED),
        ({}, OPEN),
    ],
    ids=str,
)
@pytest.mark.parametrize("principal", ["*", {"AWS": "*"}], ids=["text", "AWS"])
def test_who_may_use_it(principal: Any, condition: Json, expected: list[str]) -> None:
    """A condition bounds it where it says whose the caller is; a network alone is a warning."""
    assert severities(principal, condition) == expected


def test_an_account_is_not_everybody() -> None:
    """A principal that is named needs no condition."""
    assert severities({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, {}) == []
