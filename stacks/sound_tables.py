"""The tables of `environments.toml` without what is wrong in them, so that the rest is checked."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any, cast

from pydantic import ValidationError

from .environments_model import EnvironmentsModel
from .table import GithubRepositoryTable
from .table_reference import tables_in
from .validation_message import describe, place_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .error_location import ErrorLocation, Path

# What is left out or replaced may be needed by what is around it, which goes then.
_ROUNDS = 9
_REFERENCES = {"account": "accounts", "state": "states"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundTables:
    """
    Tables that can be resolved, although there are mistakes in the file.

    Attributes:
        model: The tables; a required value that is wrong is replaced by its example.
        lines: What is said about the mistakes.
        broken: The places of the mistakes.
    """

    model: EnvironmentsModel
    lines: tuple[str, ...] = ()
    broken: tuple[Path, ...] = ()


def read_tables(raw: Mapping[str, object]) -> SoundTables | tuple[str, ...]:
    """Return the tables of a file; only what is said about them when nothing can be resolved."""
    # The tables' names go along as context: a reference is checked while its own table is.
    try:
        return SoundTables(model=EnvironmentsModel.model_validate(raw, context=tables_in(raw)))
    except ValidationError as error:
        lines = tuple(describe(error, EnvironmentsModel))
        broken = tuple(place.path for place in _places(error))
        model = _repair(deepcopy(dict(raw)), error)
    return SoundTables(model=model, lines=lines, broken=broken) if model else lines


def _repair(raw: dict[str, Any], error: ValidationError) -> EnvironmentsModel | None:
    for _ in range(_ROUNDS):
        # From the end: what is taken out of a list moves what is behind it.
        for place in reversed(_places(error)):
            _leave_out(raw, place)
        try:
            return EnvironmentsModel.model_validate(raw, context=tables_in(raw))
        except ValidationError as further:
            error = further
    return None


def _places(error: ValidationError) -> list[ErrorLocation]:
    return [place_of(each, EnvironmentsModel) for each in error.errors(include_url=False)]


def _leave_out(raw: dict[str, Any], place: ErrorLocation) -> None:
    *above, last = place.path
    table = _inside(raw, above)
    if above[:1] == ["states"]:
        raw["states"][above[1] if len(above) > 1 else last] = {"type": "local"}
    elif isinstance(table, list) and isinstance(last, int):
        del table[last]
    elif isinstance(table, dict):
        keys = cast("dict[str | int, Any]", table)
        keys.pop(last, None)
        _stand_in(raw, keys, place)


def _inside(raw: Any, path: list[str | int]) -> Any:
    for part in path:
        try:
            raw = raw[part]
        except (KeyError, IndexError, TypeError):
            return None
    return raw


def _stand_in(raw: dict[str, Any], table: dict[str | int, Any], place: ErrorLocation) -> None:
    field, key = place.field, place.key
    if place.path[0] == "github":
        raw.setdefault("github", {}).setdefault("owner", "OWNER")
    elif place.path[0] == "services" and key in GithubRepositoryTable.model_fields:
        # One id without the other would be the next mistake.
        for each in GithubRepositoryTable.model_fields:
            table.pop(each, None)
    if field is not None and (field.is_required() or key in _REFERENCES):
        names = tables_in(raw).get(_REFERENCES.get(key, ""), [])
        examples = names or (_unused_ids(raw) if key == "id" else field.examples) or [None]
        table[key] = examples[0]


def _unused_ids(raw: dict[str, Any]) -> list[str]:
    """Return the id of an account that the file does not have: two accounts of one id clash."""
    text = str(raw["accounts"])
    return [next(one for one in map("{:012d}".format, count(1)) if one not in text)]
