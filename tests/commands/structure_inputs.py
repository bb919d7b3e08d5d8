"""One real input of each kind that a command reads, and the commands that read it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

Json = dict[str, Any]

TESTS = Path(__file__).parents[1]
STACK = TESTS / "stacks" / "__snapshots__" / "test_stacks" / "test_stack[web-prod].json"
PLAN = Path(__file__).parent / "inputs" / "import.plan.json"

ACCOUNT = "111122223333"
HOST = "token.actions.githubusercontent.com"
PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{HOST}"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/web-deploy"
MAIN = "repo:acme/web:ref:refs/heads/main"

TRUST: Json = {
    "Version": "2012-10-17",
    "Id": "trust",
    "Statement": [
        {
            "Sid": "Main",
            "Effect": "Allow",
            "Principal": {"Federated": PROVIDER},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {
                "StringEquals": {f"{HOST}:aud": "sts.amazonaws.com"},
                "StringLike": {f"{HOST}:sub": [MAIN, "repo:acme/web:environment:*"]},
            },
        },
        {
            "Effect": "Deny",
            "Principal": {"AWS": ["*"]},
            "Action": ["sts:*"],
            "Condition": {
                "ForAnyValue:StringNotEqualsIfExists": {f"{HOST}:repository_owner": "acme"},
                "ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/*"},
                "Bool": {"aws:SecureTransport": "false"},
                "DateLessThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"},
                "IpAddress": {"aws:SourceIp": "10.0.0.0/8"},
                "Null": {f"{HOST}:ref": "true"},
                "NumericLessThan": {"aws:MultiFactorAuthAge": "3600"},
            },
        },
    ],
}
PERMISSIONS: Json = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": ["ecr:PutImage", "iam:PassRole", "s3:*"],
            "Resource": [f"arn:aws:ecr:eu-central-1:{ACCOUNT}:repository/web", "*"],
            "Condition": {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
        },
        {"Effect": "Deny", "NotAction": "ecr:*", "NotResource": "arn:aws:s3:::web/${aws:userid}"},
    ],
}
INLINE: Json = {"PolicyName": "p", "PolicyDocument": PERMISSIONS}
ROLE_DETAIL: Json = {
    "RoleName": "web-deploy",
    "RoleId": "AROA",
    "Arn": ROLE,
    "Path": "/",
    "CreateDate": "2026-11-20T10:00:00+00:00",
    "AssumeRolePolicyDocument": TRUST,
    "MaxSessionDuration": 3600,
    "PermissionsBoundary": {
        "PermissionsBoundaryType": "Policy",
        "PermissionsBoundaryArn": "arn:aws:iam::aws:policy/ReadOnlyAccess",
    },
    "RolePolicyList": [INLINE],
    "AttachedManagedPolicies": [
        {"PolicyName": "web", "PolicyArn": f"arn:aws:iam::{ACCOUNT}:policy/web"}
    ],
    "Tags": [{"Key": "a", "Value": "b"}],
}
MANAGED: Json = {
    "PolicyName": "web",
    "Arn": f"arn:aws:iam::{ACCOUNT}:policy/web",
    "Path": "/",
    "DefaultVersionId": "v1",
    "PolicyVersionList": [{"VersionId": "v1", "IsDefaultVersion": True, "Document": PERMISSIONS}],
}
EVENT: Json = {
    "eventVersion": "1.11",
    "eventTime": "2026-11-20T10:00:00Z",
    "eventID": "e-1",
    "eventName": "AssumeRoleWithWebIdentity",
    "eventSource": "sts.amazonaws.com",
    "awsRegion": "eu-central-1",
    "recipientAccountId": ACCOUNT,
    "userIdentity": {
        "type": "WebIdentityUser",
        "principalId": f"{PROVIDER}:sts.amazonaws.com:{MAIN}",
        "userName": MAIN,
        "identityProvider": PROVIDER,
    },
    "errorCode": "AccessDenied",
    "errorMessage": "An unknown error occurred",
    "requestParameters": {
        "roleArn": ROLE,
        "roleSessionName": "GitHubActions",
        "durationSeconds": 3600,
    },
    "responseElements": {"subjectFromWebIdentityToken": MAIN, "audience": "sts.amazonaws.com"},
    "resources": [{"ARN": ROLE, "type": "AWS::IAM::Role", "accountId": ACCOUNT}],
}
TOKEN: Json = {
    "iss": f"https://{HOST}",
    "sub": MAIN,
    "aud": ["sts.amazonaws.com", "x"],
    "ref": "refs/heads/main",
    "environment": "prod",
    "repository": "acme/web",
    "repository_id": "2",
    "repository_owner": "acme",
    "repository_owner_id": "1",
    "job_workflow_ref": "acme/web/.github/workflows/deploy.yml@refs/heads/main",
    "exp": 1,
}
MANIFEST: Json = {
    "version": "0.21.0",
    "stacks": {
        "account-web": {
            "name": "account-web",
            "constructPath": "account-web",
            "synthesizedStackPath": "stacks/account-web/cdk.tf.json",
            "workingDirectory": "stacks/account-web",
            "annotations": [],
            "dependencies": ["base"],
        },
        "base": {"synthesizedStackPath": "stacks/account-web/cdk.tf.json", "dependencies": []},
    },
}
_RUN = ("--repo", "acme/web", "--branch", "main", "--owner-id", "1", "--repo-id", "2")
_READING = (
    ("audit", "IN"),
    ("audit", "IN", "--format", "sarif"),
    ("explain", "--policy", "IN", *_RUN),
    ("review", "none", "IN", "--format", "markdown"),
    ("review", "SAME", "IN", "--format", "json"),
    ("review", "IN", "SAME"),
)
_OF_FOLDERS = (
    ("bootstrap", "web", "--out", "OUT", "--write", "WRITTEN", "--force"),
    ("guard", "OUT"),
    ("waves", "none", "OUT"),
    ("waves", "OUT", "none"),
    ("workflow", "--out", "OUT"),
)


class Input(NamedTuple):
    """
    A real input.

    Attributes:
        document: What it holds.
        commands: What reads it. `IN` is the file, `SAME` the file as it was, `POLICY` a role of
            AWS's command line, `OUT` a folder whose stack or manifest is the file, `WRITTEN` a
            folder to write to.
    """

    document: Json
    commands: tuple[tuple[str, ...], ...]


def read_stack() -> Json:
    """Read a stack of `environments.toml`, with its policies as the texts that CDKTF writes."""
    document: Json = json.loads(STACK.read_text("utf-8"))
    for resources in document["resource"].values():
        for body in resources.values():
            for key in {"assume_role_policy", "policy"} & body.keys():
                body[key] = json.dumps(body[key])
    return document


INPUTS: dict[str, Input] = {
    "stack": Input(read_stack(), (*_READING, *_OF_FOLDERS)),
    "plan": Input(
        json.loads(PLAN.read_text("utf-8")),
        (("audit", "IN"), ("review", "--plan", "IN"), ("review", "SAME", "IN")),
    ),
    "get-role": Input({"Role": ROLE_DETAIL}, _READING),
    "list-roles": Input({"Roles": [ROLE_DETAIL]}, _READING),
    "get-role-policy": Input({"RoleName": "web-deploy", **INLINE}, _READING),
    "account": Input({"RoleDetailList": [ROLE_DETAIL], "Policies": [MANAGED]}, _READING),
    "trust policy": Input(TRUST, _READING),
    "event": Input({"Records": [EVENT]}, (("explain", "--event", "IN", "--policy", "POLICY"),)),
    "lookup-events": Input(
        {"Events": [{"EventId": "e-1", "CloudTrailEvent": json.dumps(EVENT)}]},
        (("explain", "--event", "IN", "--policy", "POLICY"),),
    ),
    "token": Input(TOKEN, (("explain", "--token", "IN", "--policy", "POLICY"),)),
    "manifest": Input(MANIFEST, (("audit", "OUT"), ("review", "none", "OUT"), *_OF_FOLDERS)),
}
