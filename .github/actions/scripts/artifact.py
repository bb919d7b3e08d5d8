"""The artifact of a run, by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from refused import Refused
from unpacking import unpack

from deploy_access.input_file import LIMIT

if TYPE_CHECKING:
    from pathlib import Path

    from api import GitHub

MOST = LIMIT // 4
"""The most bytes of the zip file; stacks are compressed to a twentieth of their size."""


def fetch(github: GitHub, run: int, name: str, folder: Path) -> int:
    """
    Unpack the artifact *name* of *run* into *folder*; see `unpack`.

    Raises:
        Refused: There is none, or it is not what it should be.
    """
    found = github.pages(f"actions/runs/{run}/artifacts", "artifacts", name=name)
    usable = [item for item in found if item["name"] == name and not item["expired"]]
    if not usable:
        raise Refused(f"Run {run} has no artifact {name!r}.")
    newest = max(int(item["id"]) for item in usable)  # Each attempt of a run has its own.
    return unpack(github.download(f"actions/artifacts/{newest}/zip", most=MOST), folder)
