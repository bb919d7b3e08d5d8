"""A file that a command writes beside what it prints."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, Problem

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path


def write_file(path: Path, text: str) -> None:
    """
    Write *text* to a file that the user names.

    Raises:
        InvalidValue: The file cannot be written.
    """
    with _writing(path):
        path.write_text(text, "utf-8")


def replace_file(path: Path, text: str) -> None:
    """
    Write *text* in place of a file that is read again: whole, or not at all.

    Raises:
        InvalidValue: The file cannot be written.
    """
    with _writing(path):
        whole = path.resolve()  # A symbolic link stays one.
        if whole.exists() and not whole.is_file():
            raise IsADirectoryError(0, "it is no regular file")
        beside = whole.with_name(f".{whole.name}.{os.getpid()}")
        try:
            beside.write_text(text, "utf-8")
            if whole.exists():
                shutil.copymode(whole, beside)
            beside.replace(whole)
        finally:
            beside.unlink(missing_ok=True)


@contextmanager
def _writing(path: Path) -> Generator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        problem = Problem(
            what="The output cannot be written.",
            given=str(path),
            why=f"The file cannot be opened: {getattr(error, 'strerror', None) or error}.",
            fix="Name a file in a folder that is there and can be written to.",
        )
        raise InvalidValue(problem) from error
