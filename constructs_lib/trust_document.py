"""The trust policy of a role on GitHub as a value, for a role that another construct makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs_lib.keyword_types import checked
from constructs_lib.role_access import RoleAccess
from constructs_lib.role_checks import check_audience, check_subjects
from deploy_access.errors import reject

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs_lib.oidc_provider import OidcProviderBase
    from deploy_access.github.subject import Subject
    from deploy_access.iam.statement import PolicyDocument


@checked
def github_trust(
    *, oidc_provider: OidcProviderBase, subjects: Sequence[Subject], audience: str | None = None
) -> PolicyDocument:
    """
    Return the policy that lets *subjects* assume a role; `.to_json()` is its text.

    What the role may do is not known here, so a pull request is not refused.

    Args:
        oidc_provider: The provider of the role's account.
        subjects: Who may assume the role.
        audience: One of the provider's, which is needed when it has several.

    Raises:
        InvalidValue: No subject, one of another issuer, or an audience that is not the provider's.
        AccessRefused: A subject that the audit would warn of: `GithubDeployRole` takes it with
            `accept`.
    """
    reject(
        [
            *check_subjects(subjects, oidc_provider.issuer),
            *check_audience(audience, oidc_provider.audiences),
        ]
    )
    access = RoleAccess(
        scope=oidc_provider,
        name="with this trust policy",
        issuer=oidc_provider.issuer,
        subjects=tuple(subjects),
        accept={},
    )
    access.refuse()
    return oidc_provider.trust(subjects, audience)
