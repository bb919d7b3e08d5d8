"""
The only reader of `manifest.json`, in which CDKTF lists the stacks of a folder.

CDKTF leaves the folders of stacks that are gone in `cdktf.out`: only the manifest says which
stacks there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, Problem
from deploy_access.json_file import read_json
from deploy_access.json_shape import as_list, as_object, as_text, texts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class StackEntry:
    """
    What a manifest says of one stack.

    Attributes:
        name: The stack.
        path: Its file, relative to the folder of the manifest.
        directory: Where the stack is, relative to the same folder.
        dependencies: The stacks that are needed before it.
    """

    name: str
    path: str
    directory: str
    dependencies: tuple[str, ...]


def read_manifest(folder: Path, advice: str) -> tuple[StackEntry, ...]:
    """
    Read the entries of *folder*, sorted by name.

    Args:
        folder: What CDKTF has synthesized into.
        advice: What to do when there is no manifest.

    Raises:
        InvalidValue: There is no manifest, or it is not as CDKTF writes it.
    """
    if not (folder / MANIFEST).exists():
        raise InvalidValue(_no_manifest(folder, advice))
    manifest = read_json(folder / MANIFEST)
    stacks = as_object(manifest.content.get("stacks"))
    return tuple(
        _entry(manifest.name, name, as_object(entry)) for name, entry in sorted(stacks.items())
    )


def _entry(manifest: str, name: str, entry: Mapping[str, object]) -> StackEntry:
    path = as_text(entry.get("synthesizedStackPath"))
    if not path:
        raise InvalidValue(_no_stack_path(manifest, name))
    return StackEntry(
        name=name,
        path=path,
        directory=as_text(entry.get("workingDirectory")) or path.rpartition("/")[0] or ".",
        dependencies=tuple(texts(as_list(entry.get("dependencies")))),
    )


def _no_manifest(folder: Path, advice: str) -> Problem:
    return Problem(
        what="The folder has no synthesized stacks.",
        given=str(folder),
        why=f"There is no {MANIFEST} in it, which lists them.",
        fix=advice,
    )


def _no_stack_path(manifest: str, stack: str) -> Problem:
    return Problem(
        what=f"The manifest does not say where stack {stack!r} is.",
        given=manifest,
        why="It was cut off or changed by hand.",
        fix="Synthesize anew: `python main.py` or `cdktf synth`.",
    )
