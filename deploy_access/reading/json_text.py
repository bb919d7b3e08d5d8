"""JSON from anywhere: broken, nested without end, with a key twice."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn, cast

from deploy_access.errors import InvalidValue, Problem
from deploy_access.reading.shapes import is_container

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

DEPTH = 100
SHOWN = 100


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


class _Pairs:
    """Makes objects, and keeps those that have a key twice."""

    def __init__(self) -> None:
        self.repeating: dict[int, tuple[dict[str, object], list[str]]] = {}
        self.more = 0

    def __call__(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        found = dict(pairs)
        if len(found) != len(pairs):
            self._keep(found, [key for key, _ in pairs])
        return found

    def _keep(self, found: dict[str, object], keys: list[str]) -> None:
        if len(self.repeating) < SHOWN:
            twice = [key for key, count in Counter(keys).items() if count > 1]
            self.repeating[id(found)] = (found, twice)
        else:
            self.more += 1


def read_json(path: Path) -> JsonFile:
    """
    Read a file.

    Raises:
        InvalidValue: There is none, or it is no JSON object.
    """
    try:
        raw = path.read_bytes()
    except (OSError, ValueError) as error:
        raise InvalidValue(_unreadable(str(path), error)) from error
    return parse_json(raw, str(path))


def parse_json(raw: bytes, name: str) -> JsonFile:
    """
    Read the bytes of a file.

    Raises:
        InvalidValue: It is no JSON object.
    """
    pairs = _Pairs()
    try:
        text = raw.decode(json.detect_encoding(raw))
        found: object = json.loads(text, object_pairs_hook=pairs, parse_constant=_refuse_constant)
        _refuse_half_characters(text, found)
    except RecursionError:
        raise InvalidValue(_too_deep(name)) from None
    except ValueError as error:
        raise InvalidValue(_no_json(name, error)) from error
    if not isinstance(found, dict):
        raise InvalidValue(_no_object(name, found))
    content = cast("dict[str, object]", found)
    if _depth(content) > DEPTH:
        raise InvalidValue(_too_deep(name))
    return JsonFile(name, content, tuple(_paths(content, pairs)) if pairs.repeating else ())


def _refuse_constant(name: str) -> NoReturn:
    msg = f"JSON has no {name}"
    raise ValueError(msg)


def _refuse_half_characters(text: str, found: object) -> None:
    """Refuse an escaped half of a character, which no terminal and no file takes."""
    if r"\ud" in text or r"\uD" in text:
        json.dumps(found, ensure_ascii=False).encode()


def _depth(content: object) -> int:
    """Count the levels, no further than one too many."""
    depth, level = 0, [content]
    while level and depth <= DEPTH:
        depth += 1
        level = [child for parent in level for child in _children(parent) if is_container(child)]
    return depth


def _children(parent: object) -> Iterable[object]:
    if isinstance(parent, dict):
        return cast("dict[str, object]", parent).values()
    return cast("list[object]", parent)


def _paths(content: dict[str, object], pairs: _Pairs) -> Iterator[str]:
    """Say where each repeated key is; one inside of a value that another replaced has no path."""
    left = dict(pairs.repeating)
    stack: list[tuple[str, object]] = [("", content)]
    while stack and left:
        path, value = stack.pop()
        for key in left.pop(id(value), (content, []))[1]:
            yield f"{path}.{key}".removeprefix(".")
        stack += _containers(path, value)
    yield from (key for _, keys in left.values() for key in keys)
    if pairs.more:
        yield f"in {pairs.more} more objects"


def _containers(path: str, value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for key, child in cast("dict[str, object]", value).items():
            if is_container(child):
                yield f"{path}.{key}", child
    else:
        for index, child in enumerate(cast("list[object]", value)):
            if is_container(child):
                yield f"{path}[{index}]", child


def _unreadable(name: str, error: Exception) -> Problem:
    return Problem(
        what="There is nothing to read.",
        given=name,
        why=f"The file cannot be opened: {getattr(error, 'strerror', None) or error}.",
        fix="Name a file that is there.",
    )


def _no_json(name: str, error: ValueError) -> Problem:
    return Problem(
        what="The file is no JSON.",
        given=name,
        why=f"It was cut off, changed by hand, or is something else: {error}.",
        fix="Make it anew.",
    )


def _no_object(name: str, found: object) -> Problem:
    kind = "list" if isinstance(found, list) else "single value"
    return Problem(
        what=f"The file is a JSON {kind}.",
        given=name,
        why="Stacks, plans, policies and what AWS answers are each one object.",
        fix="Name the file of one of those.",
    )


def _too_deep(name: str) -> Problem:
    return Problem(
        what="The file is nested too deep.",
        given=name,
        why=f"Nothing that Terraform or AWS writes has more than {DEPTH} levels.",
        fix="Make it anew.",
    )
