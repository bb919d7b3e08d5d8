"""Times of CloudTrail, which are of UTC, and what a user may write in their place."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

_AGO = re.compile(r"(\d{1,5})([dh])")
_HOURS = {"d": 24, "h": 1}
_FOLDER = "CloudTrail"
# `CloudTrail/REGION/YYYY/MM/DD`
_LEVELS = 5


def parse_since(text: str, now: datetime) -> datetime:
    """
    Read a date, a time of UTC, or how long ago: `7d`, `24h`.

    Raises:
        InvalidValue: It is none of these.
    """
    ago = _AGO.fullmatch(text)
    try:
        if ago:
            return now - timedelta(hours=int(ago[1]) * _HOURS[ago[2]])
        return _in_utc(datetime.fromisoformat(text))
    except (ValueError, OverflowError) as error:
        raise InvalidValue(_no_time(text)) from error


def is_before(time: str | None, since: datetime) -> bool:
    """Whether a time is before another for certain; what is no time is not."""
    try:
        return time is not None and _in_utc(datetime.fromisoformat(time)) < since
    except (ValueError, OverflowError):
        return False


def is_day_before(folder: Sequence[str], since: datetime) -> bool:
    """
    Whether a folder of a trail only has events from before *since*, by its year, month and day.

    A file has the day on which it was delivered, which is never before that of its events.
    """
    if len(folder) < _LEVELS or folder[-_LEVELS] != _FOLDER:
        return False
    # The day is its first moment, so one day is its end, and one more for clocks that differ.
    return is_before("-".join(folder[-3:]), since - timedelta(days=2))


def _in_utc(time: datetime) -> datetime:
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


def _no_time(text: str) -> Problem:
    return Problem(
        what="This is no time.",
        given=text,
        why="Events are compared with a point in time, in UTC unless it has another zone.",
        fix="Write a date (`2026-11-20`), a time (`2026-11-20T10:00:00Z`), or how long ago (`7d`, "
        "`24h`).",
    )
