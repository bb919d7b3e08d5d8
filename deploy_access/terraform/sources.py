"""The files of one side: the stacks that a manifest lists, or a single file."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from hashlib import blake2b
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from deploy_access.input_file import read_given, shown_name
from deploy_access.json_file import parse_json
from deploy_access.json_shape import as_object, as_text
from deploy_access.terraform.manifest import read_manifest
from deploy_access.terraform.stack_folder import read_stack_folder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.json_file import JsonFile
    from deploy_access.terraform.estate import Unread
    from deploy_access.terraform.manifest import StackEntry

NONE = "none"
"""The word for a side that has nothing, for example the base of the first pull request."""
_ADVICE = f"Synthesize into it, or write `{NONE}` for a side that has no stacks yet."


@dataclass(frozen=True, slots=True, kw_only=True)
class StackFile:
    """
    One file of a side.

    Attributes:
        file: The file.
        stack: The stack that it is, or None.
        directory: Where the stack is in its `cdktf.out`; empty for a single file.
        dependencies: The stacks that the manifest names as needed before it.
        problems: What Terraform loads besides, and could not be read.
        beside: A digest by name of each file that Terraform loads and is not read.
        assets: A digest by name of each asset that the stack names.
    """

    file: JsonFile
    stack: str | None
    directory: str = ""
    dependencies: tuple[str, ...] = ()
    problems: tuple[Unread, ...] = ()
    beside: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))
    assets: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))

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
        name = shown_name(path)
        file = self._parse(read_given(path), name, name)
        metadata = as_object(as_object(file.content.get("//")).get("metadata"))
        return (StackFile(file=file, stack=as_text(metadata.get("stackName")) or None),)

    def _folder(self, folder: Path) -> tuple[StackFile, ...]:
        return tuple(self._stack(folder, entry) for entry in read_manifest(folder, _ADVICE))

    def _stack(self, folder: Path, entry: StackEntry) -> StackFile:
        """Read a stack, whose files have one name on both sides, so that equal stacks are equal."""
        found = read_stack_folder(
            folder, entry, lambda raw, path: self._parse(raw, folder / path, path)
        )
        return StackFile(
            file=found.file,
            stack=entry.name,
            directory=entry.directory,
            dependencies=entry.dependencies,
            problems=found.problems,
            beside=found.beside,
            assets=found.assets,
        )

    def _parse(self, raw: bytes, file: str | Path, name: str) -> JsonFile:
        """Parse the bytes of *file*, and call the result *name*."""
        digest = blake2b(raw).digest()
        if digest not in self._known:
            self._known[digest] = parse_json(raw, shown_name(file))
        return replace(self._known[digest], name=shown_name(name))


def same_stack(
    base: tuple[StackFile, ...], head: tuple[StackFile, ...]
) -> tuple[tuple[StackFile, ...], tuple[StackFile, ...]]:
    """Give two single files one stack: they are two versions of it, whatever they are called."""
    if len(base) != 1 or len(head) != 1 or base[0].directory or head[0].directory:
        return base, head
    name = head[0].stack or base[0].stack
    return (replace(base[0], stack=name),), (replace(head[0], stack=name),)
