"""
The folder that is synthesized into: whole stacks of one synthesis, whenever the program is killed.

A synthesis writes into a draft inside of the folder, and only a complete one takes the place of
what is there. Files are moved one by one, because the folders of the stacks have to stay: they hold
`.terraform`, plans and states, and a Terraform that runs has one of them as its working directory.
`manifest.json` goes first and comes last. A folder without it is refused by what reads it: this
project's commands, the sandbox, and cdktf's own command line.
"""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from deploy_access.disk_refusal import disk_refusal, system_reason
from deploy_access.errors import InvalidValue, Problem
from deploy_access.terraform.manifest import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Generator

# Inside of the folder, so that they are on its file system also when it is mounted. Every draft has
# its own name: the Node of a program that was killed may still write into the one that it has.
_DRAFT = ".draft-"
_COMPLETE = ".complete"


def chosen_folder() -> Path:
    """Return where to synthesize: `CDKTF_OUTDIR`, which cdktf's command sets, or `cdktf.out`."""
    return Path(os.environ.get("CDKTF_OUTDIR") or "cdktf.out")


@contextmanager
def replacing(folder: Path) -> Generator[Path]:
    """
    Yield a folder to synthesize into; at the end its files take the place of those in *folder*.

    What else is in *folder* stays, and after an error all of it. What a killed program has left is
    finished when its synthesis was complete, and removed otherwise. A second program waits for the
    first one.

    Args:
        folder: What is replaced; it is made when it is not there.

    Raises:
        InvalidValue: The disk is full, or the folder cannot be written.
    """
    with _writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder):
        with _writing(folder):
            _finish(folder)
            _remove_drafts(folder)
            draft = Path(mkdtemp(prefix=_DRAFT, dir=folder)).absolute()
        try:
            with _synthesizing(folder):
                yield draft
            with _writing(folder):
                _take(folder, draft)
        finally:
            _remove_drafts(folder)


def _take(folder: Path, draft: Path) -> None:
    """Let a draft with a manifest be the synthesis that counts, from this rename on."""
    if (draft / MANIFEST).exists():
        draft.rename(folder / _COMPLETE)
        _finish(folder)


def _finish(folder: Path) -> None:
    """Move a complete synthesis to its place, or what a kill has left of it."""
    complete = folder / _COMPLETE
    # The manifest is moved last: without one, all others have been.
    if (complete / MANIFEST).exists():
        files = [path for path in complete.rglob("*") if path.is_symlink() or not path.is_dir()]
        files.remove(complete / MANIFEST)
        moves = {path: folder / path.relative_to(complete) for path in files}
        # First what may fail for want of room, while the earlier synthesis is still whole.
        for target in moves.values():
            target.parent.mkdir(parents=True, exist_ok=True)
        (folder / MANIFEST).unlink(missing_ok=True)
        for path, target in moves.items():
            path.replace(target)
        (complete / MANIFEST).replace(folder / MANIFEST)
    if complete.exists():
        shutil.rmtree(complete)


def _remove_drafts(folder: Path) -> None:
    """Remove the drafts of this program and of killed ones; what fails is left for the next."""
    for draft in folder.glob(f"{_DRAFT}*"):
        shutil.rmtree(draft, ignore_errors=True)


@contextmanager
def _locked(folder: Path) -> Generator[None]:
    """Wait until no other program replaces *folder*; a killed one holds nothing."""
    if sys.platform == "win32":  # it has no such lock
        yield
        return
    import fcntl  # noqa: PLC0415  # Windows does not have it

    descriptor = os.open(folder, os.O_RDONLY)
    try:
        # Some network file systems lock no folders: two programs at once are rare there, too.
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def _writing(folder: Path) -> Generator[None]:
    try:
        yield
    except OSError as error:
        raise InvalidValue(_not_written(folder, system_reason(error))) from error


@contextmanager
def _synthesizing(folder: Path) -> Generator[None]:
    """Refuse what the disk refuses; other errors are not of the folder, and pass."""
    try:
        yield
    except (OSError, RuntimeError) as error:
        reason = disk_refusal(error)
        if reason is None:
            raise
        raise InvalidValue(_not_written(folder, reason)) from error


def _not_written(folder: Path, reason: str) -> Problem:
    is_whole = (folder / MANIFEST).exists()
    kept = "What was synthesized before is as it was." if is_whole else "It has no whole synthesis."
    return Problem(
        what="The stacks cannot be written.",
        given=str(folder),
        why=f"The disk says: {reason}. {kept}",
        fix="Make room, or name a folder that can be written to in `CDKTF_OUTDIR`, and synthesize "
        "again.",
    )
