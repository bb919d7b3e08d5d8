"""
Copies of a registry's images in other regions and accounts.

Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from constructs_lib.keyword_types import check_value
from deploy_access.errors import Problem, reject
from deploy_access.iam.limits import check_account, check_many, check_region, is_reference
from deploy_access.partition import partition_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from constructs_lib.aws_target import AwsTarget

EVERY = "*"
"""The one prefix that stands for every repository."""

# https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_RepositoryFilter.html
_PREFIX = re.compile(r"([a-z0-9]+([._-][a-z0-9]*)*/)*[a-z0-9]*([._-][a-z0-9]*)*")
_PREFIX_LENGTH = (2, 256)
_MOST_PREFIXES = 100
# https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html; the provider too.
_MOST_RULES = 10
_MOST_DESTINATIONS = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicationRule:
    """
    Copy what is pushed from now on; images that are there already are not copied.

    Attributes:
        regions: The regions that get a copy.
        prefixes: What the names of the repositories begin with: `web` is `web-admin` too. `*`
            alone stands for every repository.
        account: The account that gets it, whose registry has to allow that; the registry's own
            when left out.

    Raises:
        InvalidValue: Something that ECR would refuse.
    """

    regions: Sequence[str]
    prefixes: Sequence[str]
    account: str | None = None

    def __post_init__(self) -> None:
        check_value(self)
        for name in ("regions", "prefixes"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        reject(_check(self))

    def destinations(self, target: AwsTarget) -> list[tuple[str, str]]:
        """List the account and region of each copy."""
        return [(self.account or target.account, region) for region in self.regions]

    @property
    def filters(self) -> Sequence[str]:
        """The prefixes as ECR takes them: none is every repository."""
        return () if self.prefixes == (EVERY,) else self.prefixes


def check_replication(rules: Sequence[ReplicationRule], target: AwsTarget) -> Iterator[Problem]:
    """Check that ECR takes *rules* together in *target*."""
    copies = [copy for rule in rules for copy in rule.destinations(target)]
    if len(rules) > _MOST_RULES or len(set(copies)) > _MOST_DESTINATIONS:
        yield Problem(
            what=f"A registry has up to {_MOST_RULES} rules of replication, with up to "
            f"{_MOST_DESTINATIONS} destinations in all.",
            given={"rules": len(rules), "destinations": len(set(copies))},
            why="ECR refuses more.",
            fix="Join rules with the same destinations.",
        )
    for account, region in dict.fromkeys(copies):
        if (account, region) == (target.account, target.region):
            yield Problem(
                what="A registry is replicated to another one.",
                given={"account": account, "region": region},
                why="This is the registry itself; ECR refuses it as a destination.",
                fix="Name another region, or the other account as `account`.",
            )
        found = None if is_reference(region) else partition_of(region)
        if found and not is_reference(target.partition) and found.name != target.partition:
            yield Problem(
                what=f"A registry is replicated within its partition, here {target.partition!r}.",
                given=region,
                why="Partitions share nothing.",
                fix=f"Push the image to {found.name!r} as well, with a role over there.",
            )


def _check(rule: ReplicationRule) -> Iterator[Problem]:
    yield from check_many("regions", rule.regions, empty=False)
    for region in rule.regions:
        yield from check_region(region)
    if rule.account is not None:
        yield from check_account(rule.account)
    yield from check_many("prefixes", rule.prefixes, empty=False)
    yield from _check_prefixes(rule.prefixes)


def _check_prefixes(prefixes: Sequence[str]) -> Iterator[Problem]:
    if len(prefixes) > _MOST_PREFIXES:
        yield Problem(
            what=f"`prefixes` has at most {_MOST_PREFIXES} entries.",
            given=len(prefixes),
            why="ECR refuses more.",
            fix="Make a second rule, or use shorter prefixes.",
        )
    if EVERY in prefixes and len(prefixes) > 1:
        yield Problem(
            what="`*` stands for every repository, and stands alone.",
            given=list(prefixes),
            why="The other prefixes would change nothing.",
            fix="Remove it, or the others.",
        )
    shortest, longest = _PREFIX_LENGTH
    for text in prefixes:
        if is_reference(text) or text == EVERY:
            continue
        if not _PREFIX.fullmatch(text) or not shortest <= len(text) <= longest:
            yield Problem(
                what=f"A prefix is the beginning of a repository's name, {shortest} to {longest} "
                "characters long.",
                given=text,
                why="ECR refuses any other, and knows no pattern here.",
                fix="For example 'web' or 'team/'; `*` alone is every repository.",
            )
