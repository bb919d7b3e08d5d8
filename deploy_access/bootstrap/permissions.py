"""
The permissions of the role that Terraform assumes, to make what the constructs describe.

A role that may write IAM roles can give itself more: it can make a role with any policy and let
itself assume it. A permissions boundary that every such role must have takes away most of that. The
role may still change the trust policy of a role, and the version of a policy, that was there
before: AWS has no condition that ties those calls to a boundary. Treat the role as an administrator
of its account, and choose who may assume it accordingly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.iam.statement import Statement
from deploy_access.terraform.type_actions import LIBRARY_TYPES, actions_of, finds_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
# Of the calls for roles, those that have the condition key `iam:PermissionsBoundary` and can give
# more.
ROLE_GRANTING_ACTIONS = (
    "iam:AttachRolePolicy",
    "iam:CreateRole",
    "iam:PutRolePermissionsBoundary",
    "iam:PutRolePolicy",
)
_UNBOUND = "iam:DeleteRolePermissionsBoundary"
# ECR makes a role of its own the first time, with the permissions of the caller.
# https://docs.aws.amazon.com/AmazonECR/latest/userguide/using-service-linked-roles.html
LINKED_SERVICES = {
    "aws_ecr_pull_through_cache_rule": "pullthroughcache.ecr.amazonaws.com",
    "aws_ecr_replication_configuration": "replication.ecr.amazonaws.com",
}


def manage_access(iam_arn: str, *, boundary: str | None) -> list[Statement]:
    """
    Manage OIDC providers, roles and policies of one account.

    Args:
        iam_arn: The beginning of the account's IAM ARNs: `arn:aws:iam::ACCOUNT`.
        boundary: The permissions boundary that every role must have, if any.
    """
    return [
        Statement(
            sid="ManageOidcProviders",
            actions=actions_of(LIBRARY_TYPES, "oidc-provider"),
            resources=[f"{iam_arn}:oidc-provider/*"],
        ),
        # The action has no resource of its own.
        Statement(
            sid="FindOidcProviders",
            actions=finds_of(LIBRARY_TYPES, "oidc-provider"),
            resources=["*"],
        ),
        *_manage_roles([f"{iam_arn}:role/*"], boundary),
        Statement(
            sid="ManagePolicies",
            actions=actions_of(LIBRARY_TYPES, "policy"),
            resources=[f"{iam_arn}:policy/*"],
        ),
        *([_keep_boundary(boundary)] if boundary else []),
    ]


def manage_repositories(repositories: Sequence[str]) -> Statement:
    """Manage ECR repositories, their lifecycle and their policy, but not their images."""
    return Statement(
        sid="ManageRepositories",
        actions=actions_of(LIBRARY_TYPES, "repository"),
        resources=repositories,
    )


def manage_registry(
    iam_arn: str, types: Collection[str], regions: Sequence[str]
) -> Iterator[Statement]:
    """
    Manage the registries of an account, as far as its stacks do.

    Args:
        iam_arn: The beginning of the account's IAM ARNs: `arn:aws:iam::ACCOUNT`.
        types: Terraform's types of the resources in its stacks.
        regions: The regions of these stacks.
    """
    actions = actions_of(types, "registry")
    services = [LINKED_SERVICES[one] for one in sorted(types) if one in LINKED_SERVICES]
    if actions:
        yield Statement(
            sid="ManageRegistry",
            actions=actions,
            resources=["*"],
            conditions={"StringEquals": {"aws:RequestedRegion": regions}},
        )
    if services:
        yield Statement(
            sid="MakeRolesOfEcr",
            actions=["iam:CreateServiceLinkedRole"],
            resources=[f"{iam_arn}:role/aws-service-role/{one}/*" for one in services],
            conditions={"StringEquals": {"iam:AWSServiceName": services}},
        )


def keep_state(bucket_arn: str, keys: str, *, kms_key: str | None) -> list[Statement]:
    """
    Read and write states and their lock files in one bucket.

    https://developer.hashicorp.com/terraform/language/backend/s3#permissions-required, and with a
    KMS key https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html.

    Args:
        bucket_arn: The bucket.
        keys: The states in it, as a key or a pattern of keys.
        kms_key: The ARN of the key that encrypts them, if it is not S3's own.
    """
    states = [f"{bucket_arn}/{keys}"]
    statements = [
        Statement(sid="FindStates", actions=["s3:ListBucket"], resources=[bucket_arn]),
        Statement(sid="KeepStates", actions=["s3:GetObject", "s3:PutObject"], resources=states),
        Statement(
            sid="LockStates",
            actions=["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
            # `use_lockfile` writes the lock beside the state, and deletes it afterwards.
            resources=[f"{state}.tflock" for state in states],
        ),
    ]
    if kms_key:
        actions = ["kms:Decrypt", "kms:GenerateDataKey"]
        statements.append(Statement(sid="UseStateKey", actions=actions, resources=[kms_key]))
    return statements


def only_over_tls(bucket_arn: str) -> Statement:
    """
    Deny every call to a bucket that does not use TLS.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html
    """
    return Statement(
        sid="OnlyOverTls",
        effect="Deny",
        principals={"AWS": ["*"]},
        actions=["s3:*"],
        resources=[bucket_arn, f"{bucket_arn}/*"],
        conditions={"Bool": {"aws:SecureTransport": ["false"]}},
    )


def _manage_roles(roles: Sequence[str], boundary: str | None) -> list[Statement]:
    # With a boundary the role must not remove it from another role and then give that role more.
    apart = {*ROLE_GRANTING_ACTIONS, *([_UNBOUND] if boundary else [])}
    managing = [a for a in actions_of(LIBRARY_TYPES, "role") if a not in apart]
    bounded = {"StringEquals": {"iam:PermissionsBoundary": [boundary]}} if boundary else {}
    return [
        Statement(
            sid="GrantToRoles", actions=ROLE_GRANTING_ACTIONS, resources=roles, conditions=bounded
        ),
        Statement(sid="ManageRoles", actions=managing, resources=roles),
    ]


def _keep_boundary(boundary: str) -> Statement:
    """Deny all changes of the boundary: a role that may write its boundary has none."""
    return Statement(
        sid="KeepBoundary",
        effect="Deny",
        actions=[
            "iam:CreatePolicyVersion",
            "iam:DeletePolicy",
            "iam:DeletePolicyVersion",
            "iam:SetDefaultPolicyVersion",
        ],
        resources=[boundary],
    )
