"""What may be done in a registry of ECR, with the pages that the actions come from."""

from __future__ import annotations

from deploy_access.iam.statement import Statement

# https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
PUSH_ACTIONS = (
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:CompleteLayerUpload",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
)
# Enough to pull an image: its manifest and its layers.
# https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html
PULL_ACTIONS = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
READ_ACTIONS = (
    "ecr:DescribeImageScanFindings",
    "ecr:DescribeImages",
    "ecr:DescribeRepositories",
    "ecr:ListImages",
)
# What another registry does with this one.
# https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions-create-replication.html
REPLICATION_ACTIONS = ("ecr:CreateRepository", "ecr:ReplicateImage")
# The first pull through a cache makes the repository and fetches the image.
# https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-iam.html
IMPORT_ACTIONS = ("ecr:BatchImportUpstreamImage", "ecr:CreateRepository")


def log_in_to_registry() -> Statement:
    """
    Get a registry password.

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html: the action has no
    resource of its own; the password opens what the other statements allow.
    """
    return Statement(sid="LogInToRegistry", actions=["ecr:GetAuthorizationToken"], resources=["*"])


def push_images(repository_arn: str, *, cache: bool = False) -> list[Statement]:
    """
    Log in and push to one repository.

    Args:
        repository_arn: The repository.
        cache: Also read layers, which a registry cache and a copy between tags need.
    """
    actions = {*PUSH_ACTIONS, *(PULL_ACTIONS if cache else ())}
    push = Statement(sid="PushImages", actions=sorted(actions), resources=[repository_arn])
    return [log_in_to_registry(), push]


def pull_images(repository_arn: str) -> list[Statement]:
    """Log in and pull from one repository."""
    pull = Statement(sid="PullImages", actions=PULL_ACTIONS, resources=[repository_arn])
    return [log_in_to_registry(), pull]


def read_images(repository_arn: str) -> list[Statement]:
    """
    Look at one repository, its images and what their scans found, without their content.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html.
    No password of the registry: it is for the registry's own protocol, and these calls go to AWS.
    """
    return [Statement(sid="ReadImages", actions=READ_ACTIONS, resources=[repository_arn])]
