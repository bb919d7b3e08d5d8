"""
Tag mutability and encryption of an ECR repository: closed choices, each by name.

Sources: https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html,
https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from constructs_lib.keyword_types import check_value
from deploy_access.errors import Problem, reject
from deploy_access.iam.limits import is_kms_alias_arn, is_kms_key_arn, is_reference

if TYPE_CHECKING:
    from collections.abc import Iterator

# https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageTagMutabilityExclusionFilter.html
_FILTER = re.compile(r"[0-9A-Za-z._*-]{1,128}")
_MOST_FILTERS = 5
_MOST_WILDCARDS = 2


@dataclass(frozen=True, slots=True)
class TagMutability:
    """
    Whether a tag may be moved to another image.

    Attributes:
        mode: AWS's word for it.
        exclusions: Tags to which the opposite applies, with up to two `*` each.

    Raises:
        InvalidValue: Exclusions that ECR would refuse.
    """

    mode: Literal["IMMUTABLE", "MUTABLE", "IMMUTABLE_WITH_EXCLUSION", "MUTABLE_WITH_EXCLUSION"]
    exclusions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_value(self)
        reject(_check_exclusions(self))

    @classmethod
    def immutable(cls) -> TagMutability:
        """No tag ever moves: what was reviewed is what runs."""
        return cls("IMMUTABLE")

    @classmethod
    def mutable(cls) -> TagMutability:
        """Every tag may move: a push can replace the image that runs."""
        return cls("MUTABLE")

    @classmethod
    def immutable_except(cls, *exclusions: str) -> TagMutability:
        """Only tags like *exclusions* may move, for example `buildcache*`. Provider 6.8 on."""
        return cls("IMMUTABLE_WITH_EXCLUSION", exclusions)

    @classmethod
    def mutable_except(cls, *exclusions: str) -> TagMutability:
        """Every tag may move but those like *exclusions*. Provider 6.8 on."""
        return cls("MUTABLE_WITH_EXCLUSION", exclusions)


def tag_mutability(*, mutable: bool, exclusions: tuple[str, ...] = ()) -> TagMutability:
    """Return whether tags may move, and the tags to which the opposite applies."""
    if mutable:
        return TagMutability.mutable_except(*exclusions) if exclusions else TagMutability.mutable()
    return TagMutability.immutable_except(*exclusions) if exclusions else TagMutability.immutable()


@dataclass(frozen=True, slots=True)
class Encryption:
    """
    The encryption of the images. A change of it replaces the repository.

    Attributes:
        type: AWS's word for it.
        kms_key: The key's ARN; AWS's own key for ECR when left out.

    Raises:
        InvalidValue: The key is not an ARN, or the type takes none.
    """

    type: Literal["AES256", "KMS", "KMS_DSSE"]
    kms_key: str | None = None

    def __post_init__(self) -> None:
        check_value(self)
        reject(_check_key(self))

    @classmethod
    def aes256(cls) -> Encryption:
        """Keys that S3 manages."""
        return cls("AES256")

    @classmethod
    def kms(cls, key: str | None = None) -> Encryption:
        """A key in KMS."""
        return cls("KMS", key)

    @classmethod
    def kms_dsse(cls, key: str | None = None) -> Encryption:
        """Two layers, with a key in KMS."""
        return cls("KMS_DSSE", key)


def _check_exclusions(mutability: TagMutability) -> Iterator[Problem]:
    takes = mutability.mode.endswith("_WITH_EXCLUSION")
    count = len(mutability.exclusions)
    if takes and not 1 <= count <= _MOST_FILTERS:
        yield Problem(
            what=f"{mutability.mode} takes 1 to {_MOST_FILTERS} exclusions.",
            given=mutability.exclusions,
            why="ECR refuses any other number.",
            fix="Join them with `*`, or use `TagMutability.immutable()`.",
        )
    if not takes and count:
        yield Problem(
            what=f"{mutability.mode} takes no exclusions.",
            given=mutability.exclusions,
            why="ECR refuses them, or ignores them.",
            fix="Use `TagMutability.immutable_except(...)` or `.mutable_except(...)`.",
        )
    for text in mutability.exclusions:
        if not _FILTER.fullmatch(text) or text.count("*") > _MOST_WILDCARDS:
            yield Problem(
                what=f"An exclusion has 1 to 128 letters, digits or `._*-`, at most "
                f"{_MOST_WILDCARDS} of them `*`.",
                given=text,
                why="ECR refuses any other at apply.",
                fix="For example 'buildcache*'.",
            )


def _check_key(encryption: Encryption) -> Iterator[Problem]:
    key = encryption.kms_key
    if key is None or is_reference(key):
        return
    if encryption.type == "AES256" or not (is_kms_key_arn(key) or is_kms_alias_arn(key)):
        yield Problem(
            what="`kms_key` is the ARN of a KMS key, for KMS encryption.",
            given={encryption.type: key},
            why="An id or an alias alone comes back from AWS as an ARN: every plan would replace "
            "the repository.",
            fix="For example Encryption.kms('arn:aws:kms:eu-central-1:111122223333:key/...').",
        )
