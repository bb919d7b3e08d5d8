"""Override a table key by key."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from stacks.table import Table

T = TypeVar("T", bound="Table")


def merge(kind: type[T], *layers: Table | None) -> T:
    """Take each key of *kind* from the last of the *layers* that has it in the file."""
    given = {
        key: getattr(layer, key)
        for layer in layers
        if layer is not None
        for key in layer.model_fields_set & set(kind.model_fields)
    }
    return kind.model_construct(**given)
