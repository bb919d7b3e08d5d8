"""
Rules for the images that ECR deletes or archives, and the time of it.

Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from constructs_lib.keyword_types import check_value
from deploy_access.argument_types import is_number_reference
from deploy_access.errors import Problem, reject

if TYPE_CHECKING:
    from collections.abc import Iterator

CountType = Literal[
    "imageCountMoreThan", "sinceImagePushed", "sinceImagePulled", "sinceImageTransitioned"
]

ARCHIVED_DAYS = 90
"""How long an archived image must stay, in days (reported, not in AWS's documentation)."""
# "Tag patterns" on the page above.
_MOST_WILDCARDS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Images:
    """
    The images that a rule applies to.

    Attributes:
        status: `tagged`, `untagged`, or `any`.
        prefixes: What the tags begin with; an image needs a tag for each entry.
        patterns: What the tags look like, with up to four `*` each.
    """

    status: Literal["tagged", "untagged", "any"]
    prefixes: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_value(self)
        reject(_check_images(self))

    @classmethod
    def untagged(cls) -> Images:
        """Images that have no tag any more."""
        return cls(status="untagged")

    @classmethod
    def any(cls) -> Images:
        """Every image that no earlier rule applies to."""
        return cls(status="any")

    @classmethod
    def with_prefix(cls, *prefixes: str) -> Images:
        """Images with a tag for each prefix."""
        return cls(status="tagged", prefixes=prefixes)

    @classmethod
    def matching(cls, *patterns: str) -> Images:
        """Images with a tag for each pattern."""
        return cls(status="tagged", patterns=patterns)

    def to_dict(self) -> dict[str, object]:
        """Return it as ECR's JSON has it, without nulls."""
        found: dict[str, object] = {"tagStatus": self.status}
        if self.prefixes:
            found["tagPrefixList"] = sorted(self.prefixes)
        if self.patterns:
            found["tagPatternList"] = sorted(self.patterns)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class LifecycleRule:
    """
    One rule of a lifecycle policy; its class methods are named after what they do.

    Attributes:
        images: Which images.
        count_type: What is counted.
        count: How many images, or how many days; 1 or more.
        archive: Whether images move to the archive, where they cannot be pulled, in place of
            being deleted.
        priority: Lower comes first. Rules without one follow in the order of the list, and of them
            those for any image last.

    Raises:
        InvalidValue: Something that ECR would refuse.
    """

    images: Images
    count_type: CountType
    count: int
    archive: bool = False
    priority: int | None = None

    def __post_init__(self) -> None:
        check_value(self)
        reject(_check_rule(self))

    @classmethod
    def expire_untagged(cls, *, days: int = 14, priority: int | None = None) -> LifecycleRule:
        """Delete images *days* after they were pushed, once no tag points at them."""
        return cls.expire(Images.untagged(), days=days, priority=priority)

    @classmethod
    def expire(cls, images: Images, *, days: int, priority: int | None = None) -> LifecycleRule:
        """Delete images *days* after they were pushed."""
        return cls(images=images, count_type="sinceImagePushed", count=days, priority=priority)

    @classmethod
    def keep(cls, images: Images, *, count: int, priority: int | None = None) -> LifecycleRule:
        """Delete all but the newest *count* images."""
        return cls(images=images, count_type="imageCountMoreThan", count=count, priority=priority)

    @classmethod
    def archive_unpulled(
        cls, images: Images, *, days: int, priority: int | None = None
    ) -> LifecycleRule:
        """
        Archive images *days* after their last pull.

        An archived image cannot be pulled: a service that runs it cannot scale any more.
        """
        return cls(
            images=images,
            count_type="sinceImagePulled",
            count=days,
            archive=True,
            priority=priority,
        )

    @classmethod
    def archive_after(
        cls, images: Images, *, days: int, priority: int | None = None
    ) -> LifecycleRule:
        """Archive images *days* after they were pushed."""
        return cls(
            images=images,
            count_type="sinceImagePushed",
            count=days,
            archive=True,
            priority=priority,
        )

    @classmethod
    def expire_archived(
        cls, images: Images, *, days: int, priority: int | None = None
    ) -> LifecycleRule:
        """Delete images *days* (90 or more) after they were archived."""
        return cls(
            images=images, count_type="sinceImageTransitioned", count=days, priority=priority
        )

    @property
    def storage_class(self) -> Literal["standard", "archive"]:
        """The storage class of the images that the rule applies to."""
        return "archive" if self.count_type == "sinceImageTransitioned" else "standard"

    @property
    def selection(self) -> dict[str, object]:
        """The `selection` of the rule, as ECR's JSON has it."""
        selection = {
            **self.images.to_dict(),
            "countType": self.count_type,
            "countNumber": self.count,
        }
        if self.count_type != "imageCountMoreThan":
            selection["countUnit"] = "days"
        if self.storage_class == "archive":
            selection["storageClass"] = "archive"
        return selection

    def to_dict(self) -> dict[str, object]:
        """Return it as ECR's JSON has it, without nulls."""
        action = {"type": "expire"}
        if self.archive:
            action = {"type": "transition", "targetStorageClass": "archive"}
        return {"rulePriority": self.priority, "selection": self.selection, "action": action}


def _check_images(images: Images) -> Iterator[Problem]:
    if images.status == "tagged" and bool(images.prefixes) == bool(images.patterns):
        yield Problem(
            what="A rule for tagged images has prefixes or patterns, not both and not neither.",
            given={"prefixes": images.prefixes, "patterns": images.patterns},
            why="ECR refuses any other.",
            fix="Use `Images.with_prefix(...)` or `Images.matching(...)`, or `Images.any()`.",
        )
    if images.status != "tagged" and (images.prefixes or images.patterns):
        yield Problem(
            what="Prefixes and patterns name only tagged images.",
            given={"status": images.status, "tags": (*images.prefixes, *images.patterns)},
            why="ECR refuses them with any other status.",
            fix="Use `Images.with_prefix(...)` or `Images.matching(...)`.",
        )
    many = [p for p in images.patterns if p.count("*") > _MOST_WILDCARDS]
    empty = [text for text in (*images.prefixes, *images.patterns) if not text]
    if many or empty:
        yield Problem(
            what=f"A tag pattern is not empty and has at most {_MOST_WILDCARDS} `*`.",
            given=many or empty,
            why="ECR refuses any other.",
            fix="Shorten the pattern, or use `Images.any()`.",
        )


def _check_rule(rule: LifecycleRule) -> Iterator[Problem]:
    yield from _check_count(rule)
    if rule.count_type == "sinceImageTransitioned" and rule.archive:
        yield Problem(
            what="The time since they were archived is that of images already archived.",
            given=rule.count_type,
            why="They cannot be archived again, only deleted.",
            fix="Use `expire_archived`.",
        )
    if rule.count_type == "sinceImagePulled" and not rule.archive:
        yield Problem(
            what="The time since the last pull archives images, it does not delete them.",
            given=rule.count_type,
            why="ECR refuses it with `expire`.",
            fix="Use `archive_unpulled`, and `expire_archived` after it.",
        )
    if rule.priority is not None and rule.priority < 1:
        yield Problem(
            what="A priority is 1 or more.",
            given=rule.priority,
            why="ECR refuses any other.",
            fix="Leave it out: the order of the list decides.",
        )


def _check_count(rule: LifecycleRule) -> Iterator[Problem]:
    if is_number_reference(rule.count):
        return
    if rule.count < 1:
        yield Problem(
            what="A rule counts 1 or more images or days.",
            given=rule.count,
            why="ECR refuses any other.",
            fix="To keep nothing, do not push it.",
        )
    if rule.count_type == "sinceImageTransitioned" and rule.count < ARCHIVED_DAYS:
        yield Problem(
            what=f"An archived image stays at least {ARCHIVED_DAYS} days.",
            given=rule.count,
            why="ECR refuses a shorter time.",
            fix=f"Use days={ARCHIVED_DAYS} or more.",
        )
