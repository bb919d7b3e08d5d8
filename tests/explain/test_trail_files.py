"""Logs of CloudTrail are read in every form in which people have them, and damage is told."""

from __future__ import annotations

import contextlib
import csv
import gzip
import io
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from explain_cases import MAIN, Json, event, trail_of
from hypothesis import given
from hypothesis import strategies as st

from deploy_access.errors import InvalidValue
from deploy_access.github.trail import read_trail
from deploy_access.github.trail_records import read_trail_file
from deploy_access.github.trail_time import parse_since

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

HERE = Path("AWSLogs/111122223333/CloudTrail/eu-central-1/2026/11")
S3: Json = {
    "eventVersion": "1.11",
    "eventName": "GetObject",
    "userIdentity": {"type": "AWSService"},
}
INSIGHT: Json = {"eventVersion": "1.07", "eventType": "AwsCloudTrailInsight", "insightDetails": {}}


def seen(number: int, **changes: object) -> Json:
    """Write an event as CloudTrail does, with a branch of its own."""
    identity = event()["userIdentity"] | {"userName": f"{MAIN}-{number}", "principalId": "cut"}
    first = {"eventVersion": "1.11"}
    more = {"eventID": f"e-{number}", "userIdentity": identity, "eventType": "AwsApiCall"}
    return first | event(**more | changes)


ONE, OTHER = seen(1), seen(2)
NAMELESS: Json = {"userIdentity": ONE["userIdentity"]}
BOTH = {f"{MAIN}-1", f"{MAIN}-2"}


def dumped(content: object) -> bytes:
    """Write JSON as CloudTrail does, without spaces."""
    return json.dumps(content, separators=(",", ":")).encode()


def lines(*content: object, start: str = "") -> bytes:
    """Write JSON lines, each behind *start*."""
    return b"".join(start.encode() + dumped(one) + b"\n" for one in content)


def table() -> bytes:
    """Write what the console of CloudWatch Logs Insights exports."""
    file = io.StringIO()
    rows = [("2026-11-20 10:00:00.000", json.dumps(one)) for one in (ONE, OTHER, S3)]
    csv.writer(file).writerows([("@timestamp", "@message"), *rows])
    return file.getvalue().encode()


RECORDS = dumped({"Records": [ONE, S3, OTHER, INSIGHT]})
LOOKED_UP = [json.dumps(one) for one in (ONE, OTHER)]
MESSAGES = [{"message": text, "timestamp": 1} for text in LOOKED_UP]
FORMS: dict[str, bytes] = {
    "records": RECORDS,
    "records in gzip": gzip.compress(RECORDS),
    "several in one gzip": gzip.compress(dumped({"Records": [ONE]}) + dumped({"Records": [OTHER]})),
    "several gzip": gzip.compress(dumped({"Records": [ONE]})) + gzip.compress(lines(OTHER)),
    "records printed by jq": json.dumps({"Records": [ONE, OTHER]}, indent=2).encode(),
    "events printed by jq": b"\n".join(json.dumps(one, indent=2).encode() for one in (ONE, OTHER)),
    "list": dumped([ONE, OTHER]),
    "json lines": lines(ONE, S3, OTHER),
    "json lines in gzip": gzip.compress(lines(ONE, S3, OTHER)),
    "json lines of windows": lines(ONE, OTHER).replace(b"\n", b"\r\n"),
    "lines of records": lines({"Records": [ONE]}, {"Records": [OTHER]}),
    "lookup-events": dumped(
        {"Events": [{"EventId": "x", "CloudTrailEvent": text} for text in LOOKED_UP]}
    ),
    "lookup-events --query": dumped(LOOKED_UP),
    "lookup-events --output text": "\t".join(LOOKED_UP).encode(),
    "filter-log-events": dumped({"events": MESSAGES}),
    "subscription of logs": dumped({"messageType": "DATA_MESSAGE", "logEvents": MESSAGES}),
    "get-query-results": dumped(
        {"results": [[{"field": "@message", "value": text}] for text in LOOKED_UP]}
    ),
    "table of logs insights": table(),
    "export of logs": gzip.compress(lines(ONE, OTHER, start="2026-11-20T10:00:00.000Z ")),
    "aws logs tail": lines(ONE, OTHER, start="2026-11-20T10:00:00+00:00 1_CloudTrail_x "),
    "eventbridge": lines(*({"detail-type": "x", "detail": one} for one in (ONE, OTHER))),
    "utf-16": json.dumps({"Records": [ONE, OTHER]}).encode("utf-16"),
    "escaped letters": gzip.compress(RECORDS.replace(b"WebIdentity", b"Web\\u0049dentity")),
}


@pytest.mark.parametrize("form", FORMS)
def test_forms(form: str) -> None:
    """However logs are kept, the runs are the same, and nothing is said to be malformed."""
    trail = trail_of(FORMS[form])

    assert ({run.subject for run in trail.runs}, trail.notes) == (BOTH, ())


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("damage", ["cut", "short", "byte"])
def test_damaged_forms(form: str, damage: str) -> None:
    """Damage is refused, or told in a note beside the runs that are whole."""
    raw = FORMS[form]
    inside = len(raw) * 2 // 3
    damaged = {
        "cut": raw[:-20],
        "short": raw[:inside],
        "byte": raw[:inside] + b"\xff" + raw[inside:],
    }[damage]

    try:
        trail = trail_of(damaged)
    except InvalidValue:
        return
    assert {run.subject for run in trail.runs} <= BOTH
    assert "Malformed records" in trail.notes[0]


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        pytest.param(b"", "no JSON", id="empty"),
        pytest.param(b"hello", "no JSON", id="text"),
        pytest.param(b"a,b\n1,2\n", "no JSON", id="table"),
        pytest.param(dumped({"a": 1}), "no log of CloudTrail", id="other JSON"),
        pytest.param(dumped({"digestStartTime": 1, "digestEndTime": 2}), "digest", id="digest"),
        pytest.param(dumped({"Records": []}), "no event of a run", id="no records"),
        pytest.param(dumped({"Records": [S3]}), "no event of a run", id="other records"),
        pytest.param(gzip.compress(dumped({"Records": [S3]})), "no event of a run", id="gzip"),
        pytest.param(gzip.compress(RECORDS)[:-9], "damaged or cut off", id="cut gzip"),
    ],
)
def test_no_log(raw: bytes, what: str) -> None:
    """A file that is named and is no log is refused, and says what it is."""
    with pytest.raises(InvalidValue, match=what):
        trail_of(raw)


@pytest.mark.parametrize("key", ["eventVersion", "x"])
def test_a_record_within_a_record(key: str) -> None:
    """A list of objects in a record that begin as records do does not cut the record in two."""
    inner = [{key: "1.11", "eventName": "x"}, {key: "1.11"}]
    raw = dumped({"Records": [S3, seen(1, requestParameters={"a": inner}), S3]})

    assert [run.subject for run in trail_of(gzip.compress(raw)).runs] == [f"{MAIN}-1"]


@given(
    st.lists(
        st.sampled_from([ONE, S3, INSIGHT, NAMELESS, seen(3, x=[S3, S3]), S3 | {"x": [ONE, S3]}]),
        max_size=6,
    )
)
def test_what_is_skipped(records: list[Json]) -> None:
    """In gzip, where other calls are not parsed, the same runs are found."""
    raw = dumped({"Records": records})

    def runs(raw: bytes) -> list[Mapping[str, object]]:
        found = read_trail_file(raw, "log").records
        return [one for one in found if one.get("eventName") != "GetObject"]

    assert runs(gzip.compress(raw)) == runs(raw)


@given(st.binary(max_size=60), st.sampled_from(sorted(FORMS)), st.integers(0, 3_000))
def test_any_bytes(noise: bytes, form: str, place: int) -> None:
    """Whatever bytes are in a log, it is read or refused."""
    raw = FORMS[form]

    with contextlib.suppress(InvalidValue):
        trail_of(raw[:place] + noise + raw[place:])


@pytest.fixture(name="folder")
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, bytes], None]:
    """Write files into a bucket."""
    monkeypatch.chdir(tmp_path)

    def save(path: str, content: bytes) -> None:
        Path("logs", path).parent.mkdir(parents=True, exist_ok=True)
        Path("logs", path).write_bytes(content)

    return save


def log(*records: Json) -> bytes:
    """Write a file of a bucket."""
    return gzip.compress(dumped({"Records": records}))


def test_a_folder(folder: Callable[[str, bytes], None]) -> None:
    """A bucket is read with all that lies in it, and what was left out is counted."""
    folder(f"{HERE}/20/1.json.gz", log(ONE, S3))
    folder(f"{HERE}/21/2.json.gz", log(OTHER, ONE))
    folder(f"{HERE.parts[0]}/111122223333/CloudTrail-Digest/x/2026/11/20/3.json.gz", b"x")
    folder("a digest.json", dumped({"digestStartTime": 1, "digestEndTime": 2}))
    folder("cut.json.gz", log(ONE)[:-9])
    folder("notes.txt", b"hello")
    folder("package.json", dumped({"name": "x"}))
    folder(f"{HERE}/22/empty.json.gz", log())

    trail = read_trail(["logs"])

    assert {run.subject: run.times for run in trail.runs} == dict.fromkeys(BOTH, 1)
    digests, twice, no_logs = sorted(trail.notes)
    assert trail.files == 3
    assert digests == "Digests, which are checksums of logs, are skipped: 2."
    assert twice == "Events that are there twice count once: 1."
    assert no_logs == (
        "What is no log of CloudTrail, or is damaged, is left out: "
        "logs/cut.json.gz, logs/notes.txt, logs/package.json."
    )


def test_a_folder_without_logs(folder: Callable[[str, bytes], None]) -> None:
    """Where nothing is found, the refusal says what was left out."""
    folder("cut.json.gz", log(ONE)[:-9])

    with pytest.raises(InvalidValue, match=r"no event of a run .* damaged, is left out: logs/cut"):
        read_trail(["logs"])


def test_links_and_pipes(folder: Callable[[str, bytes], None], tmp_path: Path) -> None:
    """A link in a circle, a link out of the folder and a pipe are left out."""
    folder("1.json", dumped(ONE))
    Path("logs/again").symlink_to(tmp_path / "logs")
    Path("outside").write_bytes(dumped(OTHER))
    Path("logs/out.json").symlink_to(tmp_path / "outside")
    os.mkfifo("logs/pipe")

    trail = read_trail(["logs"])

    assert [run.subject for run in trail.runs] == [f"{MAIN}-1"]
    assert trail.notes[0].endswith("left out: logs/out.json, logs/pipe.")


def test_several_names(folder: Callable[[str, bytes], None]) -> None:
    """Files and folders are read as one, and one event in both counts once."""
    folder("1.json", dumped(ONE))
    Path("2.json").write_bytes(dumped([ONE, OTHER]))

    trail = read_trail(["logs", "2.json"])

    assert ({run.subject for run in trail.runs}, [run.times for run in trail.runs]) == (
        BOTH,
        [1, 1],
    )


def test_equal_ids_of_different_events() -> None:
    """Events by hand that share an id are not the same one."""
    trail = trail_of(dumped([ONE, seen(2, eventID="e-1")]))

    assert {run.subject for run in trail.runs} == BOTH


@pytest.mark.parametrize(
    ("since", "subjects", "unread"),
    [
        ("2026-11-01", {1, 2, 3}, 0),
        ("2026-11-21", {2, 3}, 0),
        ("2026-11-21T10:00:00Z", {2, 3}, 0),
        ("2026-11-21T12:00:00+02:00", {2, 3}, 0),
        ("2026-11-21T10:00:01Z", {3}, 0),
        ("2026-11-23", {3}, 1),
    ],
)
def test_since(
    since: str, subjects: set[int], unread: int, folder: Callable[[str, bytes], None]
) -> None:
    """Older events are left out, and an event without a time is not older; old days stay unread."""
    folder(f"{HERE}/20/1.json.gz", log(seen(1)))
    folder(f"{HERE}/21/1.json.gz", log(seen(2, eventTime="2026-11-21T10:00:00Z")))
    folder(f"{HERE}/22/1.json.gz", log(seen(3, eventTime=None)))

    trail = read_trail(["logs"], parse_since(since, datetime.now(UTC)))

    assert {run.subject for run in trail.runs} == {f"{MAIN}-{number}" for number in subjects}
    left_out = [note for note in trail.notes if note.startswith("Files of days")]
    assert left_out == [f"Files of days before `--since` are not read: {unread}."] * bool(unread)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("7d", datetime(2026, 11, 13, 10, tzinfo=UTC)),
        ("24h", datetime(2026, 11, 19, 10, tzinfo=UTC)),
        ("2026-11-20", datetime(2026, 11, 20, tzinfo=UTC)),
        ("2026-11-20T09:30", datetime(2026, 11, 20, 9, 30, tzinfo=UTC)),
        ("2026-11-20T09:30:00-01:00", datetime(2026, 11, 20, 10, 30, tzinfo=UTC)),
    ],
)
def test_times(text: str, time: datetime) -> None:
    """A time is of UTC unless it has another zone."""
    assert parse_since(text, datetime(2026, 11, 20, 10, tzinfo=UTC)) == time


@pytest.mark.parametrize("text", ["", "7", "7w", "-7d", "yesterday", "2026-13-01", "99999d999"])
def test_no_time(text: str) -> None:
    """Anything else is refused with what may be written."""
    with pytest.raises(InvalidValue, match="This is no time"):
        parse_since(text, datetime.now(UTC))
