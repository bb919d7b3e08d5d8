"""
The GitHub provider's classes: the only module that names the package they come from.

The package is the extra `github`: `pip install "deploy-access[github]"`.
"""

# First, so that the Node process behind `cdktf` starts with the AWS provider's shortcut.
from constructs_lib import provider as _  # isort: skip  # noqa: F401

from deploy_access.errors import MissingExtra as _MissingExtra

try:
    from cdktf_cdktf_provider_github.actions_environment_variable import ActionsEnvironmentVariable
    from cdktf_cdktf_provider_github.actions_repository_oidc_subject_claim_customization_template import (  # noqa: E501 - its name
        ActionsRepositoryOidcSubjectClaimCustomizationTemplate,
    )
    from cdktf_cdktf_provider_github.provider import GithubProvider
    from cdktf_cdktf_provider_github.repository_environment import (
        RepositoryEnvironment,
        RepositoryEnvironmentDeploymentBranchPolicy,
        RepositoryEnvironmentReviewers,
    )
    from cdktf_cdktf_provider_github.repository_environment_deployment_policy import (
        RepositoryEnvironmentDeploymentPolicy,
    )
except ModuleNotFoundError as error:
    if not (error.name or "").startswith("cdktf_cdktf_provider_github"):
        raise
    raise _MissingExtra("github", error.name or "") from error

__all__ = [
    "ActionsEnvironmentVariable",
    "ActionsRepositoryOidcSubjectClaimCustomizationTemplate",
    "GithubProvider",
    "RepositoryEnvironment",
    "RepositoryEnvironmentDeploymentBranchPolicy",
    "RepositoryEnvironmentDeploymentPolicy",
    "RepositoryEnvironmentReviewers",
]
