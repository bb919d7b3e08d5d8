"""The order of a role after the OIDC provider that its trust policy names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs_lib.tree import order_stacks

if TYPE_CHECKING:
    from cdktf import TerraformStack

    from constructs_lib.element import Element
    from constructs_lib.oidc_provider import OidcProviderBase
    from constructs_lib.provider import IamOpenidConnectProvider


def made_before(
    stack: TerraformStack, oidc_provider: OidcProviderBase
) -> list[Element[IamOpenidConnectProvider]] | None:
    """
    Return the `depends_on` of a role in *stack*; None when this stack does not make the provider.

    Across stacks the order is that of the stacks.
    """
    made = oidc_provider.made
    if made is None:
        return None
    # IAM refuses a trust policy whose provider does not exist, and the ARN in it is only text.
    if made.target.stack is stack:
        return [made.element]
    order_stacks(stack, made.target.stack)
    return None
