"""The stack `account-<account>`: what exists once in an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs_lib import OidcProvider
from stacks.base import BaseStack

if TYPE_CHECKING:
    from constructs import Construct

    from stacks.estate import AccountSettings


class AccountStack(BaseStack):
    """The OIDC provider of an account: made, or looked up so that a missing one fails the plan."""

    def __init__(self, scope: Construct, settings: AccountSettings) -> None:
        super().__init__(scope, settings.stack, settings.target)
        make = OidcProvider if settings.oidc_provider == "create" else OidcProvider.from_lookup
        github = make(self, "Github", issuer=settings.issuer)
        self.put_outputs({"oidc_provider_arn": github.arn, "account_id": settings.target.account})
