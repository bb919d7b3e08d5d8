"""
The files of one side: what a manifest lists, or a single file.

CDKTF leaves the folders of stacks that are gone in `cdktf.out`: only the manifest says what is
there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, Problem
from deploy_access.json_file import parse_json, read_raw
from deploy_access.json_shape import as_list, as_object, as_text, texts
from deploy_access.terraform.reader import no_stack_path
from deploy_access.terraform.stacks import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.json_file import JsonFile

NONE = "none"
"""The word for a side that has nothing, for example the base of the first pull request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StackFile:
    """
    One file of a side.

    Attributes:
        file: The file.
        stack: The stack that it is, or None.
        directory: Where the stack is in its `cdktf.out`; empty for a single file.
        dependencies: The stacks that the manifest names as needed before it.
    """

    file: JsonFile
    stack: str | None
    directory: str = ""
    dependencies: tuple[str, ...] = ()

    def is_same(self, other: StackFile) -> bool:
        """Whether both files had the same bytes, read by one `Reading`."""
        return self.file.content is other.file.content


class Reading:
    """Reads files, and parses those of the same bytes once: most stacks of two sides are equal."""

    def __init__(self) -> None:
        self._known: dict[bytes, JsonFile] = {}

    def sources(self, place: str | Path) -> tuple[StackFile, ...]:
        """
        Read a side: a `cdktf.out`, a single file, or `none` for nothing.

        Raises:
            InvalidValue: It is not there, or is not what CDKTF writes.
        """
        path = Path(place)
        if str(place) == NONE and not path.exists():
            return ()
        if path.is_dir():
            return self._folder(path)
        file = self._read(path, str(path))
        metadata = as_object(as_object(file.content.get("//")).get("metadata"))
        return (StackFile(file=file, stack=as_text(metadata.get("stackName")) or None),)

    def _folder(self, folder: Path) -> tuple[StackFile, ...]:
        if not (folder / MANIFEST).exists():
            raise InvalidValue(_no_manifest(folder))
        manifest = self._read(folder / MANIFEST, str(folder / MANIFEST))
        stacks = as_object(manifest.content.get("stacks"))
        return tuple(
            self._stack(folder, manifest.name, name, as_object(entry))
            for name, entry in sorted(stacks.items())
        )

    def _stack(
        self, folder: Path, manifest: str, name: str, entry: Mapping[str, object]
    ) -> StackFile:
        path = as_text(entry.get("synthesizedStackPath"))
        if not path:
            raise InvalidValue(no_stack_path(manifest, name))
        return StackFile(
            file=self._read(folder / path, path),
            stack=name,
            directory=as_text(entry.get("workingDirectory")) or path.rpartition("/")[0] or ".",
            dependencies=tuple(texts(as_list(entry.get("dependencies")))),
        )

    def _read(self, path: Path, name: str) -> JsonFile:
        """
        Read a file, and call it *name*.

        The files of a stack have one name on both sides, so that what was read of them is equal.
        """
        raw = read_raw(path)
        digest = blake2b(raw).digest()
        if digest not in self._known:
            self._known[digest] = parse_json(raw, str(path))
        return replace(self._known[digest], name=name)


def same_stack(
    base: tuple[StackFile, ...], head: tuple[StackFile, ...]
) -> tuple[tuple[StackFile, ...], tuple[StackFile, ...]]:
    """Give two single files one stack: they are two versions of it, whatever they are called."""
    if len(base) != 1 or len(head) != 1 or base[0].directory or head[0].directory:
        return base, head
    name = head[0].stack or base[0].stack
    return (replace(base[0], stack=name),), (replace(head[0], stack=name),)


def _no_manifest(folder: Path) -> Problem:
    return Problem(
        what="The folder has no synthesized stacks.",
        given=str(folder),
        why=f"There is no {MANIFEST} in it, which lists them.",
        fix=f"Synthesize into it, or write `{NONE}` for a side that has no stacks yet.",
    )
