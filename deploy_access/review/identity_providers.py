"""What an OIDC provider that is new or another one means for who gets in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deploy_access.reading.estate import Estate, OidcProvider
    from deploy_access.review.model import ResourceChange

TYPE = "aws_iam_openid_connect_provider"


def provider_notice(change: ResourceChange, base: Estate, head: Estate) -> str:
    """
    Say what to look at; nothing for a provider that is made for roles that are compared.

    A role that trusted a provider before there was one lets somebody in now, and does not change.
    """
    made = next((one for one in head.providers if _is_made_by(one, change)), None)
    if made is None:
        return "It lets in tokens, to roles that trust it."
    trusting = _trusting(made, head)
    if change.action == "create" and trusting and not _trusting(made, base):
        return ""
    who = ", ".join(f"`{name}`" for name in trusting) or "No role that was read trusts it"
    lead = "These roles trust it: " if trusting else ""
    return f"AWS takes tokens of `{made.url}` for roles that trust it. {lead}{who}."


def _is_made_by(provider: OidcProvider, change: ResourceChange) -> bool:
    where = provider.where
    return where.address == change.address and (where.stack or change.stack) == change.stack


def _trusting(provider: OidcProvider, estate: Estate) -> list[str]:
    """Name the roles of its account whose trust policies name it."""
    named = (f"oidc-provider/{provider.url}", f"{provider.where.address}.arn")
    return sorted(
        role.name
        for role in estate.roles
        if role.trust
        and role.account == provider.account
        and any(text in str(role.trust.content) for text in named)
    )
