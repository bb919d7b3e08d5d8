"""
A folder of `.tf` and `.tf.json` files as one module, with the modules of other folders it calls.

Source: https://developer.hashicorp.com/terraform/language/modules/sources#local-paths
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from deploy_access.input_file import project_of, read_inside, shown_name
from deploy_access.json_file import JsonFile
from deploy_access.json_shape import as_text
from deploy_access.terraform.blocks import named
from deploy_access.terraform.configuration import Configuration
from deploy_access.terraform.estate import Unread, Where
from deploy_access.terraform.file_lines import lines_in
from deploy_access.terraform.hcl_file import LinedFile
from deploy_access.terraform.installed_modules import InstalledModules
from deploy_access.terraform.loaded_names import names_in
from deploy_access.terraform.merged_files import merge_files

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from deploy_access.terraform.file_parser import FileParser
    from deploy_access.terraform.loaded_names import LoadedNames

# Folders that one root calls, and how deep; people have some dozens, three deep.
_MOST, _DEEPEST = 500, 10
_LOCAL = ("./", "../")
_TOFU = "OpenTofu loads this file, in place of a `.tf` file of its name, and it is not read."
_UNLOADED = "Terraform takes values from this file only by `-var-file`, so they are not applied."


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleFolder:
    """
    What Terraform loads of a folder, and of those that it calls.

    Attributes:
        file: The module.
        names: The names of its own files, by what they are.
        raw: The bytes of its own files by name.
        problems: What could not be read.
    """

    file: Configuration
    names: LoadedNames
    raw: Mapping[str, bytes]
    problems: tuple[Unread, ...]


def has_module(folder: Path) -> bool:
    """Whether a folder has files that Terraform or OpenTofu would load."""
    return folder.is_dir() and names_in(folder).is_module


def read_module_folder(
    folder: Path,
    parser: FileParser,
    *,
    path: str = ".",
    main: JsonFile | None = None,
    stack: str | None = None,
) -> ModuleFolder:
    """
    Read the module of a folder.

    Args:
        folder: The folder.
        parser: Reads its files.
        path: Where it is from the folder of the parser.
        main: A file of it that is read already, and that the others are merged into.
        stack: The name that CDKTF gives it, or None.

    Raises:
        InvalidValue: A file cannot be read, or Terraform would refuse it.
    """
    return _FolderTree(parser, path, stack, folder).read(folder, ".", main)


@dataclass
class _FolderTree:
    """The folders that one root calls, each read once."""

    parser: FileParser
    start: str
    stack: str | None
    root: Path
    problems: list[Unread] = field(default_factory=list["Unread"])
    known: dict[str, Configuration] = field(default_factory=dict[str, Configuration])
    above: list[str] = field(default_factory=lambda: ["."])
    keys: list[str] = field(default_factory=list[str])

    @cached_property
    def installed(self) -> InstalledModules:
        """What `terraform init` has put beside the root."""
        return InstalledModules(self.root)

    def read(self, folder: Path, path: str, main: JsonFile | None = None) -> ModuleFolder:
        """Read the folder that has this path from the root."""
        names = names_in(folder, main.name.rpartition("/")[2] if main else None)
        # A link may lead to another folder of a checkout, and nowhere else.
        project = folder if main else project_of(folder)
        inside = folder if main else folder.resolve()
        place = inside.relative_to(project).as_posix()
        raw = {n: read_inside(project, posixpath.join(place, n)) for n in names.all_read}
        files = {name: self._parsed(raw[name], path, name) for name in names.read}
        file = main or JsonFile(self._shown(path), {}, ())
        merged, problems = merge_files(self.stack, file, names, files)
        self.problems += (*problems, *self._unread(names, path))
        whole = replace(merged, folder=folder, path=path, root=self.root)
        return ModuleFolder(
            file=replace(whole, calls=dict(self._calls(whole))),
            names=names,
            raw=raw,
            problems=tuple(self.problems),
        )

    def _unread(self, names: LoadedNames, path: str) -> Iterator[Unread]:
        said = dict.fromkeys(names.tofu, _TOFU) | dict.fromkeys(names.unloaded, _UNLOADED)
        for name, what in said.items():
            given, shown = self._path(path, shown_name(name)), shown_name(name)
            where = Where(self.parser.shown(given), shown, self.stack)
            yield Unread(kind="file", what=what, given=given, where=where)

    def _path(self, path: str, name: str = "") -> str:
        """Return the path of a file, or of a folder, from the folder of the parser."""
        return posixpath.normpath(posixpath.join(self.start, path, name))

    def _shown(self, path: str) -> str:
        found = self._path(path)
        is_root = found == "." and self.parser.is_relative
        return shown_name(self.parser.folder.name) if is_root else self.parser.shown(found)

    def _parsed(self, raw: bytes, path: str, name: str) -> JsonFile:
        found = self.parser.parse(raw, self._path(path, name))
        if isinstance(found, LinedFile):
            return found
        return LinedFile(found.name, found.content, found.repeated, lines_in(raw))

    def _calls(self, file: Configuration) -> Iterator[tuple[str, Configuration]]:
        for (name,), body in named(file.content.get("module"), 1):
            self.keys.append(name)
            found = self._called(file, body)
            self.keys.pop()
            if found is not None:
                yield name, found

    def _called(self, file: Configuration, call: Mapping[str, object]) -> Configuration | None:
        """Return a module that is called; None for one that is not on the disk."""
        path = self._place(file, as_text(call.get("source")) or "", call)
        if path is None:
            return None
        if path not in self.known:
            # Whoever reads the module says of each call that is left out that it is not read.
            is_too_much = len(self.above) > _DEEPEST or len(self.known) > _MOST
            if path in self.above or is_too_much or not has_module(self.root / path):
                return None
            self.above.append(path)
            self.known[path] = self.read(self.root / path, path).file
            self.above.pop()
        return self.known[path]

    def _place(self, file: Configuration, source: str, call: Mapping[str, object]) -> str | None:
        """Return the folder of a module from the root; None where it is not known."""
        if "${" in source or file.folder is None:
            return None
        if source.startswith(_LOCAL):
            return posixpath.normpath(posixpath.join(file.path, source))
        return self.installed.folder_of(".".join(self.keys), call)
