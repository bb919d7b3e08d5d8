"""Two stacks that keep their state in one place are named together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from review_sides import Json, stack, write_side

from deploy_access.review.compare import review

if TYPE_CHECKING:
    from pathlib import Path


def s3(key: str, **more: str) -> Json:
    """Write a state in a bucket."""
    return {"backend": {"s3": {"bucket": "states", "key": key, "region": "x", **more}}}


def local(path: str) -> Json:
    """Write a state in a file."""
    return {"backend": {"local": {"path": path}}}


def side(folder: Path, **terraform: Json) -> Path:
    """Write a stack for each state."""
    return write_side(folder, {name: stack(terraform=block) for name, block in terraform.items()})


def said(base: Path, head: Path) -> list[tuple[str, tuple[str, ...]]]:
    """Return which states several stacks have."""
    return [
        (one.given, one.stacks)
        for one in review(base, head).notices
        if one.what.startswith("These stacks keep their state in one place")
    ]


@pytest.mark.parametrize(
    ("one", "other", "place"),
    [
        pytest.param(s3("k"), s3("k", region="y"), "s3 states/k", id="s3"),
        pytest.param(local("/a/x"), local("/a/../a/x"), "local /a/x", id="absolute"),
        pytest.param(local("../x"), local("../x"), "local stacks/x", id="relative"),
    ],
)
def test_one_place_for_two_stacks(tmp_path: Path, one: Json, other: Json, place: str) -> None:
    """It is said when a stack takes the place of another, and not again."""
    base = side(tmp_path / "base", web=one, api=s3("api"))
    head = side(tmp_path / "head", web=one, api=other)

    assert said(base, head) == [(f"It is `{place}`.", ("api", "web"))]
    assert said(head, head) == []
    assert said(head, base) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(s3("a"), s3("b"), id="keys"),
        pytest.param(s3("a"), s3("a", bucket="other"), id="buckets"),
        pytest.param(local("x"), local("x"), id="in folders of their own"),
        pytest.param({}, {}, id="by default"),
        pytest.param({"backend": {"s3": {}}}, {"backend": {"s3": {}}}, id="told by flags"),
    ],
)
def test_two_places(tmp_path: Path, one: Json, other: Json) -> None:
    """Places that differ, or that nobody can tell, are no news."""
    assert (
        said(write_side(tmp_path / "base", {}), side(tmp_path / "head", web=one, api=other)) == []
    )


def test_a_third_stack_is_news(tmp_path: Path) -> None:
    """The stacks that had one place before are named with the one that joins them."""
    base = side(tmp_path / "base", a=s3("k"), b=s3("k"))
    head = side(tmp_path / "head", a=s3("k"), b=s3("k"), c=s3("k"))

    assert said(base, head) == [("It is `s3 states/k`.", ("a", "b", "c"))]
