"""JSON from anywhere: broken, nested without end, with a key twice."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn, cast

from deploy_access.activity import ACTIVITY
from deploy_access.errors import InvalidValue, Problem
from deploy_access.input_file import read_given, read_inside, shown_name
from deploy_access.input_kinds import what_is_read
from deploy_access.json_text import parse_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from deploy_access.json_text import JsonText

    _Container = dict[str, object] | list[object]

DEPTH = 100
# No stack and no plan is made of so many objects and lists that they take more than their texts.
_MOST = 1_000_000
_CONTAINERS = {dict, list}
# A plan that `terraform plan -out` writes is a zip archive.
_ARCHIVE = b"PK\x03\x04"
# A line before the JSON, or one that GitHub's runner takes as a command, before or after it.
# https://github.com/hashicorp/setup-terraform/blob/main/wrapper/terraform.js
_PRINTED = re.compile(
    r"^(?:\[command\]|::[a-z-]+[ :]).*|\A\s*[^\s{\[\"].*(?=\n(?:.*\n){0,5}?\s*\{)", re.MULTILINE
)
_LINE = 60
"""The characters of such a line that are told."""


@dataclass(frozen=True, slots=True)
class JsonFile:
    """
    A file that is a JSON object.

    Attributes:
        name: The file, as it was named.
        content: The object.
        repeated: Paths of keys that an object has twice; the last one counts.
    """

    name: str
    content: dict[str, object]
    repeated: tuple[str, ...]


def read_json(path: str | Path) -> JsonFile:
    """
    Read a file that the user names; `-` is the standard input.

    Raises:
        InvalidValue: The file cannot be read, or is no JSON object.
    """
    ACTIVITY.what = f"reading {shown_name(path)}"
    return parse_json(read_given(path), shown_name(path))


def read_json_inside(folder: Path, path: str) -> JsonFile:
    """
    Read the file *path* inside *folder*.

    Raises:
        InvalidValue: The file cannot be read, lies outside of the folder, or is no JSON object.
    """
    ACTIVITY.what = f"reading {shown_name(folder / path)}"
    return parse_json(read_inside(folder, path), shown_name(folder / path))


def parse_json(raw: bytes, name: str) -> JsonFile:
    """
    Read the bytes of a file.

    Raises:
        InvalidValue: It is no JSON object.
    """
    try:
        text = raw.decode(json.detect_encoding(raw))
        opened = text.count("[") + text.count("{")
        _refuse_too_much(opened, name)
        parsed = _parse(text, name)
        found = parsed.content
        _refuse_half_characters(text, found)
    except RecursionError:
        raise InvalidValue(_too_deep(name)) from None
    except InvalidValue:
        raise
    except ValueError as error:
        raise InvalidValue(_instead_of_json(name, raw, error)) from error
    if not isinstance(found, dict):
        raise InvalidValue(_no_object(name, found))
    content = cast("dict[str, object]", found)
    # The levels need no counting where no more than so many are opened at all.
    if opened > DEPTH and _depth(content) > DEPTH:
        raise InvalidValue(_too_deep(name))
    return JsonFile(name, content, tuple(_repeated(parsed)))


def _parse(text: str, name: str) -> JsonText:
    """Read JSON; a `ValueError` that is not the parser's is about a number of too many digits."""
    try:
        return parse_text(text, _refuse_constant)
    except (json.JSONDecodeError, _NoConstantError):
        raise
    except ValueError as error:
        raise InvalidValue(_too_many_digits(name)) from error


class _NoConstantError(ValueError):
    """A constant of JavaScript that JSON does not have."""


def _refuse_too_much(opened: int, name: str) -> None:
    if opened > _MOST:
        raise InvalidValue(_too_much(name))


def _refuse_constant(name: str) -> NoReturn:
    msg = f"JSON has no {name}"
    raise _NoConstantError(msg)


def _refuse_half_characters(text: str, found: object) -> None:
    """Refuse an escaped half of a character, which no terminal and no file takes."""
    if r"\ud" in text or r"\uD" in text:
        json.dumps(found, ensure_ascii=False).encode()


def _depth(content: object) -> int:
    """Count the levels, no further than one too many."""
    depth, level = 0, [cast("_Container", content)]
    while level and depth <= DEPTH:
        depth += 1
        level = [
            cast("_Container", child)
            for parent in level
            for child in (parent.values() if isinstance(parent, dict) else parent)
            if type(child) in _CONTAINERS  # what is parsed is of these types, of none below them
        ]
    return depth


def _repeated(found: JsonText) -> Iterator[str]:
    """Write where each repeated key is: `a.b[0].c`."""
    for path in found.repeated:
        steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
        yield "".join(steps).removeprefix(".")
    if found.more:
        yield f"in {found.more} more objects"


def _instead_of_json(name: str, raw: bytes, error: ValueError) -> Problem:
    """Say what stands there in place of JSON."""
    if raw.startswith(_ARCHIVE):
        return _binary(name)
    text = raw.decode(json.detect_encoding(raw), errors="replace")
    printed = _PRINTED.search(text)
    return _printed_into(name, printed[0]) if printed else _no_json(name, error)


def _binary(name: str) -> Problem:
    return Problem(
        what="The file is an archive, and no JSON.",
        given=name,
        why="`terraform plan -out` writes such a file, which only Terraform reads.",
        fix="Print it as JSON: `terraform show -json plan > plan.json`, and name that file.",
    )


def _printed_into(name: str, line: str) -> Problem:
    return Problem(
        what="Another program printed into the JSON.",
        given=name,
        why=f"It has the line {line.strip()[:_LINE]!r}; the wrapper of `hashicorp/setup-terraform` "
        "prints such lines around what Terraform prints.",
        fix="Set `terraform_wrapper: false` for that action, or call Terraform without a wrapper, "
        "and write the file anew.",
    )


def _no_json(name: str, error: ValueError) -> Problem:
    return Problem(
        what="The file is no JSON.",
        given=name,
        why=f"It was cut off, changed by hand, or is something else: {_reason(error)}.",
        fix="Make it anew: a stack with `python main.py` or `cdktf synth`, a plan with "
        f"`terraform show -json`. What is read: {what_is_read()}.",
    )


def _reason(error: ValueError) -> str:
    """Say why it is no JSON; only the parser has words of its own that help."""
    if isinstance(error, UnicodeDecodeError):
        return "it is not written in UTF-8"
    if isinstance(error, UnicodeEncodeError):
        return "it has one half of a character that takes two"
    if isinstance(error, json.JSONDecodeError) and not error.doc.strip():
        return "it is empty"
    return str(error)


def _no_object(name: str, found: object) -> Problem:
    kind = "list" if isinstance(found, list) else "single value"
    return Problem(
        what=f"The file is a JSON {kind}.",
        given=name,
        why="Stacks, plans, policies and what AWS answers are each one object.",
        fix=f"Name the policies themselves, or else what is read: {what_is_read()}.",
    )


def _too_deep(name: str) -> Problem:
    return Problem(
        what="The file is nested too deep.",
        given=name,
        why=f"Nothing that Terraform or AWS writes has more than {DEPTH} levels.",
        fix="Make it anew.",
    )


def _too_many_digits(name: str) -> Problem:
    return Problem(
        what="A number in the file has too many digits.",
        given=name,
        why="Nothing that Terraform or AWS writes has a number of thousands of digits.",
        fix="Make it anew.",
    )


def _too_much(name: str) -> Problem:
    return Problem(
        what="There is too much in one file.",
        given=name,
        why=f"It has more than {_MOST} objects and lists.",
        fix="Split it.",
    )
