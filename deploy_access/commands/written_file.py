"""A file that a command writes beside what it prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, Problem

if TYPE_CHECKING:
    from pathlib import Path


def write_file(path: Path, text: str) -> None:
    """
    Write *text* to a file that the user names.

    Raises:
        InvalidValue: The file cannot be written.
    """
    try:
        path.write_text(text, "utf-8")
    except (OSError, ValueError) as error:
        problem = Problem(
            what="The output cannot be written.",
            given=str(path),
            why=f"The file cannot be opened: {getattr(error, 'strerror', None) or error}.",
            fix="Name a file in a folder that is there and can be written to.",
        )
        raise InvalidValue(problem) from error
