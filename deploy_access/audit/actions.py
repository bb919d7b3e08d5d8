"""
Actions of AWS: which of them read, which take a resource, which give permissions.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from functools import lru_cache

# What a deploy has no business doing on every resource: the action takes one.
WITH_RESOURCE = frozenset(
    {
        "codedeploy:CreateDeployment",
        "codedeploy:RegisterApplicationRevision",
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchDeleteImage",
        "ecr:BatchGetImage",
        "ecr:CompleteLayerUpload",
        "ecr:DeleteRepository",
        "ecr:DescribeImages",
        "ecr:GetDownloadUrlForLayer",
        "ecr:InitiateLayerUpload",
        "ecr:ListImages",
        "ecr:PutImage",
        "ecr:UploadLayerPart",
        "ecs:DeleteService",
        "ecs:DescribeServices",
        "ecs:DescribeTasks",
        "ecs:ExecuteCommand",
        "ecs:RunTask",
        "ecs:StartTask",
        "ecs:StopTask",
        "ecs:UpdateService",
        "kms:Decrypt",
        "lambda:InvokeFunction",
        "lambda:UpdateFunctionCode",
        "s3:DeleteObject",
        "s3:GetObject",
        "s3:PutObject",
        "secretsmanager:GetSecretValue",
        "ssm:GetParameter",
        "ssm:GetParameters",
    }
)
PASSING = "iam:PassRole"
# Outside of IAM: what lets somebody else in.
_GIVING = frozenset(
    {
        "ecr:PutRegistryPolicy",
        "ecr:SetRepositoryPolicy",
        "kms:CreateGrant",
        "kms:PutKeyPolicy",
        "lambda:AddPermission",
        "s3:PutBucketAcl",
        "s3:PutBucketPolicy",
        "secretsmanager:PutResourcePolicy",
        "sns:AddPermission",
        "sqs:AddPermission",
    }
)
_GIVING_LOWER = frozenset(action.lower() for action in _GIVING)
_READING = (
    *("batchcheck", "batchget", "describe", "generate", "get", "list", "lookup"),
    *("query", "scan", "search", "simulate"),
)
# What a service makes for itself, which only that service can assume.
_OF_SERVICES = "iam:createservicelinkedrole"
_WHOLE = frozenset("*")


def matches_action(pattern: str, action: str) -> bool:
    """Whether an action in a policy, which may have wildcards, means *action*."""
    plain, name = pattern.lower(), action.lower()
    return plain == name or (has_star(plain) and _matches(plain, name))


def has_star(text: str) -> bool:
    """Whether *text* has a wildcard."""
    return "*" in text or "?" in text


def service_of(action: str) -> str:
    """Return the service that an action is of; empty for `*`."""
    service, colon, _ = action.lower().partition(":")
    return service if colon else ""


def is_whole_service(action: str) -> bool:
    """Whether it is every action of a service, or of all."""
    name = action.rpartition(":")[2]
    return bool(name) and set(name) <= _WHOLE


def is_reading(action: str) -> bool:
    """Whether nothing is changed by it, as far as its name tells."""
    return action.lower().rpartition(":")[2].startswith(_READING)


def gives_permissions(action: str) -> bool:
    """Whether it changes who may do what; passing a role has rules of its own."""
    if service_of(action) == "iam":
        harmless = is_reading(action) or action.lower() == _OF_SERVICES
        return not harmless and not is_passing(action)
    if service_of(action) == "organizations":
        return not is_reading(action)
    return action.lower() in _GIVING_LOWER


def is_passing(action: str) -> bool:
    """Whether it is `iam:PassRole`, perhaps with a wildcard at its end."""
    return action.lower().startswith("iam:pass") and matches_action(action, PASSING)


@lru_cache(maxsize=4096)
def _matches(pattern: str, text: str) -> bool:
    """Match with `*` and `?`, in time that no pattern makes long."""
    reached = {0}
    for character in text:
        reached = {
            following
            for place in _through_stars(pattern, reached)
            if (following := _step(pattern, place, character)) is not None
        }
        if not reached:
            return False
    return len(pattern) in _through_stars(pattern, reached)


def _through_stars(pattern: str, places: set[int]) -> set[int]:
    found = set(places)
    for place in places:
        here = place
        while here < len(pattern) and pattern[here] == "*":
            here += 1
            found.add(here)
    return found


def _step(pattern: str, place: int, character: str) -> int | None:
    if place == len(pattern):
        return None
    wanted = pattern[place]
    if wanted == "*":
        return place
    return place + 1 if wanted in {"?", character} else None
