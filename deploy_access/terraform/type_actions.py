"""
The calls of AWS that Terraform makes for each type of resource: in a plan, and to change it.

Sources: the provider's own calls, in https://github.com/hashicorp/terraform-provider-aws, and for
the resource that each is about https://docs.aws.amazon.com/service-authorization/latest/reference/
list_awsidentityandaccessmanagementiam.html and list_amazonelasticcontainerregistry.html there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from deploy_access.errors import Problem, suggest_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

Place = Literal["oidc-provider", "policy", "registry", "repository", "role"]
"""What an action is about: everything of a type in an account, or its ECR registry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeActions:
    """
    The calls for resources of one type.

    Attributes:
        place: What they are about.
        reads: What a plan calls; an apply does too.
        changes: What an apply calls beside that, to make, change, tag and delete.
        finds: Reads that take no resource, so that `*` alone allows them.
    """

    place: Place
    reads: Sequence[str]
    changes: Sequence[str]
    finds: Sequence[str] = ()


TYPE_ACTIONS: Mapping[str, TypeActions] = {
    "aws_ecr_lifecycle_policy": TypeActions(
        place="repository",
        reads=["ecr:GetLifecyclePolicy"],
        changes=["ecr:DeleteLifecyclePolicy", "ecr:PutLifecyclePolicy"],
    ),
    "aws_ecr_pull_through_cache_rule": TypeActions(
        place="registry",
        reads=["ecr:DescribePullThroughCacheRules"],
        changes=[
            "ecr:CreatePullThroughCacheRule",
            "ecr:DeletePullThroughCacheRule",
            "ecr:UpdatePullThroughCacheRule",
        ],
    ),
    "aws_ecr_registry_policy": TypeActions(
        place="registry",
        reads=["ecr:GetRegistryPolicy"],
        changes=["ecr:DeleteRegistryPolicy", "ecr:PutRegistryPolicy"],
    ),
    "aws_ecr_registry_scanning_configuration": TypeActions(
        place="registry",
        reads=["ecr:GetRegistryScanningConfiguration"],
        changes=["ecr:PutRegistryScanningConfiguration"],
    ),
    "aws_ecr_replication_configuration": TypeActions(
        place="registry",
        reads=["ecr:DescribeRegistry"],
        changes=["ecr:PutReplicationConfiguration"],
    ),
    "aws_ecr_repository": TypeActions(
        place="repository",
        reads=["ecr:DescribeRepositories", "ecr:ListTagsForResource"],
        changes=[
            "ecr:CreateRepository",
            "ecr:DeleteRepository",
            "ecr:PutImageScanningConfiguration",
            "ecr:PutImageTagMutability",
            "ecr:TagResource",
            "ecr:UntagResource",
        ],
    ),
    "aws_ecr_repository_creation_template": TypeActions(
        place="registry",
        reads=["ecr:DescribeRepositoryCreationTemplates"],
        changes=[
            "ecr:CreateRepositoryCreationTemplate",
            "ecr:DeleteRepositoryCreationTemplate",
            "ecr:UpdateRepositoryCreationTemplate",
        ],
    ),
    "aws_ecr_repository_policy": TypeActions(
        place="repository",
        reads=["ecr:GetRepositoryPolicy"],
        changes=["ecr:DeleteRepositoryPolicy", "ecr:SetRepositoryPolicy"],
    ),
    "aws_iam_openid_connect_provider": TypeActions(
        place="oidc-provider",
        reads=["iam:GetOpenIDConnectProvider"],
        # The data source of this type looks for the provider by its URL.
        finds=["iam:ListOpenIDConnectProviders"],
        changes=[
            "iam:AddClientIDToOpenIDConnectProvider",
            "iam:CreateOpenIDConnectProvider",
            "iam:DeleteOpenIDConnectProvider",
            "iam:RemoveClientIDFromOpenIDConnectProvider",
            "iam:TagOpenIDConnectProvider",
            "iam:UntagOpenIDConnectProvider",
            "iam:UpdateOpenIDConnectProviderThumbprint",
        ],
    ),
    "aws_iam_policy": TypeActions(
        place="policy",
        reads=["iam:GetPolicy", "iam:GetPolicyVersion"],
        changes=[
            "iam:CreatePolicy",
            "iam:CreatePolicyVersion",
            "iam:DeletePolicy",
            "iam:DeletePolicyVersion",
            # To delete the oldest of five, and all of them before the policy.
            "iam:ListPolicyVersions",
            "iam:TagPolicy",
            "iam:UntagPolicy",
        ],
    ),
    "aws_iam_role": TypeActions(
        place="role",
        # The arguments `inline_policy` and `managed_policy_arns` are read even when they are unset.
        reads=[
            "iam:GetRole",
            "iam:GetRolePolicy",
            "iam:ListAttachedRolePolicies",
            "iam:ListRolePolicies",
        ],
        changes=[
            "iam:CreateRole",
            "iam:DeleteRole",
            "iam:DeleteRolePermissionsBoundary",
            # A role is deleted after its policies and instance profiles.
            "iam:DeleteRolePolicy",
            "iam:DetachRolePolicy",
            "iam:ListInstanceProfilesForRole",
            "iam:PutRolePermissionsBoundary",
            "iam:TagRole",
            "iam:UntagRole",
            "iam:UpdateAssumeRolePolicy",
            "iam:UpdateRole",
            "iam:UpdateRoleDescription",
        ],
    ),
    "aws_iam_role_policy": TypeActions(
        place="role",
        reads=["iam:GetRolePolicy"],
        changes=["iam:DeleteRolePolicy", "iam:PutRolePolicy"],
    ),
    "aws_iam_role_policy_attachment": TypeActions(
        place="role",
        reads=["iam:ListAttachedRolePolicies"],
        changes=["iam:AttachRolePolicy", "iam:DetachRolePolicy"],
    ),
}
"""By Terraform's type; every type that the constructs make is here."""
LIBRARY_TYPES: tuple[str, ...] = tuple(TYPE_ACTIONS)
"""The types of the resources that the constructs make."""


def reads_of(types: Iterable[str], place: Place) -> list[str]:
    """List what a plan calls for *types* about a place, sorted."""
    return sorted({action for one in _at(types, place) for action in one.reads})


def finds_of(types: Iterable[str], place: Place) -> list[str]:
    """List the reads for *types* about a place that take no resource, sorted."""
    return sorted({action for one in _at(types, place) for action in one.finds})


def actions_of(types: Iterable[str], place: Place) -> list[str]:
    """List what plan and apply call for *types* about a place, sorted; not what only finds."""
    return sorted({a for one in _at(types, place) for a in (*one.reads, *one.changes)})


def check_types(types: Iterable[str]) -> Iterator[Problem]:
    """Check that the calls for each type are known."""
    for one in types:
        if one not in TYPE_ACTIONS:
            yield Problem(
                what="`manages` names types of resources whose calls are known here.",
                given=one,
                why="What a plan reads for any other type is not known, so its plan would be "
                "denied.",
                fix=suggest_name(one, TYPE_ACTIONS),
            )


def _at(types: Iterable[str], place: Place) -> Iterator[TypeActions]:
    return (TYPE_ACTIONS[t] for t in types if t in TYPE_ACTIONS and TYPE_ACTIONS[t].place == place)
