"""The published schemas of reports, as judges, and what of a schema no report has shown yet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import jsonschema
from referencing import Registry
from referencing.jsonschema import DRAFT202012

import deploy_access

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Json = dict[str, Any]
Place = tuple[str, str]
"""A file and a JSON pointer in it."""

FOLDER = Path(deploy_access.__path__[0]) / "schemas"
_END = ".schema.json"
SCHEMAS: dict[str, Json] = {
    path.name.removesuffix(_END): json.loads(path.read_text("utf-8"))
    for path in sorted(FOLDER.glob(f"*{_END}"))
}
# They refer to each other by the names of their files, as they lie beside each other.
_REGISTRY: Any = cast("Any", Registry)().with_resources(
    (f"{name}{_END}", cast("Any", DRAFT202012).create_resource(schema))
    for name, schema in SCHEMAS.items()
)


def _judge(ref: str) -> Any:
    return jsonschema.Draft202012Validator({"$ref": ref}, registry=_REGISTRY)


_JUDGES = {name: _judge(f"{name}{_END}") for name in SCHEMAS}


def mistakes(name: str, document: Any) -> list[str]:
    """Say in which places a document is not what a schema says, and why."""
    found = _JUDGES[name].iter_errors(document)
    return [f"{error.json_path}: {error.message}" for error in found]


def unseen(name: str, documents: Iterable[Any]) -> list[str]:
    """
    List the parts of a schema's own file that no document has: keys, items and values of maps.

    A key whose value is null has not been seen, and nor has a list that is empty.
    """
    root = (f"{name}{_END}", "")
    seen = {place for document in documents for place in _seen(root, document)}
    return sorted(pointer for file, pointer in _parts(root) - seen if file == root[0])


def _at(place: Place) -> Json:
    file, pointer = place
    found: Any = SCHEMAS[file.removesuffix(_END)]
    for part in filter(None, pointer.split("/")):
        found = found[int(part) if part.isdigit() else part]
    return found


def _referred(place: Place) -> Place | None:
    ref = _at(place).get("$ref")
    if ref is None:
        return None
    file, _, pointer = str(ref).partition("#")
    return (file or place[0], pointer)


def _inside(place: Place) -> Iterator[tuple[str, Place]]:
    """List what a schema has inside of it: by the key of an object, or by what it is."""
    node, (file, pointer) = _at(place), place
    for key in node.get("properties", {}):
        yield f".{key}", (file, f"{pointer}/properties/{key}")
    for word in ("items", "additionalProperties"):
        if isinstance(node.get(word), dict):
            yield word, (file, f"{pointer}/{word}")
    for word in ("anyOf", "oneOf"):
        for number in range(len(node.get(word, []))):
            yield word, (file, f"{pointer}/{word}/{number}")


def _parts(root: Place) -> set[Place]:
    found: set[Place] = set()
    left = [root]
    while left:
        place = left.pop()
        if place not in found:
            found.add(place)
            left += filter(None, [_referred(place), *(inner for _, inner in _inside(place))])
    return found - {place for place in found if _at(place) == {"type": "null"}}


def _seen(place: Place, value: Any) -> Iterator[Place]:
    if value is None:
        return
    yield place
    if (referred := _referred(place)) is not None:
        yield from _seen(referred, value)
    for word, inner in _inside(place):
        for one in _values(word, inner, place, value):
            yield from _seen(inner, one)


def _values(word: str, inner: Place, place: Place, value: Any) -> list[Any]:
    """Return what of a value is under a part of its schema."""
    if word.startswith("."):
        return [value[word[1:]]] if isinstance(value, dict) and word[1:] in value else []
    if word == "items":
        return cast("list[Any]", value) if isinstance(value, list) else []
    if word == "additionalProperties":
        named = _at(place).get("properties", {})
        pairs = cast("Json", value).items() if isinstance(value, dict) else ()
        return [one for key, one in pairs if key not in named]
    judge = _judge(f"{inner[0]}#{inner[1]}")
    return [value] if judge.is_valid(value) else []
