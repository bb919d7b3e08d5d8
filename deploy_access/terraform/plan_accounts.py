"""
The account of each provider of a plan, by what AWS says of the resources that it made.

A plan has the ARNs of what there is, so the account is known also where the provider does not name
it, and for resources without an ARN of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.iam.arns import account_of
from deploy_access.json_shape import as_object, as_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deploy_access.terraform.plan_configuration import PlanConfiguration
    from deploy_access.terraform.plan_sides import Side

    _Object = Mapping[str, object]

UNKNOWN = "?"
"""The provider of a resource of which several providers may be it: none is called so."""


def with_accounts(configuration: PlanConfiguration, *sides: Side) -> dict[str, _Object]:
    """Return the providers, each with its account where its resources are of one account."""
    found: dict[str, set[str]] = {}
    for address, account in _accounts(sides):
        found.setdefault(configuration.provider(address) or UNKNOWN, set()).add(account)
    known = {
        key: {"allowed_account_ids": [*accounts]}
        for key, accounts in found.items()
        if len(accounts) == 1
    }
    written = configuration.providers
    return {key: {**known.get(key, {}), **written.get(key, {})} for key in {**known, **written}}


def _accounts(sides: tuple[Side, ...]) -> Iterator[tuple[str, str]]:
    """List the accounts that resources are in for certain, with the address of each."""
    for side in sides:
        for (address, _), resource in side.items():
            kind, values = as_text(resource.get("type")) or "", as_object(resource.get("values"))
            # IAM makes what it makes in the account of the caller; an `arn` of others may be an
            # argument that names a resource of another account.
            if kind.startswith("aws_iam_") and resource.get("mode") != "data":
                account = account_of(as_text(values.get("arn")) or "")
            elif kind == "aws_ecr_repository" and resource.get("mode") != "data":
                account = as_text(values.get("registry_id"))
            else:
                continue
            if account:
                yield address, account
