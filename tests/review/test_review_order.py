"""What no longer waits for another, or no longer stops, is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from adversary_sides import noticed, reviewed
from review_sides import stack, write_side

from deploy_access.review.compare import review

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Json = dict[str, Any]
Needs = dict[str, list[str]]

CHAIN: Needs = {"web": ["guard"], "guard": ["net"]}


def told(
    tmp_path: Path, base: Needs, head: Needs, stacks: str = "web guard net"
) -> Mapping[str, str]:
    """Return what is said of the order of stacks, by stack."""
    there = {name: stack() for name in stacks.split()}
    before = write_side(tmp_path / "base", {**there, "net": stack(), "guard": stack()}, base)
    found = review(before, write_side(tmp_path / "head", there, head))
    return {one.stacks[0]: one.what for one in found.notices if one.kind == "steering"}


def test_a_stack_that_no_longer_waits(tmp_path: Path) -> None:
    """A dependency that goes while both stacks stay is said of the stack that waited."""
    assert told(tmp_path, CHAIN, {"guard": ["net"]}) == {
        "web": "The stack no longer waits for stack `guard`: both may be applied in any order."
    }


@pytest.mark.parametrize(
    ("base", "head", "stacks"),
    [
        pytest.param(CHAIN, CHAIN, "web guard net", id="same"),
        pytest.param({**CHAIN, "web": ["guard", "net"]}, CHAIN, "web guard net", id="by-another"),
        pytest.param(CHAIN, {}, "web", id="nothing-to-wait-for"),
        pytest.param({}, CHAIN, "web guard net", id="one-more"),
    ],
)
def test_a_stack_that_waits_as_before(
    base: Needs, head: Needs, stacks: str, tmp_path: Path
) -> None:
    """A dependency through another stack counts, and one on a stack that is gone is none."""
    assert told(tmp_path, base, head, stacks) == {}


def repository(resources: Json | None = None, **more: Any) -> Json:
    """Write a repository beside a policy."""
    parts = {"aws_ecr_repository_policy": {"P": {"repository": "web", "policy": "{}"}}}
    return stack({"aws_ecr_repository": {"R": {"name": "web", **more}}, **(resources or parts)})


P = "aws_ecr_repository_policy.P"
CONDITION = {"condition": "${var.ok}", "error_message": "no"}
LOST = {
    "depends-on": (
        repository(depends_on=[P]),
        repository(),
        f"It no longer waits for `{P}`: Terraform may make it first.",
    ),
    "precondition": (
        repository(lifecycle={"precondition": [CONDITION]}),
        repository(),
        "A `precondition` is gone or another: Terraform may go on where it stopped before.",
    ),
    "another-condition": (
        repository(lifecycle={"postcondition": [CONDITION]}),
        repository(lifecycle={"postcondition": [{**CONDITION, "condition": True}]}),
        "A `postcondition` is gone or another: Terraform may go on where it stopped before.",
    ),
}


@pytest.mark.parametrize(("base", "head", "what"), LOST.values(), ids=LOST)
def test_a_resource_that_no_longer_waits(base: Json, head: Json, what: str, tmp_path: Path) -> None:
    """An order or a condition that goes is said of its resource."""
    found = reviewed(tmp_path, base, head).notices

    assert [(one.address, one.what) for one in found] == [("aws_ecr_repository.R", what)]


KEPT = {
    "by-a-reference": (
        repository(depends_on=[P]),
        repository(tags={"a": f"${{{P}.id}}"}),
    ),
    "what-is-gone": (repository(depends_on=[P]), repository({"aws_iam_user": {}})),
    "one-more": (repository(), repository(depends_on=[P])),
    "another-message": (
        repository(lifecycle={"precondition": [CONDITION]}),
        repository(lifecycle={"precondition": [{**CONDITION, "error_message": "never"}]}),
    ),
    "one-more-condition": (repository(), repository(lifecycle={"precondition": [CONDITION]})),
}


@pytest.mark.parametrize(("base", "head"), KEPT.values(), ids=KEPT)
def test_a_resource_that_waits_as_before(base: Json, head: Json, tmp_path: Path) -> None:
    """What still waits, or has nothing to wait for, is no notice."""
    assert noticed(reviewed(tmp_path, base, head), "steering") == []
