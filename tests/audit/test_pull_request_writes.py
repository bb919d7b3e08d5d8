"""What counts as writing for a role that trusts pull requests."""

from __future__ import annotations

import pytest
from audit_policies import PULL_REQUEST, allow, conditions, estate, rules, trust

TRUST = trust(StringEquals=conditions(sub=PULL_REQUEST))
WRITES = [
    "codebuild:StartBuild",
    "ecr:PutImage",
    "ecs:UpdateService",
    "kms:GenerateMac",
    "kms:Sign",
    "lambda:InvokeFunction",
    "rds-db:connect",
    "s3:PutObject",
    "ssm:StartSession",
    "sts:AssumeRole",
    "athena:StartQueryExecution",
    "kms:*",
    "s3:Put*",
    "unheard:Change",
]
READS = [
    "cloudtrail:StartQuery",
    "dynamodb:PartiQLSelect",
    "ecr:BatchGetImage",
    "ecr:GetAuthorizationToken",
    "ecs:DescribeServices",
    "kms:Decrypt",
    "kms:decrypt",
    "kms:*crypt*",
    "kms:GenerateDataKey*",
    "kms:Verify",
    "logs:FilterLogEvents",
    "logs:GetQueryResults",
    "logs:StartQuery",
    "logs:StartLiveTail",
    "secretsmanager:GetSecretValue",
    "ssm:GetParameter*",
    "sts:DecodeAuthorizationMessage",
    "sts:GetCallerIdentity",
]


def found(action: str) -> bool:
    """Whether the role of a pull request may not have an action."""
    resource = "arn:aws:x:eu-central-1:111122223333:x/x"
    return "pull-request-write" in rules(estate(trusting=TRUST, allowing=allow(action, resource)))


@pytest.mark.parametrize("action", WRITES)
def test_writing(action: str) -> None:
    """What changes something, or makes what others trust, is writing; what is not listed may be."""
    assert found(action)


@pytest.mark.parametrize("action", READS)
def test_reading(action: str) -> None:
    """Of what only answers nothing comes but the answer, whatever AWS calls it."""
    assert not found(action)
