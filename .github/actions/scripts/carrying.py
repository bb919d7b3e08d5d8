"""
What one job hands to the next of synthesized stacks, so that what is applied is what was reviewed.

These are the manifest, the file of each stack that it lists, the lock file beside it, and the
assets that it names.
"""

from __future__ import annotations

import shutil
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from refused import Refused

from deploy_access.input_file import is_inside, read_inside
from deploy_access.terraform.asset_files import asset_files, named_assets
from deploy_access.terraform.loaded_names import LOCK, is_loaded
from deploy_access.terraform.manifest import MANIFEST, read_manifest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from deploy_access.terraform.manifest import StackEntry

_ADVICE = "Synthesize into it first."


def carry(out: Path, target: Path) -> int:
    """
    Copy what is handed over from *out* to *target*, which must not exist yet.

    Returns:
        The number of files.

    Raises:
        Refused: A stack has a file that Terraform would load and that is not handed over.
        InvalidValue: A file is not there, or is not as CDKTF writes it.
    """
    files = [MANIFEST, *(f for stack in read_manifest(out, _ADVICE) for f in _files(out, stack))]
    target.mkdir(parents=True)
    for file in files:
        if not is_inside(out, file):
            raise Refused(f"{file[:100]!r} is a link out of its folder, so it is not handed over.")
        (target / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(out / file, target / file)
    return len(files)


def _files(out: Path, stack: StackEntry) -> Iterator[str]:
    """List the files of a stack, each by its path in *out*."""
    place, main = PurePosixPath(stack.directory), read_inside(out, stack.path)
    inside = {path.name for path in (out / place).iterdir() if not path.is_dir()}
    for name in sorted(inside - {PurePosixPath(stack.path).name, LOCK}):
        if is_loaded(name):
            raise Refused(
                f"Terraform would load {str(place / name)[:100]!r} with stack {stack.name!r}, and "
                "only what is synthesized is deployed. Put it into the stack, or remove it."
            )
    yield stack.path
    yield from (str(place / name) for name in inside & {LOCK})
    for name in named_assets([main]):
        yield from (str(place / file) for file in asset_files(out / place, name))
