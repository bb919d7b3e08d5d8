"""
The account and the region of a provider that names none.

Terraform takes them from its caller; in the sandbox they are the same for every caller.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from deploy_access.json_shape import as_list
from deploy_access.partition import partition_of
from deploy_access.terraform.provider_target import place_of
from deploy_access.terraform.scope import Scope
from deploy_access.terraform.symbols import Symbols

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.terraform.blocks import Module
    from deploy_access.terraform.provider_target import ProviderTarget

# moto's own default, which its documentation uses as well.
DEFAULT_ACCOUNT = "123456789012"
DEFAULT_REGION = "us-east-1"

AWS = "aws"
# What Terraform uses for a resource where a stack has no configuration without an alias.
IMPLIED: Mapping[str, object] = {
    "region": DEFAULT_REGION,
    "allowed_account_ids": [DEFAULT_ACCOUNT],
}


@dataclass(frozen=True, slots=True, order=True)
class AccountRegion:
    """
    One region of one account.
    """

    account: str
    region: str


def with_defaults(module: Module) -> Module:
    """
    Return *module* with the account and the region of each of its AWS providers written out.
    """
    # By itself: what another stack passes on is no account.
    scope = Scope(module, Symbols(), {})
    given = {AWS: IMPLIED, **module.providers}
    completed = {
        name: body if body is IMPLIED or not is_aws(name) else _completed(scope, body)
        for name, body in given.items()
    }
    return replace(module, providers=completed)


def account_region(target: ProviderTarget) -> AccountRegion:
    """
    Return the account and the region of *target*, or the sandbox's own for what it leaves open.
    """
    return AccountRegion(target.account or DEFAULT_ACCOUNT, target.region or DEFAULT_REGION)


def is_aws(provider: str) -> bool:
    """
    Return whether *provider*, a name or a name with its alias, is the AWS provider.
    """
    return provider.partition(".")[0] == AWS


def _completed(scope: Scope, body: Mapping[str, object]) -> Mapping[str, object]:
    place = place_of(scope, body)
    account = place.account or _first_allowed(scope, body) or DEFAULT_ACCOUNT
    region = place.region or DEFAULT_REGION
    return {**body, "region": region, "allowed_account_ids": [account]}


def _first_allowed(scope: Scope, body: Mapping[str, object]) -> str | None:
    """
    Return the first of several accounts that are allowed: any of them is right.
    """
    allowed = as_list(scope.value(body.get("allowed_account_ids")))
    found = (place_of(scope, {"allowed_account_ids": [account]}).account for account in allowed)
    return next((account for account in found if account), None)


def partition_name(region: str) -> str:
    """
    Return the partition of *region*; a region newer than the list is taken for a commercial one.
    """
    found = partition_of(region)
    return found.name if found else "aws"
