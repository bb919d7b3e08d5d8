"""What Terraform loads of a stack's folder: the synthesized file, and what lies beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b
from types import MappingProxyType
from typing import TYPE_CHECKING

from deploy_access.input_file import read_inside, shown_name
from deploy_access.terraform.asset_files import asset_digest, named_assets
from deploy_access.terraform.module_folder import read_module_folder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from deploy_access.json_file import JsonFile
    from deploy_access.terraform.estate import Unread
    from deploy_access.terraform.file_parser import FileParser
    from deploy_access.terraform.manifest import StackEntry
    from deploy_access.terraform.module_folder import ModuleFolder


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


def read_stack_folder(folder: Path, entry: StackEntry, parser: FileParser) -> StackFolder:
    """
    Read what Terraform loads for a stack.

    Args:
        folder: The folder of all stacks.
        entry: The stack.
        parser: Reads files by their paths in *folder*.

    Raises:
        InvalidValue: A file cannot be read, is no JSON object or lies outside of the folder.
    """
    raw = read_inside(folder, entry.path)
    main = parser.parse(raw, entry.path)
    place = folder / entry.directory
    module = read_module_folder(place, parser, path=entry.directory, main=main, stack=entry.name)
    return _stack_folder(place, module, raw)


def read_folder(folder: Path, parser: FileParser) -> StackFolder:
    """
    Read a folder of Terraform's files.

    Raises:
        InvalidValue: A file cannot be read, or Terraform would refuse it.
    """
    return _stack_folder(folder, read_module_folder(folder, parser))


def _stack_folder(place: Path, module: ModuleFolder, main: bytes = b"") -> StackFolder:
    unread = (*module.names.tofu, *module.names.lock)
    named = named_assets([main, *module.raw.values()])
    return StackFolder(
        file=module.file,
        problems=module.problems,
        beside={shown_name(name): blake2b(module.raw[name]).digest() for name in unread},
        assets={name: asset_digest(place, name) for name in named},
    )
