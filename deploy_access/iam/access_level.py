"""
The access levels of actions, and where they differ from those that AWS publishes, with the reason.

AWS's own are uneven: `dynamodb:PutResourcePolicy` is permissions management and
`kinesis:PutResourcePolicy` is write, while `glue:GetQuery` is permissions management.
`sts:AssumeRole` and `iam:PassRole` keep AWS's level: rules of their own look at them.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_understand-policy-summary-access-level-summaries.html
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Level = Literal["permissions management", "write", "tagging", "read", "list", "unknown"]
"""AWS's access levels; `unknown` for an action that is not in AWS's list of that date."""
GIVING: Level = "permissions management"
LEVELS: tuple[Level, ...] = (
    "permissions management",
    "write",
    "unknown",
    "tagging",
    "read",
    "list",
)
"""AWS's access levels, the most dangerous first; an unknown one may be as bad as `write`."""
TAKES_OVER = frozenset({"iam:passrole", "sts:assumerole", "sts:assumerolewithwebidentity"})
"""Actions that give the permissions of another role, though AWS's level for them is `write`."""
READING: frozenset[Level] = frozenset({"read", "list"})

# Every change of an identity or of an organization changes who may do what: AWS calls
# `iam:CreateAccessKey` and `organizations:MoveAccount` write.
_IDENTITY_SERVICES = frozenset({"iam", "organizations"})
# Passing a role has rules of its own, and only the service itself can assume its linked role.
_HARMLESS = frozenset({"iam:passrole", "iam:createservicelinkedrole"})

_GIVES = {
    # AWS calls these permissions management in some services and write in others.
    "*": "DeleteResourcePolicy PutResourcePolicy",
    # A policy of a resource by another name: it may let anybody in.
    "aiops": "PutInvestigationGroupPolicy",
    "aoss": "CreateAccessPolicy UpdateAccessPolicy",
    "codeartifact": "PutDomainPermissionsPolicy PutRepositoryPermissionsPolicy",
    "dsql": "PutClusterPolicy",
    "iotsitewise": "CreateAccessPolicy UpdateAccessPolicy",
    "kafka": "PutClusterPolicy",
    "lex": "CreateResourcePolicy CreateResourcePolicyStatement UpdateResourcePolicy",
    "logs": "PutDeliveryDestinationPolicy PutDestinationPolicy",
    "mediapackagev2": "PutChannelPolicy PutOriginEndpointPolicy",
    "oam": "PutSinkPolicy",
    "omics": "PutS3AccessPolicy",
    "rekognition": "PutProjectPolicy",
    "sagemaker": "PutModelPackageGroupPolicy",
    "serverlessrepo": "PutApplicationPolicy",
    "ssm-contacts": "PutContactPolicy",
    # Lets a principal into a cluster, up to its administrator.
    # https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html
    "eks": "AssociateAccessPolicy CreateAccessEntry UpdateAccessEntry",
    # Shares a resource with another account.
    "ec2": "ModifyImageAttribute",
    "ram": "AssociateResourceShare AssociateResourceSharePermission CreateResourceShare "
    "UpdateResourceShare",
    "rds": "ModifyDBClusterSnapshotAttribute ModifyDBSnapshotAttribute",
    # Says who gets which role.
    "cognito-identity": "SetIdentityPoolRoles SetPrincipalTagAttributeMap",
    "identitystore": "CreateGroupMembership",
    "rolesanywhere": "CreateProfile CreateTrustAnchor UpdateProfile UpdateTrustAnchor",
    "sso": "CreateAccountAssignment CreatePermissionSet ProvisionPermissionSet "
    "PutInlinePolicyToPermissionSet",
    "sso-directory": "AddMemberToGroup",
    # Makes credentials that can be handed on: of the caller, or of the root of a member account.
    # https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html
    "sts": "AssumeRoot GetFederationToken",
}
_READS = {
    # Says who has access, and changes nothing.
    "arc-region-switch": "GetResourcePolicy",
    "billing": "GetResourcePolicy",
    "fsx": "GetResourcePolicy",
    "monitron": "ListProjectAdminUsers",
    "quicksight": "DescribeKnowledgeBasePermissions DescribeSpacePermissions "
    "DescribeTopicPermissions",
    "secretsmanager": "ValidateResourcePolicy",
    "ssm-sap": "GetResourcePermission",
    # Searches in backups.
    "backup": "ListIndexedRecoveryPointsForSearch SearchRecoveryPoint",
    # Looks at the sessions, queries and connections of Glue Studio.
    "glue": "BatchGetStageFiles DescribeConnectionType DescribeEntity GetDataPreviewStatement "
    "GetEnvironment GetExecutors GetExecutorsThreads GetLogParsingStatus "
    "GetNotebookInstanceStatus GetQueries GetQuery GetRecipeAction GetStage GetStageAttempt "
    "GetStageAttemptTaskList GetStageAttemptTaskSummary GetStageFiles GetStages GetStorage "
    "GetStorageUnit ListConnectionTypes ListEntities",
    # Shows a page on which one signs in.
    "opensearch": "ViewLoginPage",
    # Changes nothing: the answer is all that comes of it. What `kms:Sign` and `kms:GenerateMac`
    # make is trusted by others, so these stay what AWS calls them.
    "cloudfront": "TestFunction",
    "cloudtrail": "CancelQuery StartQuery",
    "kms": "Decrypt DeriveSharedSecret Encrypt GenerateDataKey GenerateDataKeyPair "
    "GenerateDataKeyPairWithoutPlaintext GenerateDataKeyWithoutPlaintext GenerateRandom "
    "ReEncryptFrom ReEncryptTo Verify VerifyMac",
    "sts": "DecodeAuthorizationMessage",
}
_WRITES = {
    # Needed by the caller who turns on log delivery; no other principal gets anything.
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
    "*": "AllowVendedLogDeliveryForResource",
    # Wires networks and instances.
    "ec2": "AttachApplianceToNatGateway AttachResourcesToPlacementGroup CreateOdbNetworkPeering "
    "DeleteOdbNetworkPeering DetachApplianceFromNatGateway DetachResourcesFromPlacementGroup "
    "ModifyOdbNetworkPeering",
    # Works in Glue Studio as the caller.
    "glue": "DeregisterDataPreview GlueNotebookAuthorize GlueNotebookRefreshCredentials "
    "ManagedConnector RefreshOAuth2Tokens RequestLogParsing RunDataPreviewStatement "
    "SendRecipeAction StartNotebook TerminateNotebook TestConnection UseGlueStudio",
    # Guards the resources of a stack against updates.
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/protect-stack-resources.html
    "cloudformation": "SetStackPolicy",
    # Copies a function to the places of CloudFront, and takes the copies away.
    # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-edge-permissions.html
    "lambda": "DisableReplication EnableReplication",
    # Logs in to a database as one of its users.
    # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html
    "rds-db": "connect",
    # Calls to the node of a chain.
    "managedblockchain": "GET Invoke POST",
}
CORRECTIONS: tuple[tuple[Mapping[str, str], Level], ...] = (
    (_GIVES, GIVING),
    (_READS, "read"),
    (_WRITES, "write"),
)
"""By service, `*` for all, the actions that have another level than AWS gives them."""


def corrections_of(service: str, published: Mapping[str, tuple[str, Level]]) -> Mapping[str, Level]:
    """
    Return the levels of a service's actions that differ from those that AWS publishes.

    Args:
        service: The prefix of the actions.
        published: By whole name in lower case, the name as AWS spells it and AWS's level.
    """
    found: dict[str, Level] = {}
    if service in _IDENTITY_SERVICES:
        writes = {action for action, (_, level) in published.items() if level not in READING}
        found |= dict.fromkeys(writes - _HARMLESS, GIVING)
    for name, level in (*_by_service()["*"].items(), *_by_service().get(service, {}).items()):
        action = f"{service}:{name}"
        if action in published:
            found[action] = level
    return found


def level_by_name(action: str, *, reads: bool) -> Level:
    """Return the level of an action that AWS does not publish, as far as its name tells."""
    service, _, name = action.partition(":")
    if service in _IDENTITY_SERVICES and not reads:
        return GIVING
    return _by_service()["*"].get(name, "unknown")


@lru_cache(maxsize=1)
def _by_service() -> Mapping[str, Mapping[str, Level]]:
    """Index the corrections by service, `*` for all, and by action in lower case."""
    found: defaultdict[str, dict[str, Level]] = defaultdict(dict)
    for of_service, level in CORRECTIONS:
        for service, names in of_service.items():
            found[service].update(dict.fromkeys(names.lower().split(), level))
    return found
