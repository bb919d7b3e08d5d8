"""
Constructs for deploys from GitHub Actions to AWS without a stored key.

Import this before `cdktf`: then the AWS provider's classes load in a second, not in thirteen.
"""

# Before all others, which need the extra.
from constructs_lib import _extra as _extra  # isort: skip

# First, so that the Node process behind `cdktf` starts with the provider's shortcut.
from constructs_lib import provider as provider  # isort: skip

from constructs_lib.aws_target import AwsTarget
from constructs_lib.codedeploy import CodeDeploy
from constructs_lib.creation_template import CreationTemplate
from constructs_lib.deploy_role_base import DeployRoleBase
from constructs_lib.ecr_registry import EcrRegistry
from constructs_lib.ecr_repo import EcrRepo
from constructs_lib.ecr_repo_base import EcrRepoBase
from constructs_lib.ecr_settings import Encryption, TagMutability
from constructs_lib.ecs_deploy_policy import EcsDeployPolicy
from constructs_lib.github_deploy_role import GithubDeployRole
from constructs_lib.infra_roles import InfraRoles
from constructs_lib.lifecycle import Images, LifecycleRule
from constructs_lib.oidc_provider import OidcProvider, OidcProviderBase
from constructs_lib.provider_version import constrain_aws_provider
from constructs_lib.pull_through_cache import PullThroughCache
from constructs_lib.replication import ReplicationRule
from constructs_lib.scanning import Scanning
from constructs_lib.state_moves import forget, renamed_from
from constructs_lib.trust_document import github_trust
from deploy_access.acceptance import Acceptance
from deploy_access.bootstrap.terraform_state import TerraformState
from deploy_access.github.issuer import Issuer
from deploy_access.github.owner import GithubOwner
from deploy_access.github.repository import GithubRepo
from deploy_access.github.subject import Subject
from deploy_access.iam.people import TrustedRole
from deploy_access.iam.statement import Statement
from deploy_access.terraform.type_actions import LIBRARY_TYPES

__all__ = [
    "LIBRARY_TYPES",
    "Acceptance",
    "AwsTarget",
    "CodeDeploy",
    "CreationTemplate",
    "DeployRoleBase",
    "EcrRegistry",
    "EcrRepo",
    "EcrRepoBase",
    "EcsDeployPolicy",
    "Encryption",
    "GithubDeployRole",
    "GithubOwner",
    "GithubRepo",
    "Images",
    "InfraRoles",
    "Issuer",
    "LifecycleRule",
    "OidcProvider",
    "OidcProviderBase",
    "PullThroughCache",
    "ReplicationRule",
    "Scanning",
    "Statement",
    "Subject",
    "TagMutability",
    "TerraformState",
    "TrustedRole",
    "constrain_aws_provider",
    "forget",
    "github_trust",
    "renamed_from",
]
