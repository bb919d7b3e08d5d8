"""
The settings of repositories that ECR makes by itself: for a cache, or for a copy of another one.

Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, cast

from constructs_lib.ecr_settings import Encryption, TagMutability
from constructs_lib.lifecycle import LifecycleRule
from constructs_lib.lifecycle_policy import check_lifecycle
from constructs_lib.pull_through_cache import check_role_arn, check_role_place
from constructs_lib.repository_prefix import check_prefix
from constructs_lib.value_checks import (
    check_kind,
    check_kinds,
    check_text,
    check_texts,
    frozen,
    is_known_text,
    is_texts,
)
from deploy_access.errors import Problem, did_you_mean, reject
from deploy_access.iam.limits import check_account, check_tags

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from constructs_lib.aws_target import AwsTarget

Occasion = Literal["PULL_THROUGH_CACHE", "REPLICATION"]
OCCASIONS: tuple[Occasion, ...] = ("PULL_THROUGH_CACHE", "REPLICATION")

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
        for name in ("applied_for", "lifecycle", "pull_accounts"):
            object.__setattr__(self, name, frozen(getattr(self, name)))
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
    yield from _check_occasions(template.applied_for)
    yield from check_kind("tag_mutability", template.tag_mutability, TagMutability, optional=True)
    yield from check_kind("encryption", template.encryption, Encryption, optional=True)
    yield from _check_lifecycle(template.lifecycle)
    yield from check_texts("pull_accounts", template.pull_accounts, empty=True)
    for account in template.pull_accounts if is_texts(template.pull_accounts) else ():
        yield from check_account(account)
    yield from check_text(
        "role", template.role, "arn:aws:iam::111122223333:role/ecr-cache", optional=True
    )
    if is_known_text(template.role):
        yield from check_role_arn("role", template.role)
    yield from _check_description(template.description)
    yield from _check_tags(template.tags)
    yield from _check_needs_role(template)


def _check_occasions(occasions: object) -> Iterator[Problem]:
    yield from check_texts("applied_for", occasions, empty=False)
    for occasion in occasions if is_texts(occasions) else ():
        if occasion not in OCCASIONS:
            yield Problem(
                what="`applied_for` says when ECR makes the repositories.",
                given=occasion,
                why="The AWS provider knows `PULL_THROUGH_CACHE` and `REPLICATION`.",
                fix=did_you_mean(occasion, OCCASIONS) or "Make other repositories yourself.",
            )


def _check_lifecycle(rules: object) -> Iterator[Problem]:
    if rules is None or rules == ():
        return
    found = [*check_kinds("lifecycle", rules, LifecycleRule)]
    yield from found or check_lifecycle(cast("Sequence[LifecycleRule]", rules))


def _check_description(text: object) -> Iterator[Problem]:
    yield from check_text("description", text, "Copies of Docker Hub", optional=True)
    if isinstance(text, str) and len(text) > _DESCRIPTION_LENGTH:
        yield Problem(
            what=f"The description of a template has at most {_DESCRIPTION_LENGTH} characters.",
            given=text,
            why="ECR refuses a longer one.",
            fix="Shorten it.",
        )


def _check_tags(tags: object) -> Iterator[Problem]:
    if tags is None:
        return
    table = cast("Mapping[object, object]", tags)
    if not isinstance(tags, Mapping) or not is_texts([*table, *table.values()]):
        yield Problem(
            what="`tags` is a table of texts.",
            given=table,
            why="AWS has no other tags.",
            fix="Write tags={'team': 'web'}.",
        )
    else:
        yield from check_tags(cast("Mapping[str, str]", tags))


def _check_needs_role(template: CreationTemplate) -> Iterator[Problem]:
    uses_key = isinstance(template.encryption, Encryption) and template.encryption.type != "AES256"
    if template.role is None and (uses_key or template.tags):
        yield Problem(
            what="A template with tags or a key of KMS needs a `role`.",
            given={"tags": template.tags, "encryption": template.encryption},
            why="ECR's own role may set no tags and use no key, so no repository could be made.",
            fix="Name a role that trusts ecr.amazonaws.com and may `ecr:CreateRepository`, "
            "`ecr:TagResource` and, for a key, `kms:CreateGrant`, `kms:RetireGrant` and "
            "`kms:DescribeKey`.",
        )
