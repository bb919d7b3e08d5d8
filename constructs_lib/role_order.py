"""What Terraform makes before a role: the provider that its trust policy names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs_lib.oidc_provider import OidcProvider
from constructs_lib.tree import order_stacks

if TYPE_CHECKING:
    from cdktf import ITerraformDependable, TerraformStack

    from constructs_lib.oidc_provider import OidcProviderBase


def made_before(
    stack: TerraformStack, oidc_provider: OidcProviderBase
) -> list[ITerraformDependable] | None:
    """
    List what a role of *stack* depends on; None when *oidc_provider* is not made by this app.

    Across stacks the order is the stacks' order.
    """
    if not isinstance(oidc_provider, OidcProvider):
        return None
    if oidc_provider.target.stack is stack:
        return [oidc_provider.resource]
    order_stacks(stack, oidc_provider.target.stack)
    return None
