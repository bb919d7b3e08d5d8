"""Permissions, and what stands beside a role, and the rules that fire on each."""

from __future__ import annotations

import json
from typing import Any

from audit_policies import ACCOUNT, ARN, AUD, HOST, Json, allow

OTHER = "444455556666"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/task"
TO_TASKS: Json = {"iam:PassedToService": "ecs-tasks.amazonaws.com"}
IMAGE = f"arn:aws:ecr:eu-central-1:{ACCOUNT}:repository/web"
CLUSTER = f"arn:aws:ecs:eu-central-1:{ACCOUNT}:cluster/prod"
SERVICE = f"arn:aws:ecs:eu-central-1:{ACCOUNT}:service"
PUSH = allow("ecr:PutImage", IMAGE)
AWS = "arn:aws:iam::aws:policy"


BAD_PERMISSIONS: list[tuple[str, Any, list[str]]] = [
    ("pass any role", allow("iam:PassRole", "*", StringEquals=TO_TASKS), ["pass-role-star"]),
    (
        "pass roles by pattern",
        allow("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/*", StringEquals=TO_TASKS),
        ["pass-role-star"],
    ),
    (
        "pass roles of a name",
        allow("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/web-*", StringEquals=TO_TASKS),
        ["pass-role-star"],
    ),
    ("write to all buckets", allow("s3:PutObject", "arn:aws:s3:::*/*"), ["resource-star"]),
    ("pass to any service", allow("iam:PassRole", ROLE), ["pass-role-service"]),
    (
        "pass to a service if said",
        allow("iam:PassRole", ROLE, StringEqualsIfExists=TO_TASKS),
        ["pass-role-service"],
    ),
    (
        "pass to services of no value",
        allow("iam:PassRole", ROLE, **{"ForAllValues:StringEquals": TO_TASKS}),
        ["pass-role-service"],
    ),
    ("everything", allow("*"), ["service-wildcard"]),
    ("all of ECS", allow("ecs:*"), ["service-wildcard"]),
    ("all of ECR on one", allow("ecr:*", IMAGE), ["service-wildcard"]),
    ("all of IAM", allow("iam:*"), ["permissions-management"]),
    ("attach policies", allow("iam:AttachRolePolicy", ROLE), ["permissions-management"]),
    ("let others in", allow("ecr:SetRepositoryPolicy", IMAGE), ["permissions-management"]),
    ("push to all", allow(["ecr:GetAuthorizationToken", "ecr:PutImage"]), ["resource-star"]),
    ("push by pattern", allow("ecr:PutImage*"), ["resource-star"]),
    ("put in all", allow("ecr:Put*"),
        ["far-reaching", "permissions-management", "resource-star"]),
    ("a shell on every machine", allow("ssm:StartSession"), ["far-reaching"]),
    ("open by pattern", allow("ecr:Set*", IMAGE), ["permissions-management"]),
    ("open in small letters", allow("kinesis:putresourcepolicy"), ["permissions-management"]),
    ("update all services", allow("ecs:UpdateService", f"{SERVICE}/*"), ["resource-star"]),
    ("not on one", {"Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "Action": "ecr:PutImage", "NotResource": IMAGE}}, ["resource-star"]),
    ("become any role", allow("sts:AssumeRole"), ["assume-onwards"]),
    ("become one role", allow("sts:AssumeRole", ROLE), ["assume-onwards"]),
    ("all of STS", allow("sts:*", ROLE), ["assume-onwards"]),
    ("all but", {"Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}}, ["not-action"]),
    ("commands in containers", allow("ecs:ExecuteCommand", CLUSTER), ["ecs-exec"]),
    ("machines", allow("ecs:RegisterContainerInstance", CLUSTER),
        ["cluster-host"]),
    ("service without cluster", allow("ecs:UpdateService", f"{SERVICE}/web"), ["no-cluster"]),
]  # fmt: skip
GOOD_PERMISSIONS: list[tuple[str, Any]] = [
    ("log in", allow("ecr:GetAuthorizationToken")),
    ("register", allow(["ecs:RegisterTaskDefinition", "ecs:DescribeTaskDefinition"])),
    ("push", PUSH),
    ("put in one", allow("ecr:Put*", IMAGE)),
    ("pass to any of", allow("iam:PassRole", ROLE, **{"ForAnyValue:StringEquals": TO_TASKS})),
    ("read by another name", allow("glue:Get*")),
    ("update", allow("ecs:UpdateService", f"{SERVICE}/prod/web")),
    ("pass", allow("iam:PassRole", ROLE, StringEquals=TO_TASKS)),
    ("pass, as a pattern", allow("iam:PassRole", ROLE, StringLike=TO_TASKS)),
    ("write to one bucket", allow("s3:PutObject", "arn:aws:s3:::bucket/*")),
    ("first service of its kind", allow("iam:CreateServiceLinkedRole", ROLE)),
    ("who am I", allow("sts:GetCallerIdentity")),
    ("read IAM", allow("iam:GetRole", ROLE)),
    ("tasks of a cluster", allow("ecs:DescribeTasks", "*", ArnEquals={"ecs:cluster": "x"})),
    ("denied", {"Version": "2012-10-17", "Statement": {
        "Effect": "Deny", "Action": "iam:*", "Resource": "*"}}),
]  # fmt: skip


def repository(**changed: Any) -> Json:
    """Make a good repository without a lifecycle, with what is *changed*; None leaves it out."""
    good: Json = {
        "name": "web",
        "image_tag_mutability": "IMMUTABLE",
        "image_scanning_configuration": [{"scan_on_push": True}],
    }
    body = {key: value for key, value in (good | changed).items() if value is not None}
    return {"aws_ecr_repository": {"I": body}}


def all_but(principal: Json) -> Json:
    """Make a repository with a policy for everybody but *principal*."""
    return repository_policy(principal, "NotPrincipal")


def repository_policy(principal: Any, element: str = "Principal", /, **condition: Json) -> Json:
    """Make the policy of a repository, for *principal* or for all but it."""
    statement: Json = {"Effect": "Allow", element: principal, "Action": "ecr:BatchGetImage"}
    if condition:
        statement["Condition"] = condition
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    return {
        "aws_ecr_repository_policy": {"P": {"repository": "else", "policy": str_of(policy)}},
    }


def str_of(policy: Json) -> str:
    """Write a document as Terraform has it."""
    return json.dumps(policy)


def lifecycle(status: str, count: str) -> Json:
    """Make a lifecycle policy with one rule."""
    selection = {"tagStatus": status, "countType": count, "countNumber": 3}
    policy = {"rules": [{"rulePriority": 1, "selection": selection, "action": {"type": "expire"}}]}
    return {"aws_ecr_lifecycle_policy": {"L": {"repository": "else", "policy": str_of(policy)}}}


def provider(url: str, *audiences: str) -> Json:
    """Make an OIDC provider."""
    body = {"url": f"https://{url}", "client_id_list": list(audiences)}
    return {"aws_iam_openid_connect_provider": {"G": body}}


BAD_RESOURCES: list[tuple[str, Json, list[str]]] = [
    ("open to all", repository_policy("*"), ["open-repository"]),
    ("open to AWS", repository_policy({"AWS": "*"}), ["open-repository"]),
    (
        "a session",
        repository_policy({"AWS": f"arn:aws:sts::{ACCOUNT}:assumed-role/web/GitHubActions"}),
        ["session-principal"],
    ),
    ("a provider", repository_policy({"Federated": ARN}), ["session-principal"]),
    ("any image expires", lifecycle("any", "imageCountMoreThan"), ["expires-tagged"]),
    ("tagged by age", lifecycle("tagged", "sinceImagePushed"), ["expires-tagged"]),
    ("never expires", repository(), ["no-lifecycle"]),
    (
        "tags that move",
        repository(image_tag_mutability="MUTABLE"),
        ["mutable-tags", "no-lifecycle"],
    ),
    ("tags of no kind", repository(image_tag_mutability=None), ["mutable-tags", "no-lifecycle"]),
    ("not scanned", repository(image_scanning_configuration=None), ["no-lifecycle", "no-scan"]),
    (
        "scanned on demand",
        repository(image_scanning_configuration={"scan_on_push": False}),
        ["no-lifecycle", "no-scan"],
    ),
    (
        "all accounts but one",
        all_but({"AWS": f"arn:aws:iam::{OTHER}:root"}),
        ["not-principal"],
    ),
    ("audience unknown", provider(HOST, "https://github.com/acme"), ["wrong-aud"]),
    ("provider of 2021", provider(f"vs{HOST}", AUD), ["retired-issuer"]),
    (
        "attached to an ARN",
        {"aws_iam_role_policy_attachment": {"A": {"role": ROLE, "policy_arn": f"{AWS}/ReadOnly"}}},
        ["role-arn"],
    ),
]
GOOD_RESOURCES: list[tuple[str, Json]] = [
    (
        "tags nobody knows",
        {
            **repository(name="else", image_tag_mutability="${var.x}"),
            **lifecycle("untagged", "sinceImagePushed"),
        },
    ),
    ("an account", repository_policy({"AWS": f"arn:aws:iam::{OTHER}:root"})),
    (
        "an organization",
        repository_policy("*", StringEquals={"aws:PrincipalOrgID": "o-1"}),
    ),
    ("untagged", lifecycle("untagged", "sinceImagePushed")),
    ("audience known", provider(HOST, AUD)),
]
