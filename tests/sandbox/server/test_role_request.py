"""
The server refuses a role as IAM does, where moto would take it.
"""

from __future__ import annotations

import io
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from sandbox_estates import NONPROD

from sandbox.server.aws_session import sign_in
from sandbox.server.role_request import refuse_role

HOST = "token.actions.githubusercontent.com"
PROVIDER = f"arn:aws:iam::{NONPROD}:oidc-provider/{HOST}"
SUBJECT = {f"{HOST}:sub": "repo:acme/web:environment:prod"}
AUDIENCE = {f"{HOST}:aud": "sts.amazonaws.com"}
WORDS = (
    f"Trust policy with trusted principal {PROVIDER} must evaluate, using StringEquals, "
    f"StringLike or StringEqualsIgnoreCase, {HOST}:sub or {HOST}:job_workflow_ref which is not "
    "scoped to all."
)


def trust(**operators: Any) -> str:
    """
    Write a trust policy with some conditions.
    """
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": PROVIDER},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": operators,
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.mark.parametrize(
    "operators", [{"StringEquals": AUDIENCE}, {"StringLike": {f"{HOST}:sub": "*"}}]
)
def test_create_role(moto: str, operators: Any) -> None:
    """
    A role that lets tokens of every customer in is not made, and the answer is IAM's.
    """
    iam = sign_in(moto, NONPROD, "eu-central-1").client("iam")

    with pytest.raises(iam.exceptions.MalformedPolicyDocumentException) as caught:
        iam.create_role(RoleName="untested", AssumeRolePolicyDocument=trust(**operators))

    assert caught.value.response["Error"]["Message"] == WORDS
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.get_role(RoleName="untested")


def test_update_trust_policy(moto: str) -> None:
    """
    A role keeps its trust policy when the next one is refused.
    """
    iam = sign_in(moto, NONPROD, "eu-central-1").client("iam")
    good = trust(StringEquals={**AUDIENCE, **SUBJECT})
    iam.create_role(RoleName="tested", AssumeRolePolicyDocument=good)

    with pytest.raises(iam.exceptions.MalformedPolicyDocumentException, match="must evaluate"):
        iam.update_assume_role_policy(
            RoleName="tested", PolicyDocument=trust(StringEquals=AUDIENCE)
        )

    role = iam.get_role(RoleName="tested")["Role"]
    assert role["AssumeRolePolicyDocument"] == json.loads(good)


def request(form: bytes, content_type: str = "application/x-www-form-urlencoded") -> dict[str, Any]:
    """
    Make what the server hands over for a request.
    """
    return {
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(len(form)),
        "wsgi.input": io.BytesIO(form),
    }


BAD = {"Action": "CreateRole", "RoleName": "x", "AssumeRolePolicyDocument": trust()}


@pytest.mark.parametrize(
    ("form", "content_type"),
    [
        (urlencode({**BAD, "AssumeRolePolicyDocument": trust(StringEquals=SUBJECT)}).encode(), ""),
        (urlencode({**BAD, "AssumeRolePolicyDocument": "{"}).encode(), ""),
        (urlencode({**BAD, "AssumeRolePolicyDocument": "[" * 100_000}).encode(), ""),
        (urlencode({**BAD, "Action": "PutRolePolicy"}).encode(), ""),
        (urlencode({"Action": "CreateRole"}).encode(), ""),
        (b"\xff\xfe=%ff&Action=CreateRole", ""),
        (b"", ""),
        (urlencode(BAD).encode(), "application/x-amz-json-1.1"),
    ],
)
def test_what_is_passed_on(form: bytes, content_type: str) -> None:
    """
    Anything else goes on to moto, with its whole body.
    """
    environ = request(form, *([content_type] if content_type else []))

    assert refuse_role(environ) is None
    assert environ["wsgi.input"].read() == form


def test_a_request_that_is_refused() -> None:
    """
    The same request as a form is refused.
    """
    refused = refuse_role(request(urlencode(BAD).encode()))

    assert refused
    assert (refused.status_code, WORDS in refused.get_data(as_text=True)) == (400, True)
