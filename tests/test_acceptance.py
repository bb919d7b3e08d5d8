"""Acceptances that end: what may be written, and what is read of it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy_access.acceptance import (
    Acceptance,
    day_of,
    is_over,
    read_acceptance,
    read_acceptances,
    written,
)
from deploy_access.errors import InvalidValue, Problem

DAYS = st.dates()
REASONS = st.text(min_size=1).filter(lambda text: bool(text.strip()))


@given(REASONS, st.none() | DAYS)
def test_what_is_written_is_read(reason: str, until: date | None) -> None:
    """Metadata hold the reason and the day, whether it was given as a date or as text."""
    for given_day in (until, until and until.isoformat()):
        accept = Acceptance(reason, until=given_day)

        assert read_acceptance(written({"repo-wide": accept})["repo-wide"]) == accept


@given(DAYS, DAYS)
def test_the_last_day_counts(until: date, today: date) -> None:
    """It counts up to its last day and on it, and no longer."""
    assert is_over(Acceptance("pilot", until=until), today) == (today > until)
    assert not is_over(Acceptance("pilot"), today)


def test_a_text_stays_a_text() -> None:
    """Without a day the metadata are what they were before there were days."""
    assert written({"a": "pilot", "b": Acceptance("pilot")}) == {"a": "pilot", "b": "pilot"}


@pytest.mark.parametrize(
    ("until", "why"),
    [
        ("2027-02-30", "The calendar has no such day"),
        ("0000-01-01", "The calendar has no such day"),
        ("2027-13-01", "The calendar has no such day"),
        ("20270131", "It is no date"),
        ("2027-W05-1", "It is no date"),
        ("31.01.2027", "It is no date"),
        ("2027-1-31", "It is no date"),
        ("2027-01-31\n", "It is no date"),
        ("2027-01-31T00:00:00", "It is no date"),
        ("٢٠٢٧-01-31", "It is no date"),
        ("soon", "It is no date"),
        ("", "It is no date"),
        (20270131, "It is no date"),
        (True, "It is no date"),
        (["2027-01-31"], "It is no date"),
        (datetime(2027, 1, 31, tzinfo=UTC), "It has a time of day"),
    ],
)
def test_no_day(until: Any, why: str) -> None:
    """What is no day is refused in the four parts, and accepts nothing where it is read."""
    with pytest.raises(InvalidValue) as raised:
        Acceptance("pilot", until=until)

    (problem,) = raised.value.problems
    assert (problem.what, problem.why) == (
        "`until` is a day.",
        f"{why}, so nothing is accepted by it.",
    )
    assert "2027-01-31" in problem.fix
    assert read_acceptance({"reason": "pilot", "until": until}) == problem


@pytest.mark.parametrize(
    ("metadata", "why"),
    [
        pytest.param(" ", "It has no reason", id="empty"),
        pytest.param(None, "It has no reason", id="null"),
        pytest.param([], "It has no reason", id="list"),
        pytest.param({}, "It has no reason", id="nothing"),
        pytest.param({"until": "2027-01-31"}, "It has no reason", id="a day alone"),
        pytest.param(
            {"reason": "pilot", "untill": "2027-01-31"},
            "It has the key 'untill' besides",
            id="misspelt",
        ),
    ],
)
def test_damaged_metadata(metadata: object, why: str) -> None:
    """A damaged acceptance accepts nothing; a misspelt day would have it count for ever."""
    found = read_acceptance(metadata)

    assert isinstance(found, Problem)
    assert found.why == f"{why}, so nothing is accepted by it."


def test_all_mistakes_of_a_table_come_at_once() -> None:
    """TOML has dates of its own; each entry that is wrong is named."""
    good = read_acceptances({"a": "x", "b": {"reason": "y", "until": date(2027, 1, 31)}})
    with pytest.raises(InvalidValue) as raised:
        read_acceptances({"a": 1, "b": {"reason": ""}, "c": {"reason": "x", "until": "soon"}})

    assert good == {"a": "x", "b": Acceptance("y", until="2027-01-31")}
    assert [one.given for one in raised.value.problems] == [1, "", "soon"]


def test_a_mistake_in_code() -> None:
    """Both mistakes of one acceptance come at once."""
    with pytest.raises(InvalidValue) as raised:
        Acceptance(cast("Any", None), until="soon")

    assert len(raised.value.problems) == 2


def test_day_of() -> None:
    """The command reads the same form of a day."""
    assert day_of("2027-01-31") == date(2027, 1, 31)
