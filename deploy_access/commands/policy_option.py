"""The files that `--policy` takes, with whose policy each of them has."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from deploy_access.errors import InvalidValue
from deploy_access.terraform.named_file import NamedFile, parse_named

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

STDIN = Path("-")


class PolicyFile(click.ParamType["NamedFile | Path"]):
    """A file, `ARN=FILE` or `ROLE=FILE`."""

    name = "file"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> NamedFile | Path:
        """Take the owner off the name of the file."""
        try:
            return parse_named(str(value))
        except InvalidValue as error:
            self.fail(str(error), param, ctx)


def check_stdin(places: Sequence[NamedFile | Path], what: str) -> None:
    """
    Refuse to read the standard input twice, or beside other inputs.

    What is read from a plain `-` is a whole estate; with an owner before it, it is one policy.

    Args:
        places: The inputs.
        what: How `-` is written in this command.
    """
    if STDIN in places and len(places) > 1:
        raise click.UsageError(f"`{what}` stands alone: what is read from it is one estate.")
    if sum(map(_is_stdin, places)) > 1:
        raise click.UsageError("The standard input is read once: name one owner for `-`.")


def reads_stdin(places: Iterable[NamedFile | Path]) -> bool:
    """Whether the standard input is one of the inputs."""
    return any(map(_is_stdin, places))


def _is_stdin(place: NamedFile | Path) -> bool:
    return (place.path if isinstance(place, NamedFile) else place) == STDIN
