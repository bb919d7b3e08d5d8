"""The repository on GitHub that a checkout is of, as git's own settings say it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue
from deploy_access.input_file import project_of, read_inside

if TYPE_CHECKING:
    from pathlib import Path

_ORIGIN = re.compile(r'^\[remote "origin"\]\s*\n(?:(?!\[).*\n)*?\s*url\s*=\s*(\S+)', re.MULTILINE)
_ADDRESS = re.compile(
    r"(?:https://(?:[^/@\s]+@)?|ssh://git@|git@)github\.com[:/]([\w-]+/[\w.-]+?)(?:\.git)?/?"
)


def repository_of(path: Path) -> str | None:
    """Return `owner/name` of the checkout that *path* is in; None where it is not on github.com."""
    folder = project_of(path if path.is_dir() else path.parent)
    try:
        settings = read_inside(folder, ".git/config").decode("utf-8", "replace")
    except InvalidValue:
        return None
    origin = _ORIGIN.search(settings)
    address = _ADDRESS.fullmatch(origin[1]) if origin else None
    return address[1] if address else None
