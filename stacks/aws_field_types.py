"""
Types of the values in `environments.toml` that AWS judges: roles, buckets, keys, tags, quotas.

Without these checks a wrong value shows only at apply, or when Terraform looks for its state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator

from deploy_access.bootstrap.terraform_state import check_bucket, check_key_arn, check_key_prefix
from deploy_access.errors import Problem, reject
from deploy_access.iam import limits
from deploy_access.iam.role_arn import check_role, check_role_arn

from .field_types import Text, check_plain, checked

if TYPE_CHECKING:
    from collections.abc import Iterator


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


RoleOfAccount = Annotated[Text, checked(check_role)]
RoleArn = Annotated[Text, checked(check_role_arn)]
BucketName = Annotated[Text, checked(check_bucket)]
KeyPrefix = Annotated[str, checked(check_plain), checked(check_key_prefix)]
KeyArn = Annotated[Text, checked(check_key_arn)]
KeyOrAliasArn = Annotated[Text, checked(_check_key_or_alias_arn)]
Tags = Annotated[dict[str, str], AfterValidator(_check_tags)]
TrustPolicyQuota = Annotated[int, checked(limits.check_trust_policy_quota)]
ManagedPoliciesQuota = Annotated[int, checked(limits.check_managed_policies_quota)]
