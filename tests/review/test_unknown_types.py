"""Types and providers of no list are told, each once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from adversary_sides import reviewed, reviewed_stacks
from review_sides import stack

from deploy_access.review.unknown_types import QUIET
from deploy_access.terraform.aws_types import types_date

if TYPE_CHECKING:
    from pathlib import Path

    from deploy_access.review.model import Review

Json = dict[str, Any]

PROVIDER = "Resources of this provider are not compared, and may give access."
TYPE = (
    f"No list of the AWS provider's types here, of {types_date()}, has this one, so it may give "
    "access."
)


def told(found: Review) -> list[tuple[str, str, str]]:
    """List the notices of access."""
    return [(one.address, one.what, one.given) for one in found.notices if one.kind == "access"]


def several(kind: str, number: int) -> Json:
    """Write so many resources of one type."""
    return stack({kind: {f"R{index}": {"name": "x"} for index in range(number)}})


def test_a_provider_is_told_once(tmp_path: Path) -> None:
    """A provider that is in no list is one notice, not one for each resource."""
    found = reviewed(tmp_path, stack(), several("github_repository", 5))

    assert told(found) == [
        (
            "provider.github",
            PROVIDER,
            (
                "It is `github_repository.R0`, `github_repository.R1`, `github_repository.R2` "
                "and 2 more."
            ),
        )
    ]


def test_a_change_of_its_resource_is_told(tmp_path: Path) -> None:
    """A resource of such a provider that changes is told too; one that goes is not."""
    base = stack({"github_repository": {"R": {"name": "x"}, "S": {"name": "y"}}})
    head = stack({"github_repository": {"R": {"name": "x", "visibility": "public"}}})

    assert told(reviewed(tmp_path, base, head)) == [
        ("provider.github", PROVIDER, "It is `github_repository.R`.")
    ]


def test_a_type_is_told_once(tmp_path: Path) -> None:
    """A type of AWS's provider that no version has is one notice, which names it."""
    found = reviewed(tmp_path, stack(), several("aws_tomorrow_thing", 2))

    assert told(found) == [
        ("aws_tomorrow_thing", TYPE, "It is `aws_tomorrow_thing.R0`, `aws_tomorrow_thing.R1`.")
    ]


def test_one_of_many_stacks_is_told_once(tmp_path: Path) -> None:
    """What several stacks make alike is one notice that names the stacks."""
    head = {name: several("github_repository", 1) for name in "ab"}

    (notice,) = reviewed_stacks(tmp_path, {}, head).notices

    assert (notice.address, notice.stacks) == ("provider.github", ("a", "b"))


def test_the_other_provider_of_aws_is_told_by_resource(tmp_path: Path) -> None:
    """Resources of the Cloud Control provider give access as those of AWS's do."""
    found = reviewed(tmp_path, stack(), several("awscc_iam_role", 2))

    usual = "It may give access, and is not compared."
    assert told(found) == [("awscc_iam_role.R0", usual, ""), ("awscc_iam_role.R1", usual, "")]


@pytest.mark.parametrize("provider", sorted(QUIET))
def test_a_quiet_provider_is_not_told(provider: str, tmp_path: Path) -> None:
    """A provider that lets nobody in is in the list with a reason, and is no notice of access."""
    assert QUIET[provider]
    assert told(reviewed(tmp_path, stack(), several(f"{provider}_thing", 1))) == []
