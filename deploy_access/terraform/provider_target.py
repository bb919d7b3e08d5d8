"""The account and the region that a provider block deploys to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from deploy_access.iam.arns import account_of
from deploy_access.json_shape import as_list, objects
from deploy_access.partition import partition_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Twelve digits that are no part of a longer number.
_ACCOUNT = re.compile(r"(?<!\d)\d{12}(?!\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderTarget:
    """
    An account and a region of AWS, each None when it is not known.

    Attributes:
        account: Twelve digits.
        region: For example `eu-central-1`.
    """

    account: str | None
    region: str | None

    @property
    def partition(self) -> str | None:
        """The partition of the region."""
        found = partition_of(self.region) if self.region else None
        return found.name if found else None

    def arn(self, service: str, rest: str, *, region: bool = True) -> str | None:
        """Return an ARN in this account and region; None when one of its parts is not known."""
        if not (self.account and self.partition and (self.region or not region)):
            return None
        return (
            f"arn:{self.partition}:{service}:{self.region if region else ''}:{self.account}:{rest}"
        )


class Values(Protocol):
    """The values of a module's expressions, as far as a provider block needs them."""

    def value(self, raw: object) -> object:
        """Resolve everything in *raw*."""
        ...

    def known(self, raw: object) -> str | None:
        """Resolve *raw* to a text; None when a part of it is known to Terraform only."""
        ...


def place_of(values: Values, provider: Mapping[str, object]) -> ProviderTarget:
    """
    Return the account and the region of a provider block.

    The account is the only one that the block allows, or that of the last role that it assumes, or
    the one in the name of its profile.
    """
    found = next(_accounts(values, provider), None)
    return ProviderTarget(account=found, region=values.known(provider.get("region")))


def assumed_role(values: Values, block: Mapping[str, object]) -> str | None:
    """
    Return the role that the caller of a provider or of a backend assumes, when it is known.

    Where several are assumed one after the other, it is the first: the caller needs no more.
    """
    role = next(objects(values.value(block.get("assume_role"))), None)
    return None if role is None else values.known(role.get("role_arn"))


def _accounts(values: Values, provider: Mapping[str, object]) -> Iterator[str]:
    allowed = as_list(values.value(provider.get("allowed_account_ids")))
    if len(allowed) == 1:
        # JSON may have it as a number, without the zeros that it begins with.
        yield from _ACCOUNT.findall(f"{allowed[0]:0>12}" if _is_id(allowed[0]) else "")
    for kind in ("assume_role", "assume_role_with_web_identity"):
        # Roles are assumed one after the other, so the last one makes the calls.
        # https://registry.terraform.io/providers/hashicorp/aws/latest/docs#assuming-an-iam-role
        for role in reversed(list(objects(values.value(provider.get(kind))))):
            account = account_of(values.known(role.get("role_arn")) or "")
            if account:
                yield account
    yield from _ACCOUNT.findall(values.known(provider.get("profile")) or "")


def _is_id(value: object) -> bool:
    return isinstance(value, int | str) and str(value).isdecimal()
