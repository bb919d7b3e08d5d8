"""Where in `environments.toml` the values of a plan come from, for what is said about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .table import Table

    Origins = Mapping[str, str]
    Layers = Mapping[str, Table | None]


def origins(layers: Layers, keys: Mapping[str, str], *, default: str) -> dict[str, str]:
    """
    Return the place of each value that a plan has from several tables.

    Args:
        layers: The tables by their entries, the nearest first.
        keys: The attributes of the plan, each with its key in the tables.
        default: The place of what none of them says.
    """
    return {name: _place(layers, key) or default for name, key in keys.items()}


def _place(layers: Layers, key: str) -> str | None:
    having = (
        entry
        for entry, table in layers.items()
        if table is not None and key in table.model_fields_set
    )
    entry = next(having, None)
    return None if entry is None else f"{entry}.{key}"


def origin_of(parts: Iterable[object], given: object) -> str | None:
    """Return the place that gave one of *parts* the value *given*; None where none did."""
    for part in parts:
        places: Origins = getattr(part, "origins", {})
        for name, place in places.items():
            if _is_of(given, getattr(part, name)):
                return place
    return None


def _is_of(given: object, value: object) -> bool:
    """Whether *given* is *value*, one of it, or all of it as a refusal shows a list."""
    if not isinstance(value, tuple):
        return given == value
    values = cast("tuple[object, ...]", value)
    return given in values or given == list(values)
