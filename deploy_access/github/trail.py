"""
The runs in the logs of CloudTrail: files, and folders as S3 lays them out.

Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, Problem
from deploy_access.github.cloudtrail import LOOK_UP, read_event, why_dropped
from deploy_access.github.trail_records import EVENT, read_trail_file
from deploy_access.github.trail_time import is_before, is_day_before
from deploy_access.input_file import read_given, read_inside, shown_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from deploy_access.github.run import Run
    from deploy_access.github.trail_records import TrailFile

# A bucket has the checksums of the log files beside them.
_DIGESTS = "CloudTrail-Digest"
_SHOWN = 3
_BEFORE = "Sign-ins from before `--since` are left out"
_DIGEST = "Digests, which are checksums of logs, are skipped"
_OLD = "Files of days before `--since` are not read"
_TWICE = "Events that are there twice count once"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """
    What logs say.

    Attributes:
        runs: The runs, the newest first. Runs that are alike are one, with how often they were
            seen.
        files: The number of files that were read.
        notes: What was left out, as sentences.
    """

    runs: tuple[Run, ...]
    files: int
    notes: tuple[str, ...] = ()


def read_trail(names: Sequence[str], since: datetime | None = None) -> Trail:
    """
    Read the runs in files and folders.

    Args:
        names: The files and folders; `-` is the standard input. What is no log is left out of a
            folder and named in a note.
        since: What is certainly older is left out.

    Raises:
        InvalidValue: A file that is named is no log, or there is no event of a run in any.
    """
    found = _Gathered(since)
    for name in names:
        if Path(name).is_dir():
            found.read_folder(Path(name))
        else:
            found.add(read_trail_file(read_given(name), shown_name(name)), shown_name(name))
    runs = found.sorted_runs()
    if not runs:
        raise InvalidValue(_no_event(names, [*found.notes()]))
    return Trail(runs=runs, files=found.files, notes=tuple(found.notes()))


def _newest_first(run: Run) -> str:
    return run.time or ""


class _Gathered:
    """The runs so far, and what was left out."""

    def __init__(self, since: datetime | None) -> None:
        self.since = since
        self.files = 0
        self._runs: dict[tuple[object, ...], Run] = {}
        self._seen: set[tuple[object, ...]] = set()
        self._dropped: Counter[str] = Counter()
        self._skipped: Counter[str] = Counter()
        self._no_logs: list[str] = []

    def read_folder(self, folder: Path) -> None:
        """Read every file in a folder that may be a log."""
        for path in self._walk(folder):
            name = shown_name(folder / path)
            try:
                file = read_trail_file(read_inside(folder, path), name)
            except InvalidValue:
                self._no_logs.append(name)
                continue
            if file.is_digest:
                self._skipped[_DIGEST] += 1
            elif file.is_trail:
                self.add(file, name)
            else:
                self._no_logs.append(name)

    def _walk(self, folder: Path) -> Iterator[str]:
        """List the files, without folders of digests and of days that are too long ago."""
        for place, folders, files in os.walk(folder):
            inside = Path(place).relative_to(folder)
            if _DIGESTS in inside.parts:
                self._skipped[_DIGEST] += len(files)
                continue
            if self.since and is_day_before(inside.parts, self.since):
                self._skipped[_OLD] += len(files)
                continue
            folders.sort()
            yield from ((inside / file).as_posix() for file in sorted(files))

    def add(self, file: TrailFile, name: str) -> None:
        """
        Take over the records of a file.

        Raises:
            InvalidValue: The file is no log.
        """
        if not file.is_trail:
            raise InvalidValue(_digest(name) if file.is_digest else _no_log(name))
        self.files += 1
        for record in file.records:
            self._add_record(record, file.repeated)

    def _add_record(self, event: Mapping[str, object], repeated: tuple[str, ...]) -> None:
        run = read_event(event)
        if run is None:
            why = why_dropped(event)
            self._dropped.update([why] if why else [])
            return
        if self.since and is_before(run.time, self.since):
            self._skipped[_BEFORE] += 1
            return
        key = _key(run)
        # Two trails, or two exports, hold the same event; only one that is alike is the same.
        if event.get("eventID"):
            once = (str(event["eventID"]), run.time, key)
            if once in self._seen:
                self._skipped[_TWICE] += 1
                return
            self._seen.add(once)
        known = self._runs.get(key)
        run = _with_repeated(run, repeated)
        self._runs[key] = run if known is None else _both(known, run)

    def sorted_runs(self) -> tuple[Run, ...]:
        """Return the runs, the newest first."""
        return tuple(sorted(self._runs.values(), key=_newest_first, reverse=True))

    def notes(self) -> Iterator[str]:
        """Say what was left out, the largest doubt first."""
        if self._dropped:
            which = ", ".join(f"{count} {why}" for why, count in sorted(self._dropped.items()))
            yield f"Malformed records of the file are left out: {which}."
        if self._no_logs:
            more = len(self._no_logs) - _SHOWN
            names = ", ".join(self._no_logs[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
            yield f"What is no log of CloudTrail, or is damaged, is left out: {names}."
        for text, count in self._skipped.items():
            yield f"{text}: {count}."


def _key(run: Run) -> tuple[object, ...]:
    return run.subject, run.audience, run.provider_arn, run.role_arn, run.error, run.duration


def _both(known: Run, run: Run) -> Run:
    """Count a run that was seen before; the newest time names it."""
    newest = max(run, known, key=_newest_first)
    times = [one for one in (known.first_time, known.time, run.time) if one]
    return replace(newest, times=known.times + 1, first_time=min(times, default=None))


def _with_repeated(run: Run, repeated: Iterable[str]) -> Run:
    keys = ", ".join(repr(path) for path in repeated)
    if not keys:
        return run
    return replace(run, notes=(*run.notes, f"The event has keys twice, the last counts: {keys}."))


def _no_event(names: Sequence[str], notes: Sequence[str]) -> Problem:
    left_out = "".join(f" {note}" for note in notes)
    return Problem(
        what="There is no event of a run that asked for a role.",
        given=", ".join(map(shown_name, names)),
        why=f"None in it has the `eventName` {EVENT!r} and a `userIdentity.userName`.{left_out}",
        fix="Look it up in the account of the role and the region of the STS endpoint: "
        f"`{LOOK_UP}`.",
    )


def _no_log(name: str) -> Problem:
    return Problem(
        what="The file is no log of CloudTrail.",
        given=name,
        why="Nothing in it has an `eventName` or a `userIdentity`.",
        fix="Name a file of the trail's bucket (`.json.gz`), what `aws cloudtrail lookup-events` "
        "prints, or one event; for a table of Athena the files that it was made from.",
    )


def _digest(name: str) -> Problem:
    return Problem(
        what="The file is a digest of CloudTrail.",
        given=name,
        why="It has the checksums of log files, and no events.",
        fix="Name the log files themselves, which are in `CloudTrail` beside `CloudTrail-Digest`.",
    )
