"""Options in an error, as a person has typed them."""

from __future__ import annotations

from shlex import quote


class AsGiven(str):
    """A text that an error shows without quotes around it, as it is a part of a command."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def as_given(*options: tuple[str, object]) -> AsGiven:
    """Write options with their values, quoted for a shell; one that is None was not given."""
    words = [f"{name} {quote(str(value))}" for name, value in options if value is not None]
    return AsGiven(" ".join(words) or "no option")
