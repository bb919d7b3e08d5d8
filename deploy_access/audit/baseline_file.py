"""The file of a baseline: JSON in a fixed order, as `schemas/baseline.schema.json` describes it."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, cast

from deploy_access.audit.estate_audit import RANKS
from deploy_access.audit.report_model import KnownFinding
from deploy_access.errors import InvalidValue, Problem, did_you_mean
from deploy_access.json_file import parse_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.json_file import JsonFile

# It grows when an older version would take a finding for known that is another one.
FORMAT = 1
KIND = "deploy-access audit --baseline"
_TEXTS = tuple(field.name for field in fields(KnownFinding))
_KEYS = {*_TEXTS, "count"}
_NEVER = {"too-many"}
_ANEW = (
    "Take it as it was committed; or delete it and write it anew: "
    "`deploy-access audit --baseline FILE --write-baseline`."
)


def render_baseline(found: Mapping[KnownFinding, int]) -> str:
    """Write the findings of a baseline, sorted, each with how often it is found."""
    document = {
        "kind": KIND,
        "format": FORMAT,
        "findings": [{**asdict(one), "count": found[one]} for one in sorted(found)],
    }
    return json.dumps(document, indent=2) + "\n"


def parse_baseline(raw: bytes, name: str) -> Mapping[KnownFinding, int]:
    """
    Read the bytes of a baseline.

    Raises:
        InvalidValue: It was not written by this version of `deploy-access audit`, or by hand.
    """
    content = _object(raw, name)
    if content.get("kind") != KIND:
        raise InvalidValue(_no_baseline(name, content))
    if content.get("format") != FORMAT:
        raise InvalidValue(_other_format(name, content.get("format")))
    listed = content.get("findings")
    if not isinstance(listed, list) or content.keys() - {"kind", "format", "findings"}:
        raise InvalidValue(_damaged(name, "It has `kind`, `format` and a list of `findings`."))
    found: Counter[KnownFinding] = Counter()
    for place, entry in enumerate(cast("list[object]", listed)):
        known, count = _entry(entry, f"{name}: findings[{place}]")
        if known in found:
            raise InvalidValue(_damaged(f"{name}: findings[{place}]", "It stands there twice."))
        found[known] = count
    return found


def _object(raw: bytes, name: str) -> Mapping[str, object]:
    try:
        file: JsonFile = parse_json(raw, name)
    except InvalidValue as error:
        raise InvalidValue(_damaged(name, error.problems[0].why)) from error
    if file.repeated:
        raise InvalidValue(_damaged(name, f"The key {file.repeated[0]!r} stands twice in it."))
    return file.content


def _entry(entry: object, place: str) -> tuple[KnownFinding, int]:
    if not isinstance(entry, dict):
        raise InvalidValue(_damaged(place, "A finding is an object."))
    given = cast("dict[str, object]", entry)
    for key in (*sorted(_KEYS - given.keys()), *sorted(given.keys() - _KEYS)):
        known = key in _KEYS
        why = f"It lacks `{key}`." if known else f"It has no {key!r}. {did_you_mean(key, _KEYS)}"
        raise InvalidValue(_damaged(place, why.rstrip()))
    texts = {key: value for key in _TEXTS if isinstance(value := given[key], str)}
    for key in _TEXTS:
        if key not in texts:
            raise InvalidValue(_damaged(place, f"`{key}` is a text."))
    count = given["count"]
    if not isinstance(count, int) or isinstance(count, bool) or count < 1:
        raise InvalidValue(_damaged(place, "`count` is a number from 1 on."))
    if texts["severity"] not in RANKS or texts["rule"] in _NEVER:
        raise InvalidValue(_damaged(place, "No audit writes such a finding."))
    return KnownFinding(**texts), count


def _no_baseline(name: str, content: Mapping[str, object]) -> Problem:
    keys = ", ".join(repr(key) for key in list(content)[:5])
    return Problem(
        what="The file is no baseline.",
        given=name,
        why=f"At its top it has {keys or 'nothing'}, and a baseline has `kind`: {KIND!r}. It is "
        "not written over, as it may be something else.",
        fix="Name another file: `--write-baseline` makes it.",
    )


def _other_format(name: str, given: object) -> Problem:
    is_later = isinstance(given, int) and not isinstance(given, bool) and given > FORMAT
    return Problem(
        what=f"The baseline {name!r} is of another format.",
        given=given,
        why=f"This version reads format {FORMAT}.",
        fix="Upgrade `deploy-access`." if is_later else _ANEW,
    )


def _damaged(place: str, why: str) -> Problem:
    return Problem(
        what="The baseline is damaged, so nothing is known by it.", given=place, why=why, fix=_ANEW
    )
