"""
The limits that AWS sets on single values; each check yields the problems that it finds.

Source: botocore's models of iam, sts and ecr unless a check says otherwise.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deploy_access.argument_types import is_number_reference, single_text
from deploy_access.errors import Problem
from deploy_access.partition import PARTITIONS, partition_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

TRUST_POLICY_QUOTA = 2048
"""Characters of a trust policy; AWS raises it to 8,192 on request (quota L-C07B4B0D)."""
TRUST_POLICY_QUOTA_MOST = 8192
MANAGED_POLICIES_QUOTA = 20
"""Managed policies of a role; AWS raises it to 25 on request."""
MANAGED_POLICIES_QUOTA_MOST = 25
INLINE_POLICIES_SIZE = 10_240
"""Characters of all inline policies of a role together."""
MANAGED_POLICY_SIZE = 6_144
"""Characters of a managed policy."""
# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html
TAG_COUNT = 50
SESSION_SECONDS = (3600, 43200)
"""The shortest and the longest `max_session_duration`, in seconds."""

_ACCOUNT = re.compile(r"\d{12}")
_IAM_NAME = re.compile(r"[A-Za-z0-9_+=,.@-]+")
_PATH = re.compile(r"/([\x21-\x7e]+/)?")
_POLICY_ARN = re.compile(r"arn:[a-z0-9-]+:iam::(\d{12}|aws):policy/[\x21-\x7e]*[A-Za-z0-9_+=,.@-]+")
# https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id-key-ARN
_KMS_KEY_ARN = re.compile(r"arn:[a-z0-9-]+:kms:[a-z0-9-]+:\d{12}:key/[A-Za-z0-9-]+")
_KMS_ALIAS_ARN = re.compile(r"arn:[a-z0-9-]+:kms:[a-z0-9-]+:\d{12}:alias/[A-Za-z0-9/_-]+")
_DESCRIPTION = re.compile(r"[\t\n\r\x20-\x7e\xa1-\xff]*")
_TAG = re.compile(r"[\w\s.:/=+\-@]*")
_REFERENCE = re.compile(r"\$\{[^}]*\}")
_ECS_NAME = re.compile(r"[A-Za-z0-9_-]{1,255}")

ROLE_NAME_LENGTH = 64
POLICY_NAME_LENGTH = 128
PATH_LENGTH = 512
DESCRIPTION_LENGTH = 1000


def is_reference(value: str) -> bool:
    """Whether *value* holds a reference of Terraform, so that it cannot be checked now."""
    return "${" in value


def without_references(text: str) -> str:
    """Replace each reference of Terraform by a letter, so that the rest can be checked."""
    return _REFERENCE.sub("x", text)


def check_account(account: str) -> Iterator[Problem]:
    """Check an account id."""
    if is_reference(account):
        return
    if not _ACCOUNT.fullmatch(account):
        yield Problem(
            what="An AWS account id has twelve digits.",
            given=account,
            why="An ARN with any other text names nothing.",
            fix="Write it as text, leading zeros included, for example '012345678901'.",
        )


def check_region(region: str) -> Iterator[Problem]:
    """Check that a region lies in a partition; whether there is such a region is not known here."""
    if not is_reference(region) and partition_of(region) is None:
        yield Problem(
            what="A region lies in one of AWS's partitions.",
            given=region,
            why=f"ARNs begin with the partition ({', '.join(p.name for p in PARTITIONS)}).",
            fix="Use the region's code, for example 'eu-central-1'.",
        )


def check_role_name(name: str) -> Iterator[Problem]:
    """Check the name of a role."""
    if is_reference(name):
        return
    yield from _check_iam_name("role", name, ROLE_NAME_LENGTH)
    # https://github.com/aws-actions/configure-aws-credentials/issues/953
    if name == "GitHubActions":
        yield Problem(
            what="A role named exactly 'GitHubActions' cannot be assumed by the AWS action.",
            given=name,
            why="It is also the action's default session name, and AWS denies the call.",
            fix="Add what it is for, for example 'web-prod-deploy'.",
        )


def check_policy_name(name: str) -> Iterator[Problem]:
    """Check the name of a policy."""
    if not is_reference(name):
        yield from _check_iam_name("policy", name, POLICY_NAME_LENGTH)


def check_path(path: str) -> Iterator[Problem]:
    """Check the path of a role."""
    if not is_reference(path) and (not _PATH.fullmatch(path) or len(path) > PATH_LENGTH):
        yield Problem(
            what=f"A path begins and ends with `/` and has at most {PATH_LENGTH} characters.",
            given=path,
            why="IAM refuses any other at apply; `terraform plan` does not notice.",
            fix="For example '/deploy/'.",
        )


def check_session(seconds: int) -> Iterator[Problem]:
    """Check `max_session_duration`."""
    shortest, longest = SESSION_SECONDS
    if not is_number_reference(seconds) and not shortest <= seconds <= longest:
        yield Problem(
            what=f"`max_session_duration` is {shortest} to {longest} seconds.",
            given=seconds,
            why="IAM takes one hour to twelve; a session may be shorter than the role's maximum.",
            fix="Leave it out for one hour; ask for less in the workflow.",
        )


def check_trust_policy_quota(characters: int) -> Iterator[Problem]:
    """Check the account's quota of the length of a trust policy."""
    yield from _check_quota("trust_policy_quota", characters, TRUST_POLICY_QUOTA_MOST)


def check_managed_policies_quota(policies: int) -> Iterator[Problem]:
    """Check the account's quota of managed policies for one role."""
    yield from _check_quota("managed_policies_quota", policies, MANAGED_POLICIES_QUOTA_MOST)


def check_description(text: str) -> Iterator[Problem]:
    """Check the description of a role."""
    if is_reference(text):
        return
    if len(text) > DESCRIPTION_LENGTH or not _DESCRIPTION.fullmatch(text):
        yield Problem(
            what=f"A description has at most {DESCRIPTION_LENGTH} characters of Latin-1.",
            given=text,
            why="IAM refuses any other at apply.",
            fix="Shorten it, and write it with plain characters.",
        )


def check_policy_arn(keyword: str, arn: str) -> Iterator[Problem]:
    """Check the ARN of a managed policy."""
    if not is_reference(arn) and not _POLICY_ARN.fullmatch(arn):
        yield Problem(
            what=f"`{keyword}` takes the ARN of a managed policy.",
            given=arn,
            why="IAM refuses any other text at apply, and any other ARN attaches nothing.",
            fix="For example 'arn:aws:iam::aws:policy/ReadOnlyAccess'.",
        )


def is_kms_key_arn(text: str) -> bool:
    """Whether *text* is the ARN of a KMS key."""
    return _KMS_KEY_ARN.fullmatch(text) is not None


def is_kms_alias_arn(text: str) -> bool:
    """Whether *text* is the ARN of an alias of a KMS key."""
    return _KMS_ALIAS_ARN.fullmatch(text) is not None


def check_tags(tags: Mapping[str, str] | None) -> Iterator[Problem]:
    """Check tags: count, length, characters and AWS's own prefix."""
    found = tags or {}
    if len(found) > TAG_COUNT:
        yield Problem(
            what=f"A resource has at most {TAG_COUNT} tags.",
            given=len(found),
            why="AWS refuses more.",
            fix="Leave some out; default tags of the provider count as well.",
        )
    for key, value in found.items():
        if not _is_tag(key, 1, 128) or not _is_tag(value, 0, 256) or key.startswith("aws:"):
            yield Problem(
                what="A tag has a key of 1 to 128 and a value of up to 256 characters: letters, "
                "digits, spaces and `_ . : / = + - @`; the key does not begin with `aws:`.",
                given={key: value},
                why="AWS refuses any other at apply.",
                fix="Rename the tag.",
            )


def check_ecs_name(kind: str, name: str) -> Iterator[Problem]:
    """Check the name of a cluster, service or task family."""
    if not _ECS_NAME.fullmatch(without_references(name)):
        yield Problem(
            what=f"A {kind} is named by 1 to 255 letters, digits, `_` or `-`.",
            given=name,
            why="It becomes part of an ARN; with any other text the policy matches nothing.",
            fix=f"Pass the {kind}'s name, not its ARN: the rest of the ARN is known here.",
        )


def check_many(keyword: str, values: Sequence[str], *, empty: bool) -> Iterator[Problem]:
    """Check a list of texts: it is no single text, and no value is twice in it."""
    if isinstance(values, str):
        yield single_text(keyword, values)
    elif any(value.startswith("#{") for value in values):
        yield Problem(
            what=f"`{keyword}` is a list that is known now.",
            given=list(values),
            why="Terraform fills this one in later, and every entry becomes part of an ARN or of a "
            "resource's address.",
            fix="Name the entries; each may be a reference by itself.",
        )
    elif not values and not empty:
        yield Problem(
            what=f"`{keyword}` names at least one.",
            given=list(values),
            why="With none the policy would allow nothing.",
            fix="Name what may be used.",
        )
    elif len(set(values)) != len(values):
        yield Problem(
            what=f"`{keyword}` names each once.",
            given=list(values),
            why="A name that stands twice hides that another was meant.",
            fix="Remove or correct the second one.",
        )


def _check_quota(keyword: str, given: int, most: int) -> Iterator[Problem]:
    if not 1 <= given <= most:
        yield Problem(
            what=f"`{keyword}` is 1 to {most}.",
            given=given,
            why="AWS raises this quota no further.",
            fix="Say what the account has: AWS console, Service Quotas, IAM.",
        )


def _check_iam_name(kind: str, name: str, longest: int) -> Iterator[Problem]:
    if not _IAM_NAME.fullmatch(name) or len(name) > longest:
        yield Problem(
            what=f"The name of a {kind} has 1 to {longest} letters, digits or `_+=,.@-`.",
            given=name,
            why=f"IAM refuses any other at apply (this one has {len(name)}).",
            fix="Shorten it, or put what groups it into the path.",
        )


def _is_tag(text: str, shortest: int, longest: int) -> bool:
    if is_reference(text):
        return True
    return shortest <= len(text) <= longest and _TAG.fullmatch(text) is not None
