"""Every way to break the structure of a document: a part of another type, left out, or huge."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Step = str | int
    Path = tuple[Step, ...]

INSIDE = "<json>"
"""The step into a text that is JSON itself, as a policy in a stack is."""
WRONG: Sequence[object] = (
    *(None, True, 0, -1, 1.5, 1e300, 10**400),
    *("", "x", "arn:", "a:b:c:d:e:f:g", "*", "[", "{}", "\x1b[2J\n", "é" * 3000, "9" * 400),
    *("${", "${01}", "${1e999}", "${a.b.c}", '${"${"}"}', "%{if x}", "${jsonencode({a=[1]})}"),
    *cast("list[object]", [[], [None], [[]], [5], ["x", "x"], [{}]]),
    *cast("list[object]", [{}, {"": ""}, {"a": {}}, {"*": ["x"]}]),
)
NESTED = (30, 97, 300, 900, 985, 100_000)
"""Levels: few, as many as a file may have, around those of Python's own stack, and very many."""
HUGE = ("*" * 100_000, "?*" * 50_000, "a:" * 50_000, "${a.b}" * 20_000, "${" * 50_000)


def keys_of(document: object) -> list[Path]:
    """List the way to each part of *document*; of many with the same last two keys, to one."""
    found: dict[tuple[Step, ...], Path] = {}
    for path in _ways(document, ()):
        found.setdefault(tuple(step for step in path if isinstance(step, str))[-2:], path)
    return list(found.values())


def _ways(value: object, path: Path) -> Iterator[Path]:
    yield path
    if isinstance(value, dict):
        for key, part in cast("dict[str, object]", value).items():
            yield from _ways(part, (*path, key))
    elif isinstance(value, list):
        for index, part in enumerate(cast("list[object]", value)):
            yield from _ways(part, (*path, index))
    elif isinstance(value, str) and value.startswith("{"):
        for inner in _ways(json.loads(value), ()):
            yield (*path, INSIDE, *inner)


def replaced(document: Any, path: Path, new: object) -> Any:
    """Put *new* in the place of a part."""
    if not path:
        return new
    step, rest = path[0], path[1:]
    if step == INSIDE:
        return json.dumps(replaced(json.loads(document), rest, new))
    changed = document.copy()
    changed[step] = replaced(document[step], rest, new)
    return changed


def part_at(document: Any, path: Path) -> Any:
    """Return the part that a way leads to."""
    for step in path:
        document = json.loads(document) if step == INSIDE else document[step]
    return document


def left_out(document: Any, path: Path) -> Any:
    """Leave a part out."""
    if path[-1] == INSIDE:
        return replaced(document, path[:-1], "")
    without = part_at(document, path[:-1]).copy()
    del without[path[-1]]
    return replaced(document, path[:-1], without)


def wrong_types(document: object, path: Path) -> Iterator[str]:
    """Write the document with each wrong value in the place of one part, and without the part."""
    for wrong in WRONG:
        yield json.dumps(replaced(document, path, wrong))
    if path:
        yield json.dumps(left_out(document, path))


def added_keys(document: object, path: Path) -> Iterator[str]:
    """Write the document with each other key of it in an object, with what it has elsewhere."""
    ways = list(_ways(document, ()))
    known = {path[-1]: path for path in ways if path and isinstance(path[-1], str)}
    found = part_at(document, path)
    target = cast("dict[str, object]", found) if isinstance(found, dict) else {}
    for key, way in known.items():
        if target and key != INSIDE:
            for value in (part_at(document, way), *WRONG[::3]):
                yield json.dumps(replaced(document, path, {**target, key: value}))


def huge_parts(document: object, path: Path) -> Iterator[str]:
    """Write the document with a part that is nested deep or very long, as JSON and as a text."""
    for levels in NESTED:
        for opening, closing in (("[", "]"), ('{"a":', "}")):
            nested = opening * levels + "1" + closing * levels
            yield _spliced(document, path, nested)
            yield json.dumps(replaced(document, path, f'{{"Statement": {nested}}}'))
        for opening, closing in (("(", ")"), ("[", "]"), ("f(", ")"), ('"${', '}"')):
            yield json.dumps(
                replaced(document, path, f"${{{opening * levels}1{closing * levels}}}")
            )
    for text in HUGE:
        yield json.dumps(replaced(document, path, text))


def broken_texts(document: object, path: Path) -> Iterator[str]:
    """Write the document so that it is no JSON, or JSON that JSON's usual readers take amiss."""
    for text in ("NaN", "1e999", "-Infinity", "1" * 5000, '"\\ud800"', '"\x00"', '{"a":1,"a":2}'):
        yield _spliced(document, path, text)
    whole = json.dumps(document)
    yield from (whole[: len(whole) * eighth // 8] for eighth in range(8))


def _spliced(document: object, path: Path, text: str) -> str:
    """Write *text* as it is in the place of a part, which may be what no writer of JSON writes."""
    if INSIDE in path:
        outer = path[: path.index(INSIDE)]
        inner: Any = document
        for step in outer:
            inner = inner[step]
        spliced = _spliced(json.loads(inner), path[len(outer) + 1 :], text)
        return json.dumps(replaced(document, outer, spliced))
    return json.dumps(replaced(document, path, "<here>")).replace('"<here>"', text)
