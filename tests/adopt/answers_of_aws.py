"""Answers of the AWS CLI for tests, in the shape in which it prints them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

ACCOUNT = "111122223333"
GITHUB = "token.actions.githubusercontent.com"
RETIRED = f"vs{GITHUB}"
REGION = "eu-central-1"
PUSH = [
    "ecr:BatchCheckLayerAvailability",
    "ecr:CompleteLayerUpload",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
]

Json = dict[str, Any]


def provider_arn(host: str = GITHUB, account: str = ACCOUNT) -> str:
    """Name an OIDC provider."""
    return f"arn:aws:iam::{account}:oidc-provider/{host}"


def policy(*statements: Json) -> Json:
    """Write a policy document."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(actions: str | list[str], resources: str | list[str] = "*", **more: Any) -> Json:
    """Write a statement."""
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


def trust(
    *subjects: str, host: str = GITHUB, operator: str = "StringLike", aud: bool = True
) -> Json:
    """Write a trust policy for tokens of an issuer."""
    conditions: Json = {operator: {f"{host}:sub": list(subjects)}}
    if aud:
        conditions.setdefault("StringEquals", {})[f"{host}:aud"] = "sts.amazonaws.com"
    return policy(
        {
            "Effect": "Allow",
            "Principal": {"Federated": provider_arn(host)},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": conditions,
        }
    )


def role(
    name: str, trusted: Json, *, inline: Json | None = None, attached: Any = (), **more: Any
) -> Json:
    """Write a role of `get-account-authorization-details`."""
    return {
        "Path": "/",
        "RoleName": name,
        "Arn": f"arn:aws:iam::{ACCOUNT}:role/{name}",
        "AssumeRolePolicyDocument": trusted,
        "RolePolicyList": [
            {"PolicyName": key, "PolicyDocument": document}
            for key, document in (inline or {}).items()
        ],
        "AttachedManagedPolicies": [
            {"PolicyName": arn.rpartition("/")[2], "PolicyArn": arn} for arn in attached
        ],
        "Tags": [],
        "MaxSessionDuration": 3600,
        "Description": "",
        **more,
    }


def managed(name: str, document: Json, **more: Any) -> Json:
    """Write a managed policy of the same answer."""
    return {
        "PolicyName": name,
        "Arn": f"arn:aws:iam::{ACCOUNT}:policy/{name}",
        "Path": "/",
        "DefaultVersionId": "v1",
        "PolicyVersionList": [{"VersionId": "v1", "IsDefaultVersion": True, "Document": document}],
        **more,
    }


def repository(name: str, **more: Any) -> Json:
    """Write a repository of `describe-repositories`."""
    return {
        "repositoryArn": repository_arn(name),
        "registryId": ACCOUNT,
        "repositoryName": name,
        "imageTagMutability": "MUTABLE",
        "imageScanningConfiguration": {"scanOnPush": False},
        "encryptionConfiguration": {"encryptionType": "AES256"},
        **more,
    }


def repository_arn(name: str) -> str:
    """Name a repository of images."""
    return f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/{name}"


def pushes(name: str) -> Json:
    """Write the policy with which people push to a repository."""
    return policy(allow("ecr:GetAuthorizationToken"), allow(PUSH, repository_arn(name)))


def save(folder: Path, **answers: Json) -> Path:
    """Write each answer into a file of a folder."""
    place = folder / "account"
    place.mkdir(exist_ok=True)
    for name, answer in answers.items():
        (place / f"{name}.json").write_text(json.dumps(answer), "utf-8")
    return place


def account(
    folder: Path,
    roles: list[Json],
    *,
    policies: list[Json] | None = None,
    repositories: list[Json] | None = None,
    providers: tuple[str, ...] = (GITHUB,),
    **more: Json,
) -> Path:
    """Write the answers of an account with these roles."""
    described = {
        f"provider{index}": {
            "Url": host,
            "ClientIDList": ["sts.amazonaws.com"],
            "ThumbprintList": ["6938fd4d98bab03faadb97b34396831e3780aea1"],
            "CreateDate": "2023-01-01T00:00:00+00:00",
        }
        for index, host in enumerate(providers)
    }
    return save(
        folder,
        authorization={
            "UserDetailList": [],
            "GroupDetailList": [],
            "RoleDetailList": roles,
            "Policies": policies or [],
        },
        providers={"OpenIDConnectProviderList": [{"Arn": provider_arn(one)} for one in providers]},
        repositories={"repositories": repositories or []},
        **described,
        **more,
    )
