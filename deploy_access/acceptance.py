"""What is accepted on purpose: the reason, and the last day on which it counts."""

from __future__ import annotations

import re
from dataclasses import KW_ONLY, dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, cast

from deploy_access.errors import Problem, did_you_mean, reject
from deploy_access.json_shape import as_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_KEYS = ("reason", "until")


@dataclass(frozen=True, slots=True)
class Acceptance:
    """
    A reason for what the audit finds, which may end; a text by itself never ends.

    Args:
        reason: Every review and audit prints it.
        until: The last day on which it counts, in UTC: `"2027-01-31"`, or a `date`. From the day
            after it the audit finds again what is accepted, with the reason. Nothing compares it
            with the clock before: the same program makes the same JSON on any day.

    Raises:
        InvalidValue: The reason is empty, or *until* is no day.
    """

    reason: str
    _: KW_ONLY
    until: str | date | None = None

    def __post_init__(self) -> None:
        reject(_check(self.reason, self.until))
        if self.until is not None:
            object.__setattr__(self, "until", str(self.until))


def is_over(accept: Acceptance, today: date) -> bool:
    """Whether its last day has passed."""
    # Days as ISO 8601 writes them sort as texts.
    return accept.until is not None and str(accept.until) < today.isoformat()


def current_day() -> date:
    """Return today's date in UTC, as it is the same on every machine."""
    return datetime.now(UTC).date()


def day_of(text: str) -> date:
    """
    Return the day that a text is, for example `2027-01-31`.

    Raises:
        InvalidValue: It is none.
    """
    reject(_check_day(text))
    return date.fromisoformat(text)


def written(accept: Mapping[str, str | Acceptance]) -> dict[str, object]:
    """Return acceptances as they stand in metadata: a reason, or an object of both."""
    return {rule: _written(given) for rule, given in accept.items()}


def _written(given: str | Acceptance) -> object:
    if isinstance(given, str):
        return given
    if given.until is None:
        return given.reason
    return {"reason": given.reason, "until": str(given.until)}


def read_acceptance(given: object) -> Acceptance | Problem:
    """Read an acceptance of metadata or TOML; a damaged one is a problem, and accepts nothing."""
    table = cast("Mapping[str, object]", given) if isinstance(given, dict) else {"reason": given}
    for key in table:
        if key not in _KEYS:
            return _unknown(key)
    reason, until = as_text(table.get("reason")) or "", table.get("until")
    for problem in _check(reason, until):
        return problem
    return Acceptance(reason, until=cast("str | date | None", until))


def read_acceptances(given: Mapping[str, object]) -> dict[str, str | Acceptance]:
    """
    Read acceptances of TOML, each a reason or a table of both.

    Raises:
        InvalidValue: Some are neither.
    """
    kept: dict[str, str | Acceptance] = {}
    wrong: list[Problem] = []
    for rule, one in given.items():
        found = _read_entry(one)
        if isinstance(found, Problem):
            wrong.append(found)
        else:
            kept[rule] = found
    reject(wrong)
    return kept


def _read_entry(given: object) -> str | Acceptance | Problem:
    """Read one of them; what a text says, the owner of the rules checks with their names."""
    if isinstance(given, str):
        return given
    return read_acceptance(cast("object", given)) if isinstance(given, dict) else _neither(given)


def _check(reason: object, until: object) -> Iterator[Problem]:
    if not isinstance(reason, str) or not reason.strip():
        yield Problem(
            what="An acceptance needs a reason.",
            given=reason,
            why="It has no reason, so nothing is accepted by it.",
            fix='Say why it is meant, for example "pilot", until "2027-01-31".',
        )
    if until is not None:
        yield from _check_day(until)


def _check_day(given: object) -> Iterator[Problem]:
    why = _no_day(given)
    if why:
        yield Problem(
            what="`until` is a day.",
            given=str(given) if isinstance(given, date) else given,
            why=f"{why}, so nothing is accepted by it.",
            fix='Write year, month and day: "2027-01-31" is the last day on which it counts.',
        )


def _no_day(given: object) -> str:
    """Say why it is no day; empty for one."""
    if isinstance(given, datetime):
        return "It has a time of day"
    if isinstance(given, date):
        return ""
    if not isinstance(given, str) or not _DAY.fullmatch(given):
        return "It is no date"
    try:
        date.fromisoformat(given)
    except ValueError:
        return "The calendar has no such day"
    return ""


def _neither(given: object) -> Problem:
    return Problem(
        what="An acceptance is a reason, or a table of `reason` and `until`.",
        given=given,
        why="Every review and audit prints the reason: it is all that the next reader knows.",
        fix='Write `{ reason = "pilot", until = 2027-01-31 }`.',
    )


def _unknown(key: str) -> Problem:
    return Problem(
        what="An acceptance has `reason` and `until`.",
        given=key,
        why=f"It has the key {key!r} besides, so nothing is accepted by it.",
        fix=did_you_mean(key, _KEYS) or "Take it out.",
    )
