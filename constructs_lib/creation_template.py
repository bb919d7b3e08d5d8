"""
The settings of repositories that ECR makes by itself: for a cache, or for a copy of another one.

Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates.html
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from constructs_lib.ecr_settings import Encryption, TagMutability
from constructs_lib.keyword_types import check_value
from constructs_lib.lifecycle import LifecycleRule
from constructs_lib.lifecycle_policy import check_lifecycle
from constructs_lib.pull_through_cache import check_role_arn, check_role_place
from constructs_lib.repository_prefix import check_prefix
from deploy_access.errors import Problem, reject
from deploy_access.iam.limits import check_account, check_many, check_tags

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from constructs_lib.aws_target import AwsTarget

Occasion = Literal["PULL_THROUGH_CACHE", "REPLICATION"]

_PREFIX_LENGTH = 256
_DESCRIPTION_LENGTH = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class CreationTemplate:
    """
    What a repository gets that ECR makes; one that is there already stays as it is.

    Attributes:
        prefix: What the names of the repositories begin with; `ROOT` for all that no other
            template is about.
        applied_for: When ECR makes them: `PULL_THROUGH_CACHE`, `REPLICATION`.
        tag_mutability: Left out, immutable; for a cache mutable, since the other registry moves
            its tags, and ECR could not follow.
        encryption: AES256 when left out.
        lifecycle: What is deleted when. Left out, untagged images after 14 days; () nothing.
        pull_accounts: Accounts that may pull.
        role: The ARN of the role with which ECR sets tags and uses a key; needed for these.
        description: What it is for.
        tags: The tags of the repositories.

    Raises:
        InvalidValue: Something that ECR would refuse.
    """

    prefix: str
    applied_for: Sequence[Occasion]
    tag_mutability: TagMutability | None = None
    encryption: Encryption | None = None
    lifecycle: Sequence[LifecycleRule] | None = None
    pull_accounts: Sequence[str] = ()
    role: str | None = None
    description: str | None = None
    tags: Mapping[str, str] | None = None

    def __post_init__(self) -> None:
        check_value(self)
        for name in ("applied_for", "pull_accounts"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        lifecycle = None if self.lifecycle is None else tuple(self.lifecycle)
        object.__setattr__(self, "lifecycle", lifecycle)
        reject(_check(self))
        tags = MappingProxyType(dict(self.tags or {}))
        object.__setattr__(self, "tags", tags)

    @property
    def mutability(self) -> TagMutability:
        """The mutability of tags, with its default."""
        is_cache = "PULL_THROUGH_CACHE" in self.applied_for
        default = TagMutability.mutable() if is_cache else TagMutability.immutable()
        return self.tag_mutability or default

    @property
    def rules(self) -> Sequence[LifecycleRule]:
        """The rules of the lifecycle, with their default."""
        return [LifecycleRule.expire_untagged()] if self.lifecycle is None else self.lifecycle


def check_templates(templates: Sequence[CreationTemplate], target: AwsTarget) -> Iterator[Problem]:
    """Check *templates* against the registry of *target*, and against each other."""
    prefixes = [template.prefix for template in templates]
    if len(set(prefixes)) != len(prefixes):
        yield Problem(
            what="Each template has a `prefix` of its own.",
            given=prefixes,
            why="ECR keeps one template for a prefix.",
            fix="Join the two: `applied_for` may name both occasions.",
        )
    for template in templates:
        yield from check_role_place("role", template.role, target)


def _check(template: CreationTemplate) -> Iterator[Problem]:
    yield from check_prefix("prefix", template.prefix, _PREFIX_LENGTH)
    yield from check_many("applied_for", template.applied_for, empty=False)
    if template.lifecycle:
        yield from check_lifecycle(template.lifecycle)
    yield from check_many("pull_accounts", template.pull_accounts, empty=True)
    for account in template.pull_accounts:
        yield from check_account(account)
    if template.role is not None:
        yield from check_role_arn("role", template.role)
    yield from _check_description(template.description or "")
    yield from check_tags(template.tags)
    yield from _check_needs_role(template)


def _check_description(text: str) -> Iterator[Problem]:
    if len(text) > _DESCRIPTION_LENGTH:
        yield Problem(
            what=f"The description of a template has at most {_DESCRIPTION_LENGTH} characters.",
            given=text,
            why="ECR refuses a longer one.",
            fix="Shorten it.",
        )


def _check_needs_role(template: CreationTemplate) -> Iterator[Problem]:
    uses_key = template.encryption is not None and template.encryption.type != "AES256"
    if template.role is None and (uses_key or template.tags):
        yield Problem(
            what="A template with tags or a key of KMS needs a `role`.",
            given={"tags": template.tags, "encryption": template.encryption},
            why="ECR's own role may set no tags and use no key, so no repository could be made.",
            fix="Name a role that trusts ecr.amazonaws.com and may `ecr:CreateRepository`, "
            "`ecr:TagResource` and, for a key, `kms:CreateGrant`, `kms:RetireGrant` and "
            "`kms:DescribeKey`.",
        )
