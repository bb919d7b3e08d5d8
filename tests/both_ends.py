"""A role and the workflows that ask for it, as files, for the tests of both ends."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from deploy_access.commands.both_ends import WorkflowOptions, audit_both
from deploy_access.terraform.reader import read_estate

if TYPE_CHECKING:
    from pathlib import Path

    from deploy_access.audit.report_model import Audit

ACCOUNT = "111122223333"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/web"
REPO = "acme@1/web@2"
MAIN = f"repo:{REPO}:ref:refs/heads/main"
HOST = "token.actions.githubusercontent.com"
SIGN_IN = f"""
      - uses: aws-actions/configure-aws-credentials@v6
        with: {{role-to-assume: {ROLE}, aws-region: eu-central-1}}
"""
PUSH = {"Action": "ecr:PutImage", "Resource": f"arn:aws:ecr:eu-central-1:{ACCOUNT}:repository/web"}
READ = {"Action": "ecr:DescribeImages", "Resource": PUSH["Resource"]}


def role_file(folder: Path, sub: str | list[str], allows: dict[str, Any], seconds: int) -> Path:
    """Write what `aws iam get-account-authorization-details` prints of one role."""
    trust = {
        "Effect": "Allow",
        "Principal": {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{HOST}"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {f"{HOST}:aud": "sts.amazonaws.com", f"{HOST}:sub": sub}},
    }
    own = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **allows}]}
    role = {
        "Path": "/",
        "RoleName": "web",
        "Arn": ROLE,
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
        "MaxSessionDuration": seconds,
        "RolePolicyList": [{"PolicyName": "own", "PolicyDocument": own}],
        "AttachedManagedPolicies": [],
    }
    file = folder / "roles.json"
    file.write_text(json.dumps({"RoleDetailList": [role], "Policies": []}), "utf-8")
    return file


def flow(
    steps: str = SIGN_IN,
    *,
    on: str = "{push: {branches: [main]}}",
    job: str = "",
    permissions: str = "{id-token: write, contents: read}",
) -> str:
    """Write a workflow of one job."""
    asked = f"permissions: {permissions}\n" if permissions else ""
    more = f"    {job}\n" if job else ""
    return f"on: {on}\n{asked}jobs:\n  deploy:\n    runs-on: ubuntu-24.04\n{more}    steps:{steps}"


def joined(
    folder: Path,
    text: str | dict[str, str],
    *,
    sub: str | list[str] = MAIN,
    allows: dict[str, Any] | None = None,
    seconds: int = 3600,
    variables: dict[str, str] | None = None,
    repo: str | None = "acme/web",
) -> Audit:
    """Audit workflows with the role; *text* is one, or each file of the checkout by its path."""
    files = {".github/workflows/deploy.yml": text} if isinstance(text, str) else text
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content, "utf-8")
    options = WorkflowOptions(
        paths=(folder / ".github/workflows",),
        repo=repo,
        owner_id=1 if repo else None,
        repo_id=2 if repo else None,
        variables=variables or {},
    )
    return audit_both(read_estate(role_file(folder, sub, allows or PUSH, seconds)), {}, options)
