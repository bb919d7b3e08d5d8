"""
The records of CloudTrail in one file, in whatever form people have them.

Sources: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-examples.html,
https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_Event.html (`lookup-events`),
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilteredLogEvent.html,
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_ResultField.html.
"""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.activity import ACTIVITY
from deploy_access.errors import InvalidValue
from deploy_access.github.token import parse_records
from deploy_access.gzip_file import is_packed, unpack
from deploy_access.json_file import parse_json
from deploy_access.json_shape import as_list, as_object

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

EVENT = "AssumeRoleWithWebIdentity"
"""The name of the call with which a run asks for a role."""

_DIGEST = {"digestStartTime", "digestEndTime"}
# The key of the list in each answer, and the key of an item that holds the event as a text:
# `lookup-events`, `aws logs filter-log-events`, a subscription of CloudWatch Logs.
_LISTS = {"Events": "CloudTrailEvent", "events": "message", "logEvents": "message"}
_MESSAGE = "@message"
# A letter that JSON writes as a number could spell any word, so nothing is skipped by its words.
_HIDDEN_LETTER = re.compile(rb"\\u00[4-7]")
_NAMED = b'"eventName"'
_OF_RUNS = (EVENT.encode(), b"WebIdentityUser")
_START = re.compile(rb'\s*\{\s*"Records"\s*:\s*\[(?=\{"eventVersion":)')
_END = re.compile(rb"\]\s*\}\s*\Z")
_BETWEEN = re.compile(rb',(?=\{"eventVersion":)')
_TAIL = 100
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/S3Export.html, `aws logs tail`
_BEFORE = re.compile(rb"\d{4}-\d\d-\d\dT\S+ (?:\S+ )?(?=\{)")


@dataclass(frozen=True, slots=True)
class TrailFile:
    """
    What a file holds.

    Attributes:
        records: Its records, without some that are certainly of other calls; an empty object
            stands for each part that is no record.
        repeated: The keys that stand twice; the last one counts.
        is_trail: Whether it is of CloudTrail at all, be it without records.
        is_digest: Whether it only has the checksums of other files.
    """

    records: tuple[Mapping[str, object], ...]
    repeated: tuple[str, ...] = ()
    is_trail: bool = True
    is_digest: bool = False


def read_trail_file(raw: bytes, name: str) -> TrailFile:
    """
    Read the records of a file.

    It is an event, a list of them, `Records`, what `lookup-events`, CloudWatch Logs or EventBridge
    hand over, or many of these, one after another or one on a line; packed by gzip or not.

    Raises:
        InvalidValue: It is none of these, or is damaged.
    """
    ACTIVITY.what = f"reading {name}"
    if is_packed(raw):
        raw = unpack(raw, name)
        # The checksum of gzip says that all is whole, also what is not looked at.
        quick = _quickly(raw, name)
        if quick is not None:
            return quick
    if _is_of_lines(raw):
        return _joined(_of_lines(raw, name))
    try:
        file = parse_records(raw, name)
    except InvalidValue:
        found = _joined(_of_several(raw, name))
        if not any(found.records):
            raise
        return found
    return _of_content(file.content, file.repeated, name)


def _quickly(raw: bytes, name: str) -> TrailFile | None:
    """Read only the records that may be of the call; None where that is not certain."""
    start, end = _START.match(raw), _END.search(raw, max(0, len(raw) - _TAIL))
    if start is None or end is None or _HIDDEN_LETTER.search(raw):
        return None
    # A quote inside of a text has a backslash, so this cuts between two objects. Where these are
    # parts of one record, its half is no JSON, and the file is read as a whole.
    pieces = _BETWEEN.split(raw[start.end() : end.start()])
    try:
        files = [parse_json(one, name) for one in pieces if not _is_other_call(one)]
    except InvalidValue:
        return None
    repeated = tuple(path for file in files for path in file.repeated)
    return TrailFile(tuple(file.content for file in files), repeated)


def _is_other_call(record: bytes) -> bool:
    return _NAMED in record and not any(one in record for one in _OF_RUNS)


def _is_of_lines(raw: bytes) -> bool:
    """Whether the first line is a whole object, and more lines follow."""
    line, _, rest = raw.lstrip().partition(b"\n")
    if not rest.strip() or not line.rstrip().endswith(b"}"):
        return False
    try:
        parse_json(_event_in(line), "")
    except InvalidValue:
        return False
    return True


def _event_in(line: bytes) -> bytes:
    """Take off what CloudWatch Logs writes before an event: its time and its stream."""
    text = line.strip()
    before = _BEFORE.match(text)
    return text[before.end() :] if before else text


def _of_lines(raw: bytes, name: str) -> Iterator[TrailFile]:
    """Read each line; one that is no JSON is a record that is no event."""
    for line in raw.split(b"\n"):
        text = _event_in(line)
        is_whole = text.startswith(b"{") and text.endswith(b"}")
        if not text or (is_whole and _is_other_call(text) and not _HIDDEN_LETTER.search(text)):
            continue
        yield _of_part(text, name)


def _of_part(text: bytes, name: str) -> TrailFile:
    try:
        file = parse_records(text, name)
    except InvalidValue:
        return TrailFile(({},), is_trail=False)
    return _of_content(file.content, file.repeated, name)


def _of_several(raw: bytes, name: str) -> Iterator[TrailFile]:
    """Read documents that follow each other, a table, or lines of which the first is damaged."""
    encoding = json.detect_encoding(raw)
    if not encoding.startswith("utf-8"):  # only UTF-8 can keep what is damaged as it is
        return iter(())
    text = raw.decode(encoding, "surrogateescape")
    if text.lstrip("\ufeff \r\n\t\"'").startswith((f"{_MESSAGE},", "@timestamp,")):
        return (_of_part(one, name) for one in _of_table(text))
    documents = [*_documents(text)]
    if documents:
        return (_of_part(one.encode("utf-8", "surrogateescape"), name) for one in documents)
    return _of_lines(raw, name)


def _documents(text: str) -> Iterator[str]:
    """Cut a text between its documents; without any where one of them is no JSON."""
    decoder, place, found = json.JSONDecoder(), 0, list[str]()
    while place < len(text):
        if text[place].isspace():
            place += 1
            continue
        try:
            end = decoder.raw_decode(text, place)[1]
        except (ValueError, RecursionError):
            return
        found.append(text[place:end])
        place = end
    yield from found


def _of_table(text: str) -> Iterator[bytes]:
    """List the events in a table that CloudWatch Logs Insights exports."""
    try:
        for row in csv.DictReader(io.StringIO(text)):
            yield (row.get(_MESSAGE) or "").encode("utf-8", "surrogateescape")
    except csv.Error:
        yield b""


def _joined(files: Iterable[TrailFile]) -> TrailFile:
    found = [*files]
    return TrailFile(
        records=tuple(record for file in found for record in file.records),
        repeated=tuple(path for file in found for path in file.repeated),
        is_trail=not found or any(file.is_trail for file in found),
        is_digest=any(file.is_digest for file in found),
    )


def _of_content(content: Mapping[str, object], repeated: tuple[str, ...], name: str) -> TrailFile:
    if content.keys() >= _DIGEST:
        return TrailFile((), repeated, is_trail=False, is_digest=True)
    items = [*_items(content)]
    records = tuple(_record(item, name) for item in items)
    is_trail = not items or any(one.keys() & {"eventName", "userIdentity"} for one in records)
    return TrailFile(records, repeated, is_trail=is_trail)


def _items(content: Mapping[str, object]) -> Iterator[object]:
    """List the records, as objects or as texts of JSON."""
    if "Records" in content:
        yield from as_list(content["Records"])
    elif "results" in content:
        cells = (as_object(cell) for row in as_list(content["results"]) for cell in as_list(row))
        yield from (cell.get("value") for cell in cells if cell.get("field") == _MESSAGE)
    elif "detail-type" in content:  # EventBridge
        yield content.get("detail")
    elif lists := [key for key in _LISTS if key in content]:
        items = (as_object(item) for item in as_list(content[lists[0]]))
        yield from (item.get(_LISTS[lists[0]]) for item in items)
    else:
        yield content


def _record(item: object, name: str) -> Mapping[str, object]:
    if not isinstance(item, str):
        return as_object(item)
    try:
        return parse_json(item.encode("utf-8", "surrogatepass"), name).content
    except InvalidValue:
        return {}
