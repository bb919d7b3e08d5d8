"""
The AWS provider's classes: the only module that names the package they come from.

That package takes 13 seconds to import; here only the modules in use are loaded. Import this
module before `cdktf`, so that the Node process starts with the same shortcut.
"""

from constructs_lib._fast_import import fast_import

with fast_import("cdktf_cdktf_provider_aws"):
    from cdktf_cdktf_provider_aws.data_aws_caller_identity import DataAwsCallerIdentity
    from cdktf_cdktf_provider_aws.data_aws_iam_openid_connect_provider import (
        DataAwsIamOpenidConnectProvider,
    )
    from cdktf_cdktf_provider_aws.data_aws_partition import DataAwsPartition
    from cdktf_cdktf_provider_aws.data_aws_region import DataAwsRegion
    from cdktf_cdktf_provider_aws.ecr_lifecycle_policy import EcrLifecyclePolicy
    from cdktf_cdktf_provider_aws.ecr_pull_through_cache_rule import EcrPullThroughCacheRule
    from cdktf_cdktf_provider_aws.ecr_registry_policy import EcrRegistryPolicy
    from cdktf_cdktf_provider_aws.ecr_registry_scanning_configuration import (
        EcrRegistryScanningConfiguration,
        EcrRegistryScanningConfigurationRule,
        EcrRegistryScanningConfigurationRuleRepositoryFilter,
    )
    from cdktf_cdktf_provider_aws.ecr_replication_configuration import (
        EcrReplicationConfiguration,
        EcrReplicationConfigurationReplicationConfiguration,
        EcrReplicationConfigurationReplicationConfigurationRule,
        EcrReplicationConfigurationReplicationConfigurationRuleDestination,
        EcrReplicationConfigurationReplicationConfigurationRuleRepositoryFilter,
    )
    from cdktf_cdktf_provider_aws.ecr_repository import (
        EcrRepository,
        EcrRepositoryEncryptionConfiguration,
        EcrRepositoryImageScanningConfiguration,
        EcrRepositoryImageTagMutabilityExclusionFilter,
    )
    from cdktf_cdktf_provider_aws.ecr_repository_creation_template import (
        EcrRepositoryCreationTemplate,
        EcrRepositoryCreationTemplateEncryptionConfiguration,
        EcrRepositoryCreationTemplateImageTagMutabilityExclusionFilter,
    )
    from cdktf_cdktf_provider_aws.ecr_repository_policy import EcrRepositoryPolicy
    from cdktf_cdktf_provider_aws.iam_openid_connect_provider import IamOpenidConnectProvider
    from cdktf_cdktf_provider_aws.iam_policy import IamPolicy
    from cdktf_cdktf_provider_aws.iam_role import IamRole
    from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
    from cdktf_cdktf_provider_aws.iam_role_policy_attachment import IamRolePolicyAttachment
    from cdktf_cdktf_provider_aws.provider import (
        AwsProvider,
        AwsProviderAssumeRole,
        AwsProviderDefaultTags,
    )

__all__ = [
    "AwsProvider",
    "AwsProviderAssumeRole",
    "AwsProviderDefaultTags",
    "DataAwsCallerIdentity",
    "DataAwsIamOpenidConnectProvider",
    "DataAwsPartition",
    "DataAwsRegion",
    "EcrLifecyclePolicy",
    "EcrPullThroughCacheRule",
    "EcrRegistryPolicy",
    "EcrRegistryScanningConfiguration",
    "EcrRegistryScanningConfigurationRule",
    "EcrRegistryScanningConfigurationRuleRepositoryFilter",
    "EcrReplicationConfiguration",
    "EcrReplicationConfigurationReplicationConfiguration",
    "EcrReplicationConfigurationReplicationConfigurationRule",
    "EcrReplicationConfigurationReplicationConfigurationRuleDestination",
    "EcrReplicationConfigurationReplicationConfigurationRuleRepositoryFilter",
    "EcrRepository",
    "EcrRepositoryCreationTemplate",
    "EcrRepositoryCreationTemplateEncryptionConfiguration",
    "EcrRepositoryCreationTemplateImageTagMutabilityExclusionFilter",
    "EcrRepositoryEncryptionConfiguration",
    "EcrRepositoryImageScanningConfiguration",
    "EcrRepositoryImageTagMutabilityExclusionFilter",
    "EcrRepositoryPolicy",
    "IamOpenidConnectProvider",
    "IamPolicy",
    "IamRole",
    "IamRolePolicy",
    "IamRolePolicyAttachment",
]
