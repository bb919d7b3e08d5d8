"""The files of one side: the stacks of a manifest, a folder of Terraform's files, or one file."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from deploy_access.input_file import read_given, read_inside
from deploy_access.json_shape import as_object, as_text
from deploy_access.terraform.cloud_assembly import is_assembly, read_assembly
from deploy_access.terraform.configuration import calls_of_file
from deploy_access.terraform.file_parser import FileParser
from deploy_access.terraform.manifest import MANIFEST, SYNTHESIZE, lists_stacks, read_manifest
from deploy_access.terraform.module_folder import has_module
from deploy_access.terraform.recognised_files import refuse_by_name
from deploy_access.terraform.stack_folder import read_folder, read_stack_folder
from deploy_access.terraform.template_file import read_templates, template_module, translated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.cloudformation.template import TranslatedTemplate
    from deploy_access.json_file import JsonFile
    from deploy_access.terraform.cloud_assembly import AssemblyTemplate
    from deploy_access.terraform.estate import Unread
    from deploy_access.terraform.file_parser import Known
    from deploy_access.terraform.stack_folder import StackFolder

NONE = "none"
"""The word for a side that has nothing, for example the base of the first pull request."""
_SHOWN = 3
"""Folders that an advice names."""


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
        is_same = self.file.content is other.file.content
        return is_same and calls_of_file(self.file) == calls_of_file(other.file)


class Reading:
    """Reads files, and parses those of the same bytes once: most stacks of two sides are equal."""

    def __init__(self, *, is_relative: bool = True) -> None:
        self._known: Known = {}
        self._translated: dict[tuple[int, AssemblyTemplate | None], TranslatedTemplate | None] = {}
        # Files have one name on both sides, so that equal stacks are equal.
        self._is_relative = is_relative

    def sources(self, place: str | Path) -> tuple[StackFile, ...]:
        """
        Read a side: a `cdktf.out`, a folder of Terraform's files, a single file, or `none`.

        Raises:
            InvalidValue: It is not there, or is not what CDKTF or Terraform writes or reads.
        """
        path = Path(place)
        if str(place) == NONE and not path.exists():
            return ()
        if path.is_dir() and (templates := self._templates(path)):
            return templates
        if path.is_dir():
            stacks = () if has_module(path) and not lists_stacks(path) else self.stacks(path)
            return (*stacks, *self._module(path))
        refuse_by_name(path.name)
        file = self.file(path)
        if (template := self._template(file)) is not None:
            return (template,)
        metadata = as_object(as_object(file.content.get("//")).get("metadata"))
        return (StackFile(file=file, stack=as_text(metadata.get("stackName")) or None),)

    def file(self, path: Path) -> JsonFile:
        """
        Read a single file.

        Raises:
            InvalidValue: It is not there, or is neither JSON nor HCL.
        """
        parser = FileParser(folder=Path(), is_relative=self._is_relative, known=self._known)
        return parser.parse(read_given(path), str(path))

    def stacks(self, folder: str | Path) -> tuple[StackFile, ...]:
        """
        Read the stacks that the manifest of a folder lists.

        Raises:
            InvalidValue: There is none, or it is not what CDKTF writes.
        """
        parser = self._parser(Path(folder))
        return tuple(
            _stack_file(
                read_stack_folder(parser.folder, entry, parser),
                stack=entry.name,
                directory=entry.directory,
                dependencies=entry.dependencies,
            )
            for entry in read_manifest(parser.folder, _advice(parser.folder))
        )

    def _templates(self, folder: Path) -> tuple[StackFile, ...]:
        """Read the templates of a `cdk.out`, or of a folder that has nothing of Terraform."""
        parser = self._parser(folder)
        if is_assembly(folder):
            listed = read_assembly(folder)
            files = ((parser.parse(read_inside(folder, one.path), one.path), one) for one in listed)
            found = [self._template(file, target) for file, target in files]
        elif has_module(folder) or (folder / MANIFEST).exists():
            found = []
        else:
            files = read_templates(folder)
            found = [self._template(parser.parse(raw, name)) for name, raw in files.items()]
        return tuple(one for one in found if one is not None)

    def _template(self, file: JsonFile, target: AssemblyTemplate | None = None) -> StackFile | None:
        """Return a template as a stack; None for any other file."""
        key = (id(file.content), target)  # what was parsed stays in `_known`
        if key not in self._translated:
            self._translated[key] = translated(file, target.known if target else {})
        template = self._translated[key]
        if template is None:
            return None
        stack = target.stack if target else None
        module, problems = template_module(file, template, stack)
        directory = target.path if target else ""
        return StackFile(file=module, stack=stack, directory=directory, problems=problems)

    def _module(self, folder: Path) -> tuple[StackFile, ...]:
        if not has_module(folder):
            return ()
        return (_stack_file(read_folder(folder, self._parser(folder)), stack=None),)

    def _parser(self, folder: Path) -> FileParser:
        return FileParser(folder=folder, is_relative=self._is_relative, known=self._known)


def _stack_file(
    found: StackFolder,
    *,
    stack: str | None,
    directory: str = "",
    dependencies: tuple[str, ...] = (),
) -> StackFile:
    return StackFile(
        file=found.file,
        stack=stack,
        directory=directory,
        dependencies=dependencies,
        problems=found.problems,
        beside=found.beside,
        assets=found.assets,
    )


def _advice(folder: Path) -> str:
    """Say what to do about a folder that has neither stacks nor Terraform's files."""
    if any(folder.glob("stacks/*/cdk.tf.json")):
        return f"A synthesis was interrupted, or only a part was copied. {SYNTHESIZE}"
    inside = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    found = [str(path) for path in islice(filter(has_module, inside), _SHOWN)]
    named = f", for example {' or '.join(found)}" if found else ""
    return (
        f"Name a folder with `.tf` or `.tf.json` files{named}; a `cdktf.out`; plan or policy files "
        f"one by one; or, to a review, `{NONE}` for a side that has no stacks yet."
    )


def same_stack(
    base: tuple[StackFile, ...], head: tuple[StackFile, ...]
) -> tuple[tuple[StackFile, ...], tuple[StackFile, ...]]:
    """Give two single files one stack: they are two versions of it, whatever they are called."""
    if len(base) != 1 or len(head) != 1 or base[0].directory or head[0].directory:
        return base, head
    name = head[0].stack or base[0].stack
    return (replace(base[0], stack=name),), (replace(head[0], stack=name),)
