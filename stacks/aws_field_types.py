"""
Types of the values in `environments.toml` that AWS judges: roles, buckets, keys, tags, quotas.

Without these checks a wrong value shows only at apply, or when Terraform looks for its state.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator

from deploy_access.errors import InvalidValue, Problem, reject
from deploy_access.iam import limits
from deploy_access.iam.role_arn import parse_role
from stacks.field_types import Text, check_plain, checked

if TYPE_CHECKING:
    from collections.abc import Iterator

# The lengths are IAM's: a path of up to 512 characters with its slashes, a name of up to 64.
_PATH_AND_NAME = re.compile(r"((?!/)[\x21-\x7e]{1,510}/)?[A-Za-z0-9_+=,.@-]{1,64}")
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_IP_ADDRESS = re.compile(r"\d+(\.\d+){3}")


def _check_role(role: str) -> Iterator[Problem]:
    """Check a role of the account that uses it: its name, `path/name` or its ARN."""
    # Three ways to name a role; the prefix tells an ARN, since no name holds a `:`.
    if role.startswith("arn:"):
        yield from _check_role_arn(role)
    elif _holds_wildcard(role):
        yield _wildcard(role)
    elif not _PATH_AND_NAME.fullmatch(role):
        yield Problem(
            what="This takes a role: its name, `path/name` or its ARN.",
            given=role,
            why="IAM has no such role: a name is 1 to 64 letters, digits or `_+=,.@-`, and the "
            "path before it has no `/` in front.",
            fix="For example 'terraform', 'ops/terraform' or "
            "'arn:aws:iam::111122223333:role/terraform'.",
        )


def _check_role_arn(arn: str) -> Iterator[Problem]:
    if _holds_wildcard(arn):
        yield _wildcard(arn)
        return
    try:
        parts = parse_role(arn)
    except InvalidValue as error:
        yield from error.problems
    else:
        yield from limits.check_path(parts["path"])


def _holds_wildcard(role: str) -> bool:
    return not set("*?").isdisjoint(role)


def _wildcard(role: str) -> Problem:
    return Problem(
        what="A role that Terraform assumes is named without wildcards.",
        given=role,
        why="STS looks for exactly this role, and finds none.",
        fix="Write its whole path and name.",
    )


def _check_bucket(name: str) -> Iterator[Problem]:
    if not _BUCKET.fullmatch(name) or ".." in name or _IP_ADDRESS.fullmatch(name):
        yield Problem(
            what="A bucket is named by 3 to 63 lower-case letters, digits, `.` or `-`; it begins "
            "and ends with a letter or digit, holds no `..`, and is no IP address.",
            given=name,
            why="S3 has no other buckets, so `terraform init` would fail.",
            fix="Write the bucket's name, without `s3://` and not as an ARN: for example "
            "'acme-terraform-state'.",
        )


def _check_key_prefix(prefix: str) -> Iterator[Problem]:
    if not prefix:
        return
    if not prefix.endswith("/") or prefix.startswith("/") or "//" in prefix:
        yield Problem(
            what="`key_prefix` is empty, or ends in `/`, without one in front and without `//`.",
            given=prefix,
            why="The stack's name follows it at once, and each `/` of a key in S3 counts.",
            fix="For example 'deploy-access/'.",
        )


def _check_key_arn(arn: str) -> Iterator[Problem]:
    if not limits.is_kms_key_arn(arn):
        yield Problem(
            what="`kms_key` is the ARN of a KMS key.",
            given=arn,
            why="Permission to use a key is given by its ARN; an alias or an id names none.",
            fix="For example 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-...'.",
        )


def _check_key_or_alias_arn(arn: str) -> Iterator[Problem]:
    if not (limits.is_kms_key_arn(arn) or limits.is_kms_alias_arn(arn)):
        yield Problem(
            what="`kms_key` is the ARN of a KMS key.",
            given=arn,
            why="An id or an alias alone comes back from AWS as an ARN: every plan would replace "
            "the repository.",
            fix="For example 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-...'.",
        )


def _check_tags(tags: dict[str, str]) -> dict[str, str]:
    texts = [text for tag in tags.items() for text in tag]
    # First: to what checks tags for constructs, an expression is a reference and may be anything.
    reject(problem for text in texts for problem in check_plain(text))
    reject(limits.check_tags(tags))
    return tags


RoleOfAccount = Annotated[Text, checked(_check_role)]
RoleArn = Annotated[Text, checked(_check_role_arn)]
BucketName = Annotated[Text, checked(_check_bucket)]
KeyPrefix = Annotated[str, checked(check_plain), checked(_check_key_prefix)]
KeyArn = Annotated[Text, checked(_check_key_arn)]
KeyOrAliasArn = Annotated[Text, checked(_check_key_or_alias_arn)]
Tags = Annotated[dict[str, str], AfterValidator(_check_tags)]
TrustPolicyQuota = Annotated[int, checked(limits.check_trust_policy_quota)]
ManagedPoliciesQuota = Annotated[int, checked(limits.check_managed_policies_quota)]
