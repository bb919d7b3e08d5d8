"""
A need of a call: an action on a resource, with the condition keys of the request.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from deploy_access.iam.role_arn import parse_role

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Values = Mapping[str, str | Sequence[str]]

ANY = "*"
"""The resource of an action that has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """
    One action on one resource; a call is allowed when all of its needs are.

    Attributes:
        action: For example `iam:PassRole`.
        resource: An ARN, or `ANY`.
        context: The condition keys that the call fills.
        unknown: Condition keys that AWS fills for this call and the gate does not: a policy that
            asks for one is not judged, and the call is refused.
        is_foreign: Whether the resource is of another account and its ARN does not show it.

    """

    action: str
    resource: str
    context: Values = field(default_factory=lambda: MappingProxyType({}))
    unknown: tuple[str, ...] = ()
    is_foreign: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTarget:
    """
    The partition, region and account of a call: the fields of the ARNs that it names.
    """

    partition: str
    region: str
    account: str

    @staticmethod
    def of(role_arn: str, region: str) -> CallTarget:
        """
        Return the place of a call that a session of a role makes in a region.
        """
        role = parse_role(role_arn)
        return CallTarget(partition=role["partition"], region=region, account=role["account"])

    def arn(self, service: str, resource: str, account: str | None = None) -> str:
        """
        Return the ARN of a resource there.
        """
        owner = account or self.account
        return f"arn:{self.partition}:{service}:{self.region}:{owner}:{resource}"

    def iam(self, resource: str) -> str:
        """
        Return the ARN of a resource of IAM, which is in no region.
        """
        return f"arn:{self.partition}:iam::{self.account}:{resource}"

    def role(self, name_or_arn: str) -> str:
        """
        Return the ARN of a role, which may be given by its name.
        """
        if name_or_arn.startswith("arn:"):
            return name_or_arn
        return self.iam(f"role/{name_or_arn}")
