"""The review for programs is what its schema says, no more and no less."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import given
from report_schemas import mistakes
from review_hostile import REVIEWS
from review_values import EVERYTHING

from deploy_access.report.review_json import render_review_json
from deploy_access.review.model import Review

if TYPE_CHECKING:
    from collections.abc import Iterator

Path = tuple[str | int, ...]

WHOLE = json.loads(render_review_json(EVERYTHING))


def _objects(value: Any, path: Path = ()) -> Iterator[Path]:
    """Name the way to every object whose keys are ours."""
    if isinstance(value, dict):
        if path[-1:] not in {("actions",), ("context",)}:
            yield path
        for key, inner in cast("dict[str, Any]", value).items():
            yield from _objects(inner, (*path, key))
    elif isinstance(value, list):
        for place, inner in enumerate(cast("list[Any]", value)):
            yield from _objects(inner, (*path, place))


def _at(path: Path) -> tuple[Any, Any]:
    document = json.loads(json.dumps(WHOLE))
    found = document
    for part in path:
        found = found[part]
    return document, found


PLACES = [pytest.param(path, id=".".join(map(str, path)) or "top") for path in _objects(WHOLE)]


@pytest.mark.parametrize("review", [Review(), EVERYTHING], ids=["nothing", "everything"])
def test_output(review: Review) -> None:
    """What is written is what the schema says."""
    assert mistakes("review", json.loads(render_review_json(review))) == []


@given(REVIEWS)
def test_any_output(review: Review) -> None:
    """Whatever things are called, it is JSON of the schema."""
    assert mistakes("review", json.loads(render_review_json(review).encode())) == []


@pytest.mark.parametrize("path", PLACES)
def test_no_other_keys(path: Path) -> None:
    """A key that the schema has not is refused, wherever."""
    document, found = _at(path)
    found["more"] = 1

    assert any("'more'" in mistake for mistake in mistakes("review", document))


@pytest.mark.parametrize("path", PLACES)
def test_no_key_is_missing(path: Path) -> None:
    """Every key is always there."""
    for key in _at(path)[1]:
        document, found = _at(path)
        del found[key]

        assert mistakes("review", document), key


def test_summary() -> None:
    """The numbers are those of the lists."""
    assert (WHOLE["format"], WHOLE["summary"]) == (
        1,
        {
            "widened": 3,
            "narrowed": 2,
            "destroyed": 1,
            "data_destroyed": 1,
            "new_findings": {"error": 1, "warning": 0, "note": 0},
            "fixed_findings": 1,
            "accepted": 1,
            "unread": 1,
            "notices": 0,
        },
    )
