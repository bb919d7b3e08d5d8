"""Whose tokens a statement takes that tests no `sub`, at other issuers than GitHub."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deploy_access.audit.finding import finding
from deploy_access.audit.report_model import DocumentFinding
from deploy_access.github.platforms import owner_of, platform_of
from deploy_access.github.shared_issuer import required_keys
from deploy_access.iam.references import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deploy_access.github.oidc_trust import OidcStatement

# Issuers whose URL names one customer; the platforms of `github.platforms` are beside these.
_OF_ONE_CUSTOMER: Mapping[str, str] = {
    # https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
    r"oidc\.eks\.[a-z0-9-]+\.amazonaws\.com(\.cn)?/id/(?P<owner>\w+)": "service account of the EKS "
    "cluster",
    # https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity
    r"container\.googleapis\.com/v1/(?P<owner>projects/[^/]+/locations/[^/]+/clusters/[^/]+)": (
        "service account of the GKE cluster"
    ),
    # https://vercel.com/docs/oidc/reference
    r"oidc\.vercel\.com/(?P<owner>[^/]+)": "project of the Vercel team",
    # https://learn.microsoft.com/azure/devops/pipelines/release/configure-workload-identity
    r"vstoken\.dev\.azure\.com/(?P<owner>[^/]+)": "pipeline of the Azure DevOps organization",
    # https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html
    r"cognito-idp\.[a-z0-9-]+\.amazonaws\.com/(?P<owner>[\w-]+)": "user of the pool",
}


def check_no_subject(statement: OidcStatement) -> Iterator[DocumentFinding]:
    """Say whose tokens are taken where no condition asks for a value of `sub`."""
    whose, is_bound = _everybody(statement)
    platform = platform_of(statement.prefix)
    form = platform.narrow if platform else "..."
    operator = "StringLike" if has_wildcard(form) else "StringEquals"
    yield DocumentFinding(
        finding(
            "no-sub",
            statement.keys,
            f"Tokens of {whose} are taken.",
            f'Add `"{operator}": {{"{statement.prefix}:sub": "{form}"}}`.',
            severity="warning" if is_bound else None,
        ),
        statement.path,
        says=f"No condition asks for a value of {statement.prefix}:sub",
    )


def _everybody(statement: OidcStatement) -> tuple[str, bool]:
    """Say whose tokens an issuer signs, and whether that is one customer of the platform."""
    ids = tested_ids(statement)
    if ids:
        held = ", ".join(f"`{statement.prefix}:{claim}`" for claim in ids)
        return (
            f"all runs that {held} lets in, if AWS compares it (it is listed, but not tried),",
            True,
        )
    platform = platform_of(statement.prefix)
    owner = owner_of(platform, statement.prefix) if platform else None
    if platform and owner:
        return f"every {platform.repository} of the {platform.owner} {owner!r}", True
    for host, what in _OF_ONE_CUSTOMER.items():
        named = re.fullmatch(host, statement.prefix, re.IGNORECASE)
        if named:
            return f"every {what} {named['owner']!r}", True
    audiences = _audiences_of_customers(statement)
    if audiences:
        return f"everybody in the organization that the audience {audiences} names", True
    if platform:
        where = f"{platform.name} at {statement.prefix}"
        return f"any {platform.repository} on {where}, whoever owns it,", False
    return "everybody whom the issuer knows", False


def _audiences_of_customers(statement: OidcStatement) -> str:
    """Return the audiences that a statement asks for, where they tell customers apart."""
    asked = [f"{statement.prefix}:aud"]
    if list(required_keys(statement.prefix)) != [one.lower() for one in asked]:
        return ""
    values = [value for claim in statement.of("aud") for value in claim.values]
    is_exact = all(not has_wildcard(value) for value in values)
    return " or ".join(map(repr, values)) if is_exact else ""


def tested_ids(statement: OidcStatement) -> list[str]:
    """List the claims that name an owner or a repository and that have to have one value."""
    platform = platform_of(statement.prefix)
    known = platform.id_claims if platform else frozenset[str]()
    return [
        claim.name
        for claim in statement.claims
        if claim.name in known and claim.is_positive and not any(map(has_wildcard, claim.values))
    ]
