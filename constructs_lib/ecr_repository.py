"""The Terraform resource of an ECR repository, and the checks of what it is made with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdktf import TerraformResourceLifecycle

from constructs_lib.element import Element
from constructs_lib.provider import (
    EcrRepository,
    EcrRepositoryEncryptionConfiguration,
    EcrRepositoryImageScanningConfiguration,
    EcrRepositoryImageTagMutabilityExclusionFilter,
)
from constructs_lib.provider_version import TAG_MUTABILITY_EXCLUSIONS, require_aws_provider
from constructs_lib.tree import stack_of, tags_or_none
from deploy_access.errors import Problem
from deploy_access.iam.limits import check_tags, is_reference

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cdktf import TerraformStack
    from constructs import Construct

    from constructs_lib.ecr_settings import Encryption, TagMutability
    from constructs_lib.provider import AwsProvider

# https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
_PART = r"[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*"
_NAME = re.compile(rf"{_PART}(/{_PART})*")
_NAME_LENGTH = (2, 256)


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositorySettings:
    """
    What a repository is made with beside its name.

    Attributes:
        mutability: Which tags may move.
        encryption: The keys of its images.
        scan_on_push: Whether ECR looks for known vulnerabilities in each image.
        force_delete: Whether Terraform may delete it with the images in it.
        prevent_destroy: Whether Terraform refuses every plan that would destroy it.
        tags: Tags beside the provider's default ones.
    """

    mutability: TagMutability
    encryption: Encryption
    scan_on_push: bool
    force_delete: bool
    prevent_destroy: bool
    tags: Mapping[str, str] | None

    def check(self) -> Iterator[Problem]:
        """Check the tags, and that deleting it is not both made easy and forbidden."""
        yield from check_tags(self.tags)
        if self.force_delete and self.prevent_destroy:
            yield Problem(
                what="`force_delete` and `prevent_destroy` contradict each other.",
                given={"force_delete": True, "prevent_destroy": True},
                why="One deletes the images with the repository, the other forbids that it goes.",
                fix="Keep `prevent_destroy` where images matter, `force_delete` where they do not.",
            )


def make_repository(
    scope: Construct, name: str, settings: RepositorySettings, provider: AwsProvider | None
) -> Element[EcrRepository]:
    """Make the resource below *scope*, and ask for a provider that knows what it uses."""
    kept = TerraformResourceLifecycle(prevent_destroy=True) if settings.prevent_destroy else None
    return Element(
        EcrRepository,
        scope,
        "Resource",
        name=name,
        image_tag_mutability=settings.mutability.mode,
        image_tag_mutability_exclusion_filter=_exclusions(stack_of(scope), settings.mutability),
        image_scanning_configuration=EcrRepositoryImageScanningConfiguration(
            scan_on_push=settings.scan_on_push
        ),
        encryption_configuration=_encryption(settings.encryption),
        force_delete=settings.force_delete,
        lifecycle=kept,
        provider=provider,
        tags=tags_or_none(settings.tags),
    )


def _exclusions(
    stack: TerraformStack, mutability: TagMutability
) -> list[EcrRepositoryImageTagMutabilityExclusionFilter] | None:
    if not mutability.exclusions:
        return None
    require_aws_provider(stack, TAG_MUTABILITY_EXCLUSIONS)
    return [
        EcrRepositoryImageTagMutabilityExclusionFilter(filter=text, filter_type="WILDCARD")
        for text in mutability.exclusions
    ]


def _encryption(encryption: Encryption) -> list[EcrRepositoryEncryptionConfiguration]:
    return [
        EcrRepositoryEncryptionConfiguration(
            encryption_type=encryption.type, kms_key=encryption.kms_key
        )
    ]


def check_repository_name(name: str) -> Iterator[Problem]:
    """Check the name of a repository, namespaces included."""
    shortest, longest = _NAME_LENGTH
    if is_reference(name):
        return
    if not _NAME.fullmatch(name) or not shortest <= len(name) <= longest:
        yield Problem(
            what=f"A repository is named by {shortest} to {longest} lower-case letters and digits, "
            "with single `.`, `_`, `/` or `-` between them.",
            given=name,
            why="ECR refuses any other at apply; `terraform plan` does not notice.",
            fix="For example 'web' or 'team/web'.",
        )
