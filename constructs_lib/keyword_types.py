"""The types of the constructs' keywords, checked before anything is made."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from deploy_access.argument_types import check_arguments, check_fields

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed import DataclassInstance

P = ParamSpec("P")
R = TypeVar("R")

# By the class or the keyword: what people have in their hands in its place, and the way from there.
_WAYS = MappingProxyType(
    {
        "AwsProvider": "Pass the `AwsProvider(..., alias=...)` itself, or leave it out.",
        "CodeDeploy": "Write `codedeploy=CodeDeploy()`, which takes names that differ from the "
        "usual ones.",
        "DeployRoleBase": "For an ARN write `GithubDeployRole.from_arn(self, 'Role', arn=...)`, "
        "for a name `GithubDeployRole.from_name(self, 'Role', name=...)`.",
        "Encryption": "Use `Encryption.aes256()`, `.kms()` or `.kms_dsse()`.",
        "GithubProvider": "Pass the `GithubProvider(..., alias=...)` itself, or leave it out.",
        "GithubRepo": "Write `GithubRepo('acme/web', owner_id=1, repo_id=2)`.",
        "Images": "Use `Images.untagged()`, `.any()`, `.with_prefix(...)` or `.matching(...)`.",
        "Issuer": "Use `Issuer.github()`, `.ghe(...)` or `.ghes(...)`, or write its URL.",
        "LifecycleRule": "Use `LifecycleRule.expire_untagged()`, `.expire(...)` or `.keep(...)`.",
        "OidcProviderBase": "For an ARN write `OidcProvider.from_arn(self, 'Github', arn=...)`, "
        "for the account's own `OidcProvider.from_account(self, 'Github')`.",
        "Statement": "Write `Statement(sid=..., actions=[...], resources=[...])`.",
        "TagMutability": "Use `TagMutability.immutable()`, `.mutable()`, or "
        "`.immutable_except(...)`.",
        "TerraformStack": "Pass the stack itself.",
        "TerraformState": "Write `TerraformState(bucket='acme-state', "
        "key_prefix='deploy-access/')`.",
        "reviewers": "GitHub knows people by number: gh api users/NAME --jq .id",
        "teams": "GitHub knows teams by number: gh api orgs/ORG/teams/NAME --jq .id",
    }
)
# Their own checks tell more: which subject is meant, and which key takes what.
_OWN = ("apply_subjects", "plan_subjects", "subjects", "workflow")


def checked(function: Callable[P, R]) -> Callable[P, R]:
    """Return *function* with its arguments checked by their annotations."""
    return check_arguments(function, ways=_WAYS, but=_OWN)


def check_value(value: DataclassInstance) -> None:
    """
    Check the fields of a value that constructs take.

    Raises:
        InvalidValue: Some are of another type.
    """
    check_fields(value, ways=_WAYS)
