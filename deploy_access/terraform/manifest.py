"""
The one reader of `manifest.json`, in which CDKTF lists the stacks that it has synthesized.

CDKTF leaves the folders of stacks that are gone in `cdktf.out`: only the manifest says which stacks
count. Names become folders and paths are opened, so a manifest from somewhere else could otherwise
read and write files outside of its folder.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import islice
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, Problem, reject
from deploy_access.input_file import is_inside
from deploy_access.json_file import read_json_inside
from deploy_access.json_shape import as_list, as_object, as_text, texts
from deploy_access.visible_text import is_visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

MANIFEST = "manifest.json"

# CDKTF takes any id without white space. No hidden file and no option begins like this.
_NAME = re.compile(r"\w[\w.@+~=,-]*")
# A file name has 255 bytes at most on every usual file system, and the name is part of some.
_LONGEST = 200
SYNTHESIZE = "Synthesize anew: `python main.py` or `cdktf synth`."


@dataclass(frozen=True, slots=True, kw_only=True)
class StackEntry:
    """
    One stack, as the manifest lists it.

    Attributes:
        name: The stack's name, which is a plain word.
        path: The stack's file, inside of the folder.
        directory: The folder of that file, where Terraform runs; `.` is the folder itself.
        dependencies: The stacks that it depends on. They are not all in the manifest where a part
            of the stacks was synthesized.
    """

    name: str
    path: str
    directory: str
    dependencies: tuple[str, ...]


def read_manifest(folder: Path, advice: str) -> tuple[StackEntry, ...]:
    """
    List the stacks of *folder*, by name.

    Args:
        folder: What CDKTF has synthesized into.
        advice: What to do when there is no manifest.

    Raises:
        InvalidValue: The manifest is not there or not as CDKTF writes it, names anything outside of
            the folder, or has a stack that depends on itself.
    """
    if not (folder / MANIFEST).exists():
        raise InvalidValue(_no_manifest(folder, advice))
    manifest = read_json_inside(folder, MANIFEST)
    if not isinstance(manifest.content.get("stacks"), dict):
        raise InvalidValue(_no_list(manifest.name))
    listed = as_object(manifest.content["stacks"])
    entries = {name: as_object(entry) for name, entry in sorted(listed.items())}
    reject(_no_path(manifest.name, name) for name, entry in entries.items() if not _path(entry))
    stacks = tuple(_entry(name, entry) for name, entry in entries.items())
    reject(problem for stack in stacks for problem in _check(folder, stack))
    reject(check_order({stack.name: stack.dependencies for stack in stacks}))
    return stacks


def lists_stacks(folder: Path) -> bool:
    """Whether a folder has a manifest of CDKTF; other programs have files of that name, too."""
    if not (folder / MANIFEST).is_file():
        return False
    try:
        return isinstance(read_json_inside(folder, MANIFEST).content.get("stacks"), dict)
    except InvalidValue:
        return False


def _entry(name: str, entry: Mapping[str, object]) -> StackEntry:
    path = _path(entry)
    return StackEntry(
        name=name,
        path=path,
        directory=as_text(entry.get("workingDirectory")) or str(PurePosixPath(path).parent),
        dependencies=tuple(texts(as_list(entry.get("dependencies")))),
    )


def _path(entry: Mapping[str, object]) -> str:
    return as_text(entry.get("synthesizedStackPath")) or ""


def _check(folder: Path, stack: StackEntry) -> Iterator[Problem]:
    yield from check_stack_name(stack.name)
    # One problem of a stack's place is enough.
    yield from islice(_check_place(folder, stack), 1)


def _check_place(folder: Path, stack: StackEntry) -> Iterator[Problem]:
    """Refuse a file outside of the folder, and a stack that runs elsewhere than its file lies."""
    yield from check_stack_path(folder, stack.name, stack.path)
    own = PurePosixPath(stack.path).parent
    if stack.directory == str(own) or PurePosixPath(stack.directory) == own:
        return
    if stack.directory != ".":
        yield from check_stack_path(folder, stack.name, stack.directory)
    yield Problem(
        what=f"Stack {stack.name!r} is to run in another folder than that of its file.",
        given=f"{stack.directory} for {stack.path}",
        why="Terraform loads what lies in the folder that it runs in, and would not load the "
        "file that is read here.",
        fix=SYNTHESIZE,
    )


def check_stack_name(name: str) -> Iterator[Problem]:
    """Refuse a name that is more than one plain word."""
    if not _NAME.fullmatch(name) or len(name.encode()) > _LONGEST:
        yield Problem(
            what="The manifest names a stack with a name that is no plain word.",
            given=name[:_LONGEST],
            why="Its folder has the same name, so a path in it could lead to any other file.",
            fix=f"Use letters, digits, `_`, `-` and `.`, at most {_LONGEST} bytes of them.",
        )


def check_stack_path(folder: Path, stack: str, path: str) -> Iterator[Problem]:
    """Refuse a path of a stack that leads out of *folder*, or that a terminal would not print."""
    if not (is_visible(path) and is_inside(folder, path)):
        yield Problem(
            what=f"The manifest names a file of stack {stack!r} outside of its folder.",
            given=path,
            why="Stacks lie beside their manifest, so this would be a file of something else.",
            fix=SYNTHESIZE,
        )


def check_order(dependencies: Mapping[str, Iterable[str]]) -> Iterator[Problem]:
    """Refuse a stack that depends on itself, directly or by way of others."""
    try:
        TopologicalSorter(dependencies).prepare()
    except CycleError as error:
        # The error lists each stack before the one that needs it.
        circle: list[str] = error.args[1][::-1]
        yield Problem(
            what=f"Stack {circle[0]!r} depends on itself.",
            given=" -> ".join(circle),
            why="Each of these stacks waits for the next one, so none can be the first.",
            fix="Take one of the dependencies out, and synthesize again.",
        )


def _no_manifest(folder: Path, advice: str) -> Problem:
    return Problem(
        what="The folder has no synthesized stacks.",
        given=str(folder),
        why=f"There is no {MANIFEST} in it, which lists them.",
        fix=advice,
    )


def _no_list(manifest: str) -> Problem:
    return Problem(
        what="The manifest does not list any stacks.",
        given=manifest,
        why="It was cut off or changed by hand: CDKTF writes an object `stacks` into it.",
        fix=SYNTHESIZE,
    )


def _no_path(manifest: str, stack: str) -> Problem:
    return Problem(
        what=f"The manifest does not say where stack {stack!r} is.",
        given=manifest,
        why="It was cut off or changed by hand.",
        fix=SYNTHESIZE,
    )
