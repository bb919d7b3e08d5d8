"""
The files that an expression reads: `file`, `templatefile` and `fileexists`.

An expression may name any file of the machine, and a report shows what is in a policy. So only
files of the checkout are read, or of the module's own folder; any other stays an expression.

Sources: https://developer.hashicorp.com/terraform/language/functions/file and
https://developer.hashicorp.com/terraform/language/functions/templatefile
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue
from deploy_access.input_file import project_of, read_given
from deploy_access.terraform.bounds import LONGEST
from deploy_access.terraform.expression_values import (
    Names,
    UnknownError,
    is_unresolved,
    items_of,
    text_of,
)
from deploy_access.terraform.hcl import parse_template

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from deploy_access.terraform.configuration import Configuration
    from deploy_access.terraform.hcl_nodes import Node

    Evaluate = Callable[[Sequence[str | Node], Names], object]

FILE_FUNCTIONS = {"file", "fileexists", "templatefile"}


def call_file_function(
    name: str, arguments: Sequence[object], place: Configuration | None, evaluate: Evaluate
) -> object:
    """
    Return the value of a function that reads a file.

    Args:
        name: One of `FILE_FUNCTIONS`.
        arguments: Its arguments.
        place: The module that calls it.
        evaluate: Returns the value of a template with these names.

    Raises:
        UnknownError: The file is not there, may not be read, or is longer than any policy.
    """
    if place is None or not arguments or is_unresolved(arguments[0]):
        raise UnknownError
    path = _inside(place, text_of(arguments[0]))
    if name == "fileexists":
        return path.is_file()
    text = _text(path)
    if name == "file" and len(arguments) == 1:
        return text
    if name != "templatefile" or len(arguments) != 2:  # noqa: PLR2004
        raise UnknownError
    # A template has these names alone.
    return evaluate(parse_template(text), Names(values=items_of(arguments[1])))


def _inside(place: Configuration, name: str) -> Path:
    """Return the place of a file, which Terraform looks for where it runs."""
    if place.root is None or place.folder is None or "\0" in name:
        raise UnknownError
    try:
        found = (place.root / name).resolve()
        allowed = {project_of(place.root), place.folder.resolve()}
    except (OSError, RuntimeError) as error:  # links in a circle
        raise UnknownError from error
    if not any(found.is_relative_to(folder) for folder in allowed):
        raise UnknownError
    return found


def _text(path: Path) -> str:
    try:
        raw = read_given(path)
        text = raw.decode() if len(raw) <= LONGEST else None
    except (InvalidValue, UnicodeDecodeError) as error:
        raise UnknownError from error
    if text is None:
        raise UnknownError
    return text
