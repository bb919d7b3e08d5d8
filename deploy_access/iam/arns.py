"""
ARNs: taken apart, and compared, part by part in a condition, as a whole in `Resource`.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from deploy_access.iam.comparison import Comparison, all_equal, comparison_of
from deploy_access.iam.pattern_machine import Token, Wild
from deploy_access.iam.patterns import WILDCARDS, compare_text, matches_plain
from deploy_access.iam.references import (
    Reference,
    has_reference,
    is_out_of_reach,
    is_plain,
    split_text,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deploy_access.iam.policy_variables import Reader

_PARTS = 6
_ACCOUNT_ID = re.compile(r"[0-9]{12}")


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

    @classmethod
    def parse(cls, text: str) -> Arn | None:
        """
        Take *text* apart; None when it is no ARN.

        The `:` and `/` inside of a `${…}` are not separators: `${data.x["a:b"].arn}` is one field.
        """
        prefix, *fields = _split(text, ":", _PARTS)
        if prefix != "arn" or len(fields) < _PARTS - 1 or not fields[-1]:
            return None
        partition, service, region, account, resource = fields
        return cls(
            partition=partition, service=service, region=region, account=account, resource=resource
        )

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
        return _split(self.resource, "/")[-1]

    def is_iam(self, resource_type: str) -> bool:
        """Whether it is the ARN of an IAM resource such as `role`, `policy` or `user`."""
        is_global_iam = self.service == "iam" and not self.region
        return is_global_iam and self.resource.startswith(f"{resource_type}/")

    @property
    def _resource_parts(self) -> list[str]:
        by_colon, by_slash = (_split(self.resource, sign, 2) for sign in ":/")
        return by_colon if len(by_colon[0]) < len(by_slash[0]) else by_slash


def account_of(arn: str) -> str | None:
    """Return the account in an ARN; None when it has none, or none that is known."""
    found = Arn.parse(arn)
    return found.account_id if found else None


def compare_arn(held: str, wanted: str, reader: Reader) -> Comparison:
    """
    Compare two ARNs as the ARN operators do: a wildcard stays within its part.

    AWS checks each of the six parts separately. A text of fewer parts is no ARN, and meets neither
    an operator nor its negation.
    """
    patterns = [reader.pattern(part, WILDCARDS) for part in _split(wanted, ":", _PARTS)]
    known = [pattern for pattern in patterns if pattern is not None]
    if len(known) < len(patterns):
        return Comparison.INVALID
    parts = _split_symbols(reader.held(held))
    if len(parts) == len(known) == _PARTS:
        return all_equal(
            compare_text(pattern, part) for pattern, part in zip(known, parts, strict=True)
        )
    if has_reference(wanted) or (reader.context.references and has_reference(held)):
        return compare_text(_joined(known), reader.held(held))
    return Comparison.INVALID


def compare_resource(held: str, wanted: str, reader: Reader) -> Comparison:
    """
    Compare the resource of a request with one of a policy.

    A `*` at the end of a part reaches over the next `:`, so a pattern may have fewer than six
    parts: `arn:aws:s3:*`, or `*` alone. Any other one does not; in the last part, the name of the
    resource, both do. The page on `Resource` (above) says so, and has no exception for the type of
    a resource, as in `arn:aws:ecs:*:*:s*/web`. It forbids a wildcard in the service, and does not
    say what becomes of one; here it matches.
    """
    if is_out_of_reach(wanted, held):
        return Comparison.DIFFERENT
    if _is_simple(wanted) and isinstance(text := reader.held(held), str):
        return comparison_of(equal=matches_plain(wanted, text))
    pattern = reader.pattern(wanted, WILDCARDS)
    if pattern is None:
        return Comparison.INVALID
    return compare_text(_within_parts(pattern), reader.held(held))


@lru_cache(maxsize=1024)
def _is_simple(wanted: str) -> bool:
    """Whether no wildcard has to stay within its part, so that plain matching says the same."""
    parts = wanted.split(":", _PARTS - 1)[: _PARTS - 1]
    return is_plain(wanted) and not any("?" in part or "*" in part[:-1] for part in parts)


def _within_parts(pattern: Sequence[Token]) -> list[Token]:
    found: list[Token] = []
    part = 1
    for place, item in enumerate(pattern):
        part += item == ":"
        last = place + 1 == len(pattern) or pattern[place + 1] == ":"
        if part < _PARTS and item is Wild.ANY and not last:
            found.append(Wild.ANY_IN_PART)
        elif part < _PARTS and item is Wild.ONE:
            found.append(Wild.ONE_IN_PART)
        else:
            found.append(item)
    return found


def _split(text: str, separator: str, most: int = 0) -> list[str]:
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


def _split_symbols(text: Sequence[str | Reference]) -> list[Sequence[str | Reference]]:
    if isinstance(text, str):
        return [*text.split(":", _PARTS - 1)]
    parts: list[list[str | Reference]] = [[]]
    for symbol in text:
        if symbol == ":" and len(parts) < _PARTS:
            parts.append([])
        else:
            parts[-1].append(symbol)
    return [*parts]


def _joined(parts: Sequence[Sequence[Token]]) -> list[Token]:
    found: list[Token] = []
    for number, part in enumerate(parts):
        found.extend([":", *part] if number else part)
    return found
