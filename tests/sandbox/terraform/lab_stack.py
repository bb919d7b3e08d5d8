"""
A stack with every argument of every resource that the constructs make, and what becomes of it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sandbox_estates import NONPROD, PROD

if TYPE_CHECKING:
    from sandbox_estates import Json

IAM = f"arn:aws:iam::{NONPROD}"
READ_ONLY = "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly"
POWER_USER = "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPowerUser"


def _document(action: str, resource: str | None = "*", principal: Json | None = None) -> str:
    statement: Json = {"Sid": "A", "Effect": "Allow", "Action": action}
    if resource:
        statement["Resource"] = resource
    if principal:
        statement["Principal"] = principal
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _trust(service: str) -> str:
    return _document("sts:AssumeRole", None, {"Service": service})


def _of_account(action: str) -> str:
    return _document(action, None, {"AWS": f"arn:aws:iam::{PROD}:root"})


def _lifecycle(count: int) -> str:
    selection = {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": count}
    rule = {"rulePriority": 1, "selection": selection, "action": {"type": "expire"}}
    return json.dumps({"rules": [rule]})


def _registry(action: str) -> str:
    to = f"arn:aws:ecr:eu-central-1:{NONPROD}:repository/*"
    return _document(action, to, {"AWS": f"arn:aws:iam::{PROD}:root"})


def _replication(region: str) -> Json:
    destination = {"region": region, "registry_id": NONPROD}
    return {"replication_configuration": {"rule": [{"destination": [destination]}]}}


def _scanning(frequency: str) -> Json:
    filters = [{"filter": "*", "filter_type": "WILDCARD"}]
    return {
        "scan_type": "BASIC",
        "rule": [{"scan_frequency": frequency, "repository_filter": filters}],
    }


def _resources(role: Json, repository: Json, provider: Json, **kinds: Json) -> Json:
    found = {
        "aws_iam_role": {"name": "lab", "path": "/lab/", **role},
        "aws_ecr_repository": {"name": "lab", "force_delete": True, **repository},
        "aws_iam_openid_connect_provider": {"url": "https://issuer.example", **provider},
        **kinds,
    }
    return {kind: {"Lab": body} for kind, body in found.items()}


FIRST = _resources(
    {"assume_role_policy": _trust("ecs-tasks.amazonaws.com"), "tags": {"a": "1"}},
    {"tags": {"a": "1"}},
    {"client_id_list": ["a"], "thumbprint_list": ["a" * 40], "tags": {"a": "1"}},
    aws_iam_role_policy={
        "name": "lab",
        "role": "${aws_iam_role.Lab.name}",
        "policy": _document("ecr:PutImage"),
    },
    aws_iam_policy={"name": "lab", "policy": _document("ecr:PutImage"), "tags": {"a": "1"}},
    aws_iam_role_policy_attachment={
        "role": "${aws_iam_role.Lab.name}",
        "policy_arn": READ_ONLY,
    },
    aws_ecr_lifecycle_policy={
        "repository": "${aws_ecr_repository.Lab.name}",
        "policy": _lifecycle(10),
    },
    aws_ecr_repository_policy={
        "repository": "${aws_ecr_repository.Lab.name}",
        "policy": _of_account("ecr:BatchGetImage"),
    },
    aws_ecr_registry_policy={"policy": _registry("ecr:ReplicateImage")},
    aws_ecr_registry_scanning_configuration=_scanning("SCAN_ON_PUSH"),
    aws_ecr_replication_configuration=_replication("us-east-1"),
)
"""All of it, made new."""

SECOND = _resources(
    {
        "assume_role_policy": _trust("ecs.amazonaws.com"),
        "description": "Other words.",
        "max_session_duration": 7200,
        "permissions_boundary": READ_ONLY,
        "tags": {"b": "2"},
    },
    {
        "image_tag_mutability": "IMMUTABLE",
        "image_scanning_configuration": {"scan_on_push": True},
        "tags": {"b": "2"},
    },
    {"client_id_list": ["a"], "thumbprint_list": ["b" * 40], "tags": {"b": "2"}},
    aws_iam_role_policy={
        "name": "lab",
        "role": "${aws_iam_role.Lab.name}",
        "policy": _document("ecr:BatchGetImage"),
    },
    aws_iam_policy={"name": "lab", "policy": _document("ecr:BatchGetImage"), "tags": {"b": "2"}},
    aws_iam_role_policy_attachment={
        "role": "${aws_iam_role.Lab.name}",
        "policy_arn": POWER_USER,
    },
    aws_ecr_lifecycle_policy={
        "repository": "${aws_ecr_repository.Lab.name}",
        "policy": _lifecycle(20),
    },
    aws_ecr_repository_policy={
        "repository": "${aws_ecr_repository.Lab.name}",
        "policy": _of_account("ecr:GetDownloadUrlForLayer"),
    },
    aws_ecr_registry_policy={"policy": _registry("ecr:CreateRepository")},
    aws_ecr_registry_scanning_configuration=_scanning("MANUAL"),
    aws_ecr_replication_configuration=_replication("us-west-2"),
)
"""Every argument and every tag changed, but for audiences: moto has no call that changes them."""

THIRD = _resources(
    {"assume_role_policy": _trust("ecs.amazonaws.com")},
    {},
    {"client_id_list": ["a"], "thumbprint_list": ["b" * 40]},
    aws_iam_policy={"name": "lab", "policy": _document("ecr:BatchGetImage")},
)
"""What can be taken away is taken away."""

IMPORTED = {
    "aws_iam_role.Lab": "lab",
    "aws_ecr_repository.Lab": "lab",
    "aws_iam_openid_connect_provider.Lab": f"{IAM}:oidc-provider/issuer.example",
    "aws_iam_policy.Lab": f"{IAM}:policy/lab",
}
"""What is imported, with its id: https://developer.hashicorp.com/terraform/language/import."""
