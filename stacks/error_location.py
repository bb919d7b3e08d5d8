"""The table and the key of `environments.toml` that one of pydantic's errors is about."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic.fields import FieldInfo

Path = tuple[str | int, ...]

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class ErrorLocation:
    """
    The place of a value in the file.

    Attributes:
        path: The keys that lead to it.
        entry: As TOML would spell it, for example `services.web.ecs.cluster`.
        key: Its last key.
        known: The keys that its table may have.
        field: The key in the model, or None where the user chooses the key.
    """

    path: Path
    entry: str
    key: str
    known: tuple[str, ...]
    field: FieldInfo | None


def find_location(root: type[BaseModel], location: Sequence[str | int]) -> ErrorLocation:
    """Follow pydantic's *location* through the model: it also names the branch of a union."""
    parts: list[str | int] = []
    table: Any = None
    here: Any = root
    for part in location:
        # pydantic's mark for an error in the key itself, not in its value.
        if part == "[key]":
            break
        if not _is_branch(here, part):
            parts.append(part)
            table = here
        here = _inside(here, part)
    # An entry of a list has no name of its own, so that of the list is its key.
    key = next((part for part in reversed(parts) if isinstance(part, str)), "")
    fields = _fields(table)
    return ErrorLocation(
        path=tuple(parts),
        entry=dotted(parts),
        key=key,
        known=tuple(sorted(fields)),
        field=fields.get(key),
    )


def _inside(annotation: Any, part: str | int) -> Any:
    if _is_branch(annotation, part):
        return _branches(annotation).get(part)
    fields = _fields(annotation)
    if fields:
        return _plain(fields[str(part)].annotation) if str(part) in fields else None
    # Of `dict[key, value]` the values are meant, of `tuple[item, ...]` the items.
    arguments = get_args(annotation)
    return _plain(arguments[1 if get_origin(annotation) is dict else 0]) if arguments else None


def _plain(annotation: Any) -> Any:
    """Return *annotation* without `Annotated` and `| None`, which leave no trace in a location."""
    if get_origin(annotation) is Annotated:
        return _plain(get_args(annotation)[0])
    if get_origin(annotation) in {Union, UnionType}:
        others = [a for a in get_args(annotation) if a is not type(None)]
        return _plain(others[0]) if len(others) == 1 else annotation
    return annotation


def _is_branch(annotation: Any, part: str | int) -> bool:
    """Whether *part* names a branch of a union: a key of the file has the union by now."""
    if get_origin(annotation) not in {Union, UnionType}:
        return False
    # One that is selected by `type` says the type; of any other, each branch has its errors.
    return part in _branches(annotation) or not all(map(_tags, get_args(annotation)))


def _branches(annotation: Any) -> dict[str | int, Any]:
    """Return the branches of a union by their names in a location."""
    return {
        name: _plain(branch)
        for branch in get_args(annotation)
        for name in _tags(branch) or (getattr(branch, "__name__", ""), str(branch))
    }


def _tags(branch: Any) -> tuple[str, ...]:
    """Return the values of `type` that select a table of a union."""
    kind = _fields(branch).get("type")
    return () if kind is None else get_args(kind.annotation)


def _fields(annotation: Any) -> dict[str, FieldInfo]:
    if not (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
        return {}
    return {field.alias or name: field for name, field in annotation.model_fields.items()}


def dotted(parts: Sequence[str | int]) -> str:
    """Spell a path as TOML does."""
    text = ""
    for part in parts:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += "." * bool(text) + (part if _BARE_KEY.fullmatch(part) else json.dumps(part))
    return text
