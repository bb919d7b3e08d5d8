"""What Terraform loads of a stack's folder: the synthesized file, and what lies beside it."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import PurePath, PurePosixPath
from types import MappingProxyType
from typing import TYPE_CHECKING

from deploy_access.input_file import read_inside, shown_name
from deploy_access.terraform.asset_files import asset_digest, named_assets
from deploy_access.terraform.estate import Unread, Where
from deploy_access.terraform.loaded_names import LoadedNames, loaded_names
from deploy_access.terraform.merged_files import merge_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from deploy_access.json_file import JsonFile
    from deploy_access.terraform.manifest import StackEntry

_CONFIGURATION = (
    "Terraform loads this file too, and it is not read: it can change all of the stack."
)
_TOFU = "OpenTofu loads this file, in place of a `.tf` file of its name, and it is not read."
_VALUES = "Terraform takes values of variables from this file, and it is not read."
_UNLOADED = "Terraform takes values from this file only by `-var-file`, so they are not applied."


@dataclass(frozen=True, slots=True, kw_only=True)
class StackFolder:
    """
    What Terraform loads for one stack.

    Attributes:
        file: The synthesized file, with all that is merged into it.
        problems: What of the rest could not be read.
        beside: A digest by name of each file that is loaded and not read, and of the lock file.
        assets: A digest by name of each asset that the stack names; empty where there is none.
    """

    file: JsonFile
    problems: tuple[Unread, ...] = ()
    beside: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))
    assets: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))


def read_stack_folder(
    folder: Path, entry: StackEntry, parse: Callable[[bytes, str], JsonFile]
) -> StackFolder:
    """
    Read what Terraform loads for a stack.

    Args:
        folder: The folder of all stacks.
        entry: The stack.
        parse: Reads the bytes of a file, which has this path in *folder*.

    Raises:
        InvalidValue: A file cannot be read, is no JSON object or lies outside of the folder.
    """
    main = read_inside(folder, entry.path)
    place = folder / entry.directory
    names = _names_beside(place, entry.path)
    unread = (*names.hcl, *names.lock)
    raw = {name: read_inside(folder, _path(entry, name)) for name in (*names.read, *unread)}
    files = {name: parse(raw[name], _path(entry, name)) for name in names.read}
    file, problems = merge_files(entry.name, parse(main, entry.path), names, files)
    return StackFolder(
        file=file,
        problems=(*problems, *_unread(entry, names, file.name)),
        beside={shown_name(name): blake2b(raw[name]).digest() for name in unread},
        assets={name: asset_digest(place, name) for name in named_assets([main, *raw.values()])},
    )


def _names_beside(place: Path, path: str) -> LoadedNames:
    """Sort out the names of the files beside the synthesized one; Terraform skips folders."""
    with os.scandir(place) as inside:  # much faster than `iterdir`, which has no kind
        names = {each.name for each in inside if not each.is_dir(follow_symlinks=False)}
    names.discard(path.rpartition("/")[2])
    return loaded_names(names) if names else LoadedNames()


def _path(entry: StackEntry, name: str) -> str:
    return (PurePosixPath(entry.directory) / name).as_posix()


def _unread(entry: StackEntry, names: LoadedNames, main: str) -> Iterator[Unread]:
    said = {name: _why(name) for name in names.hcl}
    for name, what in (said | dict.fromkeys(names.unloaded, _UNLOADED)).items():
        shown = shown_name(name)
        where = Where(str(PurePath(main).with_name(shown)), shown, entry.name)
        yield Unread(kind="file", what=what, given=_path(entry, shown), where=where)


def _why(name: str) -> str:
    if name.endswith(".tfvars"):
        return _VALUES
    return _CONFIGURATION if name.endswith(".tf") else _TOFU
