"""
The files of a stack that one job hands to the next: what is checked, and nothing else.

These are the stack's file, the lock file beside it, and the assets that it names. What Terraform
would find in a working folder of an earlier run stays behind, above all the programs of providers.
"""

from __future__ import annotations

import shutil
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, Problem
from deploy_access.input_file import is_inside, read_inside
from deploy_access.terraform.asset_files import asset_files, named_assets
from deploy_access.terraform.loaded_names import LOCK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from deploy_access.terraform.manifest import StackEntry


def stack_files(out: Path, stack: StackEntry) -> Iterator[str]:
    """List the files of a stack in *out* that are handed over, each by its path there."""
    place = PurePosixPath(stack.directory)
    yield stack.path
    if (out / place / LOCK).is_file():
        yield str(place / LOCK)
    for name in named_assets([read_inside(out, stack.path)]):
        yield from (str(place / file) for file in asset_files(out / place, name))


def carry_files(out: Path, target: Path, files: Iterable[str]) -> int:
    """
    Copy *files* from *out* to *target*, which must not exist yet.

    Returns:
        The number of files.

    Raises:
        InvalidValue: *target* is there already, or a file is a link out of *out*.
    """
    if target.exists():
        raise InvalidValue(_is_there(target))
    found = list(files)
    for file in found:
        if not is_inside(out, file):
            raise InvalidValue(_link(file))
    for file in found:
        (target / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(out / file, target / file)
    return len(found)


def _is_there(target: Path) -> Problem:
    return Problem(
        what="The folder to copy to is there already.",
        given=str(target),
        why="What lies in it would be run beside what was checked.",
        fix="Name a folder that is not there, or remove this one.",
    )


def _link(file: str) -> Problem:
    return Problem(
        what=f"{file[:100]!r} is a link out of its folder, so it is not handed over.",
        given=file[:100],
        why="It would hand over a file of this machine.",
        fix="Put the file itself into the folder.",
    )
