"""The place of Terraform's states in S3, as permissions name it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.argument_types import check_fields
from deploy_access.errors import Problem, reject
from deploy_access.iam import limits
from deploy_access.iam.references import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Iterator

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_IP_ADDRESS = re.compile(r"\d+(\.\d+){3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TerraformState:
    """
    The states of one repository's stacks: everything below a prefix of one bucket.

    Attributes:
        bucket: The bucket's name.
        key_prefix: What the keys of the states begin with, up to a `/`: `deploy-access/`.
        kms_key: The ARN of the key that encrypts them; None when it is S3's own.

    Raises:
        InvalidValue: The bucket, the prefix or the key cannot be named so in a policy, or the
            prefix is empty.
    """

    bucket: str
    key_prefix: str
    kms_key: str | None = None

    def __post_init__(self) -> None:
        check_fields(self)
        reject(self._problems())

    def _problems(self) -> Iterator[Problem]:
        yield from check_bucket(self.bucket)
        yield from check_key_prefix(self.key_prefix)
        if not self.key_prefix:
            yield Problem(
                what="`key_prefix` says which of the bucket's states are meant.",
                given=self.key_prefix,
                why="Without one, every object of the bucket could be read, those of others too.",
                fix="Keep the states below a prefix, for example 'deploy-access/'.",
            )
        if self.kms_key is not None:
            yield from check_key_arn(self.kms_key)


def check_bucket(name: str) -> Iterator[Problem]:
    """Check the name of a bucket."""
    if not _BUCKET.fullmatch(name) or ".." in name or _IP_ADDRESS.fullmatch(name):
        yield Problem(
            what="A bucket is named by 3 to 63 lower-case letters, digits, `.` or `-`; it begins "
            "and ends with a letter or digit, holds no `..`, and is no IP address.",
            given=name,
            why="S3 has no other buckets, so `terraform init` would fail.",
            fix="Write the bucket's name, without `s3://` and not as an ARN: for example "
            "'acme-terraform-state'.",
        )


def check_key_prefix(prefix: str) -> Iterator[Problem]:
    """Check what the keys of states begin with; it may be empty."""
    if has_wildcard(prefix) or limits.is_reference(prefix):
        yield Problem(
            what="`key_prefix` is a plain text, without `*`, `?` and `${`.",
            given=prefix,
            why="Policies name the states by it, and IAM would read a wildcard there.",
            fix="For example 'deploy-access/'.",
        )
    elif prefix and (not prefix.endswith("/") or prefix.startswith("/") or "//" in prefix):
        yield Problem(
            what="`key_prefix` is empty, or ends in `/`, without one in front and without `//`.",
            given=prefix,
            why="The stack's name follows it at once, and each `/` of a key in S3 counts.",
            fix="For example 'deploy-access/'.",
        )


def check_key_arn(arn: str) -> Iterator[Problem]:
    """Check the ARN of the key that encrypts states."""
    if not limits.is_kms_key_arn(arn):
        yield Problem(
            what="`kms_key` is the ARN of a KMS key.",
            given=arn,
            why="Permission to use a key is given by its ARN; an alias or an id names none.",
            fix="For example 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-...'.",
        )
