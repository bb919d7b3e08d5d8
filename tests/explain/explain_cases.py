"""Runs and trust policies by hand, and what is said about them."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from raw_estate import read_raw_estate

from deploy_access.explain.decide import explain_run
from deploy_access.github.run import Run
from deploy_access.github.trail import Trail, read_trail

if TYPE_CHECKING:
    from deploy_access.explain.finding import Explanation, RoleAnswer
    from deploy_access.terraform.estate import Estate

ACCOUNT = "111122223333"
HOST = "token.actions.githubusercontent.com"
PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{HOST}"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/web-deploy"
MAIN = "repo:acme/web:ref:refs/heads/main"
AUDIENCE = {f"{HOST}:aud": "sts.amazonaws.com"}

Json = dict[str, Any]


def statement(**changes: object) -> Json:
    """Write a statement that lets MAIN in, with *changes*."""
    return {
        "Effect": "Allow",
        "Principal": {"Federated": PROVIDER},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {**AUDIENCE, f"{HOST}:sub": MAIN}},
    } | changes


def policy(*statements: Json) -> Json:
    """Write a policy of *statements*."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def trusting(*values: str, operator: str = "StringEquals") -> Json:
    """Write a policy that compares `sub` with *values*."""
    return conditioned({operator: {f"{HOST}:sub": list(values)}})


def conditioned(condition: Json) -> Json:
    """Write a policy of one statement with that condition."""
    return policy(statement(Condition=condition))


def role_answer(trust: Json, name: str = "web-deploy", **more: object) -> Json:
    """Write what `aws iam get-role` prints."""
    arn = f"arn:aws:iam::{ACCOUNT}:role/{name}"
    role = {"RoleName": name, "Arn": arn, "Path": "/", "AssumeRolePolicyDocument": trust}
    return {"Role": role | more}


def estate_of(content: Json) -> Estate:
    """Read a file."""
    return read_raw_estate(json.dumps(content).encode(), "role.json")


def run_of(subject: str = MAIN, **more: Any) -> Run:
    """Make a run with that `sub`."""
    known: Json = {"name": "run", "subject": subject, "audience": "sts.amazonaws.com"}
    return Run(**known | more)


def explain(run: Run, trust: Json) -> RoleAnswer:
    """Explain one run against one role."""
    return explain_all(run, role_answer(trust)).findings[0]


def explain_all(run: Run, content: Json) -> Explanation:
    """Explain one run against a file."""
    return explain_run(run, estate_of(content))


def event(**changes: object) -> Json:
    """Write a CloudTrail event in which MAIN is refused, with *changes*."""
    return {
        "eventTime": "2026-11-20T10:00:00Z",
        "eventID": "e-1",
        "eventName": "AssumeRoleWithWebIdentity",
        "userIdentity": {
            "type": "WebIdentityUser",
            "principalId": f"{PROVIDER}:sts.amazonaws.com:{MAIN}",
            "userName": MAIN,
            "identityProvider": PROVIDER,
        },
        "errorCode": "AccessDenied",
        "requestParameters": {"roleArn": ROLE, "roleSessionName": "GitHubActions"},
        "responseElements": None,
    } | changes


def trail_of(raw: bytes) -> Trail:
    """Read a log by itself."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "event.json")
        path.write_bytes(raw)
        return read_trail([os.fspath(path)])
