"""
ARNs, taken apart.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from deploy_access.iam.references import LONGEST, Reference, is_plain, split_text

ARN_PARTS = 6
"""An ARN has `arn` and five more parts with a `:` between them."""
_IN_TEXT = re.compile(r"arn:[^\"'\\]*")
_ACCOUNT_ID = re.compile(r"[0-9]{12}")
_SESSION = re.compile(r"assumed-role/[^/]+/[^/]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arn:
    """
    An ARN, taken apart; a field may be empty, a pattern, or a reference of Terraform.

    Attributes:
        partition: For example `aws` or `aws-cn`.
        service: The namespace, for example `iam`.
        region: Empty for a global resource.
        account: Its owner: twelve digits, `aws`, or empty as in the ARN of a bucket.
        resource: All that follows, which may hold further `:` and `/`.

    """

    partition: str
    service: str
    region: str
    account: str
    resource: str

    @staticmethod
    def parse(text: str) -> Arn | None:
        """
        Take *text* apart; None when it is no ARN.

        The `:` and `/` inside of a `${…}` are not separators: `${data.x["a:b"].arn}` is one field.
        """
        return _parse(text) if len(text) <= LONGEST else None

    def __str__(self) -> str:
        """Write it as AWS does."""
        fields = (self.partition, self.service, self.region, self.account, self.resource)
        return ":".join(("arn", *fields))

    @property
    def account_id(self) -> str | None:
        """The account when it is known: twelve digits, no pattern, no reference, not `aws`."""
        return self.account if _ACCOUNT_ID.fullmatch(self.account) else None

    @property
    def resource_type(self) -> str:
        """
        What stands before the first `/` or `:` of the resource; empty when it has neither.

        Of an object in S3 it is the bucket: AWS has no resource type there.
        """
        before = self._resource_parts[0]
        return before if before != self.resource else ""

    @property
    def resource_id(self) -> str:
        """What follows the resource type: `service/CLUSTER/NAME` gives `CLUSTER/NAME`."""
        return self._resource_parts[-1]

    @property
    def name(self) -> str:
        """What follows the last `/`: the name of a role without its path."""
        return split_outside(self.resource, "/")[-1]

    @property
    def is_role(self) -> bool:
        """Whether it is the ARN of a role in an account that is known."""
        return self.is_iam("role") and self.account_id is not None and bool(self.name)

    @property
    def is_policy_of_aws(self) -> bool:
        """Whether it is the ARN of a managed policy that AWS keeps; which one, must be known."""
        return self.is_iam("policy") and self.account == "aws" and is_plain(self.resource)

    @property
    def is_session(self) -> bool:
        """Whether it is the ARN of a session of such a role, `assumed-role/ROLE/SESSION`."""
        is_of_sts = self.service == "sts" and not self.region and self.account_id is not None
        return is_of_sts and _SESSION.fullmatch(self.resource) is not None

    def is_iam(self, resource_type: str) -> bool:
        """Whether it is the ARN of an IAM resource such as `role`, `policy` or `user`."""
        is_global_iam = self.service == "iam" and not self.region
        start = f"{resource_type}/"
        return is_global_iam and self.resource.startswith(start) and self.resource != start

    @property
    def _resource_parts(self) -> list[str]:
        by_colon, by_slash = (split_outside(self.resource, sign, 2) for sign in ":/")
        return by_colon if len(by_colon[0]) < len(by_slash[0]) else by_slash


# One provider, one boundary and a few roles stand in all policies of an estate.
@lru_cache(maxsize=512)
def _parse(text: str) -> Arn | None:
    fields = _fields(text)
    if fields is None:
        return None
    partition, service, region, account, resource = fields
    return Arn(
        partition=partition, service=service, region=region, account=account, resource=resource
    )


def _fields(text: str) -> list[str] | None:
    prefix, *fields = split_outside(text, ":", ARN_PARTS)
    is_whole = prefix == "arn" and len(fields) == ARN_PARTS - 1
    return fields if is_whole and fields[0] and fields[1] and fields[-1] else None


def account_of(arn: str) -> str | None:
    """Return the account in an ARN; None when it has none, or none that is known."""
    fields = _fields(arn)
    account = fields[3] if fields else ""
    return account if _ACCOUNT_ID.fullmatch(account) else None


def arns_in(text: str) -> list[str]:
    """Return what begins as an ARN in a text such as a policy, up to the quote that ends it."""
    return _IN_TEXT.findall(text)


def is_cut_off(text: str) -> bool:
    """Whether *text* begins as an ARN and lacks a part, so that IAM takes no policy with it."""
    is_whole = text.count(":") >= ARN_PARTS - 1 and not text.endswith(":")
    if is_whole or not text.startswith("arn:") or "*" in text or not is_plain(text):
        return False
    return Arn.parse(text) is None


def account_named(principal: str) -> str | None:
    """Return the account that a principal names as a whole, by its id or as its `root`."""
    if _ACCOUNT_ID.fullmatch(principal):
        return principal
    arn = Arn.parse(principal)
    is_root = arn is not None and arn.service == "iam" and arn.resource == "root"
    return arn.account_id if arn and is_root and not arn.region else None


def service_of(resource: str) -> str:
    """
    Return the service that a resource of a policy is of; empty for `*` and the like.

    A pattern may have fewer parts than an ARN, as `arn:aws:s3:*`.
    """
    prefix, *parts = split_outside(resource, ":", ARN_PARTS)
    return parts[1] if prefix == "arn" and len(parts) > 1 else ""


def split_outside(text: str, separator: str, most: int = 0) -> list[str]:
    """Split at each *separator* that is not in a `${…}`, into at most so many parts."""
    if is_plain(text):
        return text.split(separator, most - 1)
    parts = [""]
    for piece in split_text(text):
        if isinstance(piece, str):
            first, *more = piece.split(separator, most - len(parts) if most else -1)
            parts[-1] += first
            parts.extend(more)
        else:
            parts[-1] += piece.text if isinstance(piece, Reference) else f"${{{piece.name}}}"
    return parts
