"""
Which properties of CloudFormation say something about access, and what they are in Terraform.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_IAM.html and the
pages of the other services.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

Properties: TypeAlias = Mapping[str, str]

READ: Mapping[str, Properties] = {
    "AWS::ECR::Repository": {
        "RepositoryName": "name",
        "ImageTagMutability": "image_tag_mutability",
    },
    "AWS::ECR::RegistryPolicy": {"PolicyText": "policy"},
    "AWS::IAM::Group": {"GroupName": "name", "Path": "path"},
    "AWS::IAM::GroupPolicy": {
        "GroupName": "group",
        "PolicyName": "name",
        "PolicyDocument": "policy",
    },
    "AWS::IAM::ManagedPolicy": {
        "ManagedPolicyName": "name",
        "Path": "path",
        "PolicyDocument": "policy",
    },
    "AWS::IAM::OIDCProvider": {"Url": "url", "ClientIdList": "client_id_list"},
    "AWS::IAM::Role": {
        "RoleName": "name",
        "Path": "path",
        "AssumeRolePolicyDocument": "assume_role_policy",
        "PermissionsBoundary": "permissions_boundary",
        "MaxSessionDuration": "max_session_duration",
    },
    "AWS::IAM::RolePolicy": {
        "RoleName": "role",
        "PolicyName": "name",
        "PolicyDocument": "policy",
    },
    "AWS::IAM::User": {
        "UserName": "name",
        "Path": "path",
        "PermissionsBoundary": "permissions_boundary",
    },
    "AWS::IAM::UserPolicy": {"UserName": "user", "PolicyName": "name", "PolicyDocument": "policy"},
    "AWS::IAM::UserToGroupAddition": {"GroupName": "group", "Users": "users"},
    "AWS::S3::BucketPolicy": {"Bucket": "bucket", "PolicyDocument": "policy"},
    "AWS::SecretsManager::ResourcePolicy": {
        "SecretId": "secret_arn",
        "ResourcePolicy": "policy",
    },
    "Custom::AWSCDKOpenIdConnectProvider": {"Url": "url", "ClientIDList": "client_id_list"},
}
"""The arguments of each type that is read, by the properties that say them."""
NAMED = {"AWS::ECR::Repository", "AWS::IAM::Group", "AWS::IAM::Role", "AWS::IAM::User"}
"""The types whose names CloudFormation makes up where none is given."""
# Types whose names in Terraform say something else than the type of their first argument.
BLOCKS = {
    "AWS::IAM::UserToGroupAddition": "aws_iam_group_membership",
    "AWS::SecretsManager::ResourcePolicy": "aws_secretsmanager_secret_policy",
}
# `AWS::IAM::Policy` is an inline policy of all that it lists.
ONLY_LISTS = {"AWS::IAM::Policy", "AWS::SNS::TopicPolicy", "AWS::SQS::QueuePolicy"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """
    A property whose members are blocks of their own.

    Attributes:
        property: The property.
        type: The type of the blocks.
        member: The argument that a member is; empty where it is an object with more of them.
        of_member: The arguments by the properties of a member.
        of_owner: The arguments by the properties of the resource.
        owner: The argument that the resource itself is; empty where there is none.
    """

    property: str
    type: str
    member: str = ""
    of_member: Properties = field(default_factory=dict[str, str])
    of_owner: Properties = field(default_factory=dict[str, str])
    owner: str = ""


_DOCUMENT = {"PolicyName": "name", "PolicyDocument": "policy"}
_KINDS = {"Roles": "role", "Users": "user", "Groups": "group"}


def _own(kind: str) -> tuple[Listed, ...]:
    """Return what a role, a user or a group lists: inline policies and ARNs of managed ones."""
    return (
        Listed(
            property="Policies",
            type=f"aws_iam_{kind}_policy",
            of_member=_DOCUMENT,
            owner=kind,
        ),
        Listed(
            property="ManagedPolicyArns",
            type=f"aws_iam_{kind}_policy_attachment",
            member="policy_arn",
            owner=kind,
        ),
    )


LISTED: Mapping[str, tuple[Listed, ...]] = {
    "AWS::IAM::Group": _own("group"),
    "AWS::IAM::ManagedPolicy": tuple(
        Listed(
            property=listed,
            type=f"aws_iam_{kind}_policy_attachment",
            member=kind,
            owner="policy_arn",
        )
        for listed, kind in _KINDS.items()
    ),
    "AWS::IAM::Policy": tuple(
        Listed(property=p, type=f"aws_iam_{kind}_policy", member=kind, of_owner=_DOCUMENT)
        for p, kind in _KINDS.items()
    ),
    "AWS::IAM::Role": _own("role"),
    "AWS::IAM::User": (
        *_own("user"),
        Listed(
            property="Groups",
            type="aws_iam_group_membership",
            member="group",
            owner="users",
        ),
    ),
    "AWS::SNS::TopicPolicy": (
        Listed(
            property="Topics",
            type="aws_sns_topic_policy",
            member="arn",
            of_owner={"PolicyDocument": "policy"},
        ),
    ),
    "AWS::SQS::QueuePolicy": (
        Listed(
            property="Queues",
            type="aws_sqs_queue_policy",
            member="queue_url",
            of_owner={"PolicyDocument": "policy"},
        ),
    ),
    "AWS::ECR::Repository": (
        Listed(
            property="RepositoryPolicyText",
            type="aws_ecr_repository_policy",
            member="policy",
            owner="repository",
        ),
        Listed(
            property="LifecyclePolicy",
            type="aws_ecr_lifecycle_policy",
            of_member={"LifecyclePolicyText": "policy"},
            owner="repository",
        ),
    ),
}
