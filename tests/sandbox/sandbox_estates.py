"""
Small estates in the layout of `cdktf.out`, for tests that need no app, and a hostile environment.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

Json = dict[str, Any]

NONPROD = "111122223333"
PROD = "444455556666"
ISSUER = "token.actions.githubusercontent.com"
REQUIRED = {"aws": {"source": "aws", "version": ">= 5.100.0, < 7.0.0"}}


# Each of these has sent a run to the real AWS, or changed what it does, when it was inherited.
HOSTILE = {
    "AWS_ENDPOINT_URL": "https://example.invalid",
    "AWS_ENDPOINT_URL_STS": "https://sts.amazonaws.com",
    "AWS_ENDPOINT_URL_IAM": "https://iam.amazonaws.com",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "True",
    "AWS_PROFILE": "production",
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "hostile",
    "AWS_SESSION_TOKEN": "hostile",
    "AWS_REGION": "ap-south-2",
    "AWS_CA_BUNDLE": "/does/not/exist.pem",
    "AWS_CONFIG_FILE": "/does/not/exist",
    "AWS_ROLE_ARN": "arn:aws:iam::999999999999:role/production",
    "AWS_WEB_IDENTITY_TOKEN_FILE": "/does/not/exist",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:1/hostile",
    "TF_CLI_ARGS": "-hostile",
    "TF_CLI_ARGS_apply": "-destroy",
    "TF_CLI_CONFIG_FILE": "/does/not/exist.terraformrc",
    "TF_DATA_DIR": "/does/not/exist",
    "TF_WORKSPACE": "hostile",
    "TF_VAR_region": "hostile",
    "TF_REATTACH_PROVIDERS": "{}",
    "HTTP_PROXY": "http://127.0.0.1:1",
    "HTTPS_PROXY": "http://127.0.0.1:1",
    "http_proxy": "http://127.0.0.1:1",
    "https_proxy": "http://127.0.0.1:1",
}


def stack(
    name: str,
    *,
    account: str = NONPROD,
    provider: Json | None = None,
    backend: Json | None = None,
    **top_level: Any,
) -> Json:
    """
    Return a stack of one account; *provider* and *top_level* come on top.
    """
    configuration = {
        "region": "eu-central-1",
        "allowed_account_ids": [account],
        **(provider or {}),
    }
    terraform = {
        "backend": backend or {"local": {"path": f"../../../terraform.{name}.tfstate"}},
        "required_providers": REQUIRED,
    }
    return {
        "//": {"metadata": {"stackName": name}},
        "terraform": terraform,
        "provider": {"aws": [configuration]},
        **top_level,
    }


def trust_policy(account: str, *subjects: str, operator: str = "StringEquals") -> str:
    """
    Return a trust policy for subjects of github.com.
    """
    subject = {operator: {f"{ISSUER}:sub": list(subjects)}}
    audience = {f"{ISSUER}:aud": "sts.amazonaws.com"}
    condition = {**subject, "StringEquals": {**audience, **subject.get("StringEquals", {})}}
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": {"Federated": f"arn:aws:iam::{account}:oidc-provider/{ISSUER}"},
        "Condition": condition,
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def role(name: str, account: str = NONPROD, **arguments: Any) -> Json:
    """
    Return the resource block of one role, called `Role`, that trusts one branch.
    """
    policy = trust_policy(account, "repo:acme/web:ref:refs/heads/main")
    return {"aws_iam_role": {"Role": {"name": name, "assume_role_policy": policy, **arguments}}}


def write_out(folder: Path, stacks: dict[str, Json], **dependencies: list[str]) -> Path:
    """
    Write the stacks and their manifest, as cdktf does, and return the folder.
    """
    entries: Json = {}
    for name, document in stacks.items():
        path = f"stacks/{name}/cdk.tf.json"
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(json.dumps(document), encoding="utf-8")
        needs = dependencies.get(name.replace("-", "_"), [])
        entries[name] = {
            "name": name,
            "constructPath": name,
            "synthesizedStackPath": path,
            "workingDirectory": f"stacks/{name}",
            "annotations": [],
            "dependencies": needs,
        }
    (folder / "manifest.json").write_text(json.dumps({"stacks": entries}), encoding="utf-8")
    return folder
