"""
The context of a request: the values of its condition keys.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Values = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """
    Condition keys with their values; case does not matter in a key.

    Attributes:
        values: A text, or several for a key that has many. An empty list is no key.
        unknown: Keys that the request may or may not have: a whole key, or its beginning and a
            `*`. Every other key without a value is absent.
        references: Whether a value may hold a reference of Terraform. In the claims of a token
            `${` is nothing but two characters.

    """

    values: Values = field(default_factory=lambda: MappingProxyType({}))
    unknown: Sequence[str] = ()
    references: bool = True
    _held: Mapping[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)
    _names: frozenset[str] = field(init=False, repr=False, compare=False)
    _beginnings: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        held = {
            key.lower(): (value,) if isinstance(value, str) else tuple(value)
            for key, value in self.values.items()
        }
        object.__setattr__(self, "_held", {key: values for key, values in held.items() if values})
        unknown = [name.lower() for name in self.unknown]
        names = frozenset(name for name in unknown if not name.endswith("*"))
        beginnings = tuple(name[:-1] for name in unknown if name.endswith("*"))
        object.__setattr__(self, "_names", names)
        object.__setattr__(self, "_beginnings", beginnings)

    def held(self, key: str) -> tuple[str, ...] | None:
        """Return the values under *key*; None when there is none that is known."""
        return self._held.get(key.lower())

    def is_unknown(self, key: str) -> bool:
        """Whether it is not known if the request has *key*."""
        lowered = key.lower()
        return lowered not in self._held and (
            lowered in self._names or lowered.startswith(self._beginnings)
        )
