"""The stacks of a revision and those of the working tree, in folders that are gone afterwards."""

from __future__ import annotations

import shutil
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from deploy_access.activity import ACTIVITY
from deploy_access.errors import InvalidValue, Problem
from deploy_access.git_sides.app_program import CONFIG, Synthesis, app_of, synthesize
from deploy_access.git_sides.repository import find_commit, find_root, worktree
from deploy_access.interrupt import interruptible, uninterrupted
from deploy_access.terraform.sources import NONE

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

_HEAD = "the working tree"


@dataclass(frozen=True, slots=True, kw_only=True)
class GitSides:
    """
    Two sides of a review.

    Attributes:
        base: The folder of the revision's stacks; `none` where it has no such project.
        head: The folder of the working tree's stacks.
        notes: What to know of them, as sentences.
    """

    base: Path
    head: Path
    notes: tuple[str, ...] = ()


@contextmanager
def git_sides(folder: Path, revision: str, synth: str | None) -> Generator[GitSides]:
    """
    Synthesize a revision and the working tree as it is on the disk, changes without a commit too.

    Args:
        folder: In the project, or above it nothing but its repository.
        revision: What git takes as one; with `...` behind it, the merge base with the head.
        synth: The program that synthesizes; without it the `app` of each side's `cdktf.json`.

    Raises:
        InvalidValue: There is no repository, revision, project or program, or a program fails.
    """
    with interruptible(), _temporary_folder() as place:
        root = find_root(folder)
        commit = find_commit(root, revision)
        project = folder.resolve() if synth else _find_project(folder.resolve(), root)
        base, head = place / "base", place / "head"
        command = synth or app_of(project)
        _synthesize(Synthesis(side=_HEAD, command=command, project=project, out=head))
        ACTIVITY.what = f"checking {revision} out"
        checkout = place / "deploy-access-base"
        with worktree(root, commit, checkout):
            there = checkout / project.relative_to(root)
            is_there = (there if synth else there / CONFIG).exists()
            if is_there:
                wanted = Synthesis(
                    side=revision,
                    command=synth or app_of(there),
                    project=there,
                    out=base,
                    modules=tuple(_own_modules(root, checkout)),
                    is_checkout=True,
                )
                _synthesize(wanted)
        missing = project.relative_to(root) / ("" if synth else CONFIG)
        note = f"{revision} has no {missing}, so everything is new."
        yield GitSides(
            base=base if is_there else Path(NONE), head=head, notes=() if is_there else (note,)
        )


def _synthesize(wanted: Synthesis) -> None:
    ACTIVITY.what = f"synthesizing {wanted.side}: {wanted.command}"
    synthesize(wanted)


def _find_project(folder: Path, root: Path) -> Path:
    """Find the nearest `cdktf.json`, in *folder* or above it in the repository."""
    for place in (folder, *folder.parents):
        if (place / CONFIG).is_file():
            return place
        if place == root:
            break
    raise InvalidValue(
        Problem(
            what=f"There is no `{CONFIG}`.",
            given=str(folder),
            why="Its `app` is the program that synthesizes the stacks.",
            fix="Run it in the project's folder, or name the program: `--synth 'python main.py'`.",
        )
    )


def _own_modules(root: Path, checkout: Path) -> Iterator[Path]:
    """
    Name the folders of the revision whose likes in the working tree this Python looks into.

    A project that is installed as editable, or named by `PYTHONPATH`, would otherwise have the
    modules of the head on both sides.
    """
    for name in sys.path:
        path = Path(name)
        if path.is_absolute() and path.is_relative_to(root):
            yield checkout / path.relative_to(root)


@contextmanager
def _temporary_folder() -> Generator[Path]:
    place = Path(tempfile.mkdtemp(prefix="deploy-access-")).resolve()
    try:
        yield place
    finally:
        with uninterrupted():
            shutil.rmtree(place, ignore_errors=True)
