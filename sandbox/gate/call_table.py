"""
The calls that the gate judges, with the permissions that each needs: one row a call.

A call that is not in the table is refused. The sources are AWS's Service Authorization Reference;
what a row needs beyond it is said where it is worked out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import (
    codedeploy_needs,
    ecr_needs,
    ecs_needs,
    iam_needs,
    s3_needs,
    secret_needs,
    sts_needs,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .call import ApiCall
    from .lookup import Lookup
    from .need import CallTarget, Need

    Needs = Callable[[ApiCall, CallTarget, Lookup], Iterator[Need]]

_REFERENCE = "https://docs.aws.amazon.com/service-authorization/latest/reference"
_PAGES = {
    "sts": "list_awssecuritytokenservice.html#awssecuritytokenservice",
    "ecr": "list_amazonelasticcontainerregistry.html#amazonelasticcontainerregistry",
    "ecs": "list_amazonelasticcontainerservice.html#amazonelasticcontainerservice",
    "codedeploy": "list_awscodedeploy.html#awscodedeploy",
    "iam": "list_awsidentityandaccessmanagementiam.html#awsidentityandaccessmanagementiam",
    "s3": "list_amazons3.html#amazons3",
    "secretsmanager": "list_awssecretsmanager.html#awssecretsmanager",
    "ssm": "list_awssystemsmanager.html#awssystemsmanager",
}
# S3 has operations that are not called as their action is.
_ACTIONS = {
    "GetObject": ("HeadObject",),
    "ListBucket": ("HeadBucket", "ListObjects", "ListObjectsV2"),
}
_ACTION_OF = {operation: action for action, names in _ACTIONS.items() for operation in names}


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRow:
    """
    One call of the API.

    Attributes:
        service: The service.
        operation: The call.
        needs: The permissions that it needs; None where AWS asks for none.

    """

    service: str
    operation: str
    needs: Needs | None

    @property
    def source(self) -> str:
        """The page of AWS that lists the resources and condition keys of the action."""
        action = _ACTION_OF.get(self.operation, self.operation)
        return f"{_REFERENCE}/{_PAGES[self.service]}-{action}"


_ON_REPOSITORY = (
    *("BatchCheckLayerAvailability", "InitiateLayerUpload", "UploadLayerPart"),
    *("CompleteLayerUpload", "PutImage", "BatchGetImage", "GetDownloadUrlForLayer"),
    *("DescribeImages", "DeleteRepository"),
    *("GetLifecyclePolicy", "PutLifecyclePolicy", "DeleteLifecyclePolicy"),
    *("GetRepositoryPolicy", "SetRepositoryPolicy", "DeleteRepositoryPolicy"),
    *("PutImageScanningConfiguration", "PutImageTagMutability"),
)
_ON_REGISTRY = (
    *("GetAuthorizationToken", "DescribeRegistry", "PutReplicationConfiguration"),
    *("GetRegistryPolicy", "PutRegistryPolicy", "DeleteRegistryPolicy"),
    *("GetRegistryScanningConfiguration", "PutRegistryScanningConfiguration"),
    *("CreatePullThroughCacheRule", "DescribePullThroughCacheRules"),
    *("UpdatePullThroughCacheRule", "DeletePullThroughCacheRule"),
    *("CreateRepositoryCreationTemplate", "DescribeRepositoryCreationTemplates"),
    *("UpdateRepositoryCreationTemplate", "DeleteRepositoryCreationTemplate"),
)
_ON_ROLE = (
    *("GetRole", "DeleteRole", "UpdateRole", "UpdateRoleDescription", "UpdateAssumeRolePolicy"),
    *("ListRolePolicies", "GetRolePolicy", "PutRolePolicy", "DeleteRolePolicy"),
    *("ListAttachedRolePolicies", "AttachRolePolicy", "DetachRolePolicy"),
    *("PutRolePermissionsBoundary", "DeleteRolePermissionsBoundary"),
    *("ListInstanceProfilesForRole", "ListRoleTags", "TagRole", "UntagRole"),
)
_ON_POLICY = (
    *("GetPolicy", "DeletePolicy", "ListPolicyTags", "TagPolicy", "UntagPolicy"),
    *("ListPolicyVersions", "GetPolicyVersion", "CreatePolicyVersion", "DeletePolicyVersion"),
    "SetDefaultPolicyVersion",
)
_ON_PROVIDER = (
    *("GetOpenIDConnectProvider", "DeleteOpenIDConnectProvider"),
    *("AddClientIDToOpenIDConnectProvider", "RemoveClientIDFromOpenIDConnectProvider"),
    *("UpdateOpenIDConnectProviderThumbprint", "ListOpenIDConnectProviderTags"),
    *("TagOpenIDConnectProvider", "UntagOpenIDConnectProvider"),
)


def _rows() -> Iterator[CallRow]:
    found: dict[str, dict[str, Needs | None]] = {
        # https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html: no
        # permission is needed, and an explicit deny changes nothing.
        "sts": {"GetCallerIdentity": None, "AssumeRole": sts_needs.assume_role},
        "ecr": {
            **dict.fromkeys(_ON_REGISTRY, ecr_needs.registry),
            **dict.fromkeys(_ON_REPOSITORY, ecr_needs.repository),
            "DescribeRepositories": ecr_needs.repositories,
            "CreateRepository": ecr_needs.create_repository,
            **dict.fromkeys(
                ("ListTagsForResource", "TagResource", "UntagResource"), ecr_needs.tagged
            ),
        },
        "ecs": {
            "RegisterTaskDefinition": ecs_needs.register_task_definition,
            "DescribeTaskDefinition": ecs_needs.read_task_definition,
            "UpdateService": ecs_needs.update_service,
            "DescribeServices": ecs_needs.describe_services,
            "RunTask": ecs_needs.run_task,
            "DescribeTasks": ecs_needs.describe_tasks,
        },
        "codedeploy": {
            "GetDeploymentGroup": codedeploy_needs.deployment_group,
            "CreateDeployment": codedeploy_needs.create_deployment,
            "GetDeployment": codedeploy_needs.deployment,
            "GetDeploymentConfig": codedeploy_needs.configuration,
            "RegisterApplicationRevision": codedeploy_needs.application,
        },
        "iam": {
            **dict.fromkeys(_ON_ROLE, iam_needs.role),
            **dict.fromkeys(_ON_POLICY, iam_needs.policy),
            **dict.fromkeys(_ON_PROVIDER, iam_needs.provider),
            "CreateRole": iam_needs.create_role,
            "CreatePolicy": iam_needs.create_policy,
            "CreateOpenIDConnectProvider": iam_needs.create_provider,
            "ListOpenIDConnectProviders": iam_needs.everything,
        },
        "s3": {
            **dict.fromkeys(_ACTIONS["ListBucket"], s3_needs.list_bucket),
            **dict.fromkeys(("GetObject", "HeadObject"), s3_needs.get_object),
            "PutObject": s3_needs.put_object,
            "DeleteObject": s3_needs.delete_object,
        },
        "secretsmanager": {
            "GetSecretValue": secret_needs.secret,
            "DescribeSecret": secret_needs.secret,
        },
        "ssm": {
            "GetParameter": secret_needs.parameters,
            "GetParameters": secret_needs.parameters,
            "GetParametersByPath": secret_needs.parameters,
        },
    }
    for service, operations in found.items():
        for operation, needs in operations.items():
            yield CallRow(service=service, operation=operation, needs=needs)


TABLE = {(row.service, row.operation): row for row in _rows()}
