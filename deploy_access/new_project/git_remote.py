"""The repository on GitHub that a folder was cloned from."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# With a user or without, in the form of a URL or of scp: what `git clone` takes.
_GITHUB = re.compile(
    r"(?:(?:https|ssh|git)://)?(?:[^@/]+@)?github\.com(?::\d+)?[:/]/?"
    r"(?P<full_name>[A-Za-z0-9-]+/[A-Za-z0-9._-]+?)(?:\.git)?/?"
)


def repository_of_folder(folder: Path) -> str:
    """Return `owner/name` of the remote `origin`; nothing when there is none on github.com."""
    there = next(path for path in (folder, *folder.absolute().parents) if path.is_dir())
    command = ["git", "-C", str(there), "remote", "get-url", "origin"]
    try:
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return ""
    return repository_of_url(said.strip())


def repository_of_url(url: str) -> str:
    """Return `owner/name` of the address of a repository on github.com; nothing of any other."""
    found = _GITHUB.fullmatch(url)
    return found["full_name"] if found else ""
