"""
The files of one folder as the one module that Terraform makes of them.

Sources: https://developer.hashicorp.com/terraform/language/files and, for what Terraform refuses,
its `internal/configs/module.go`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.json_shape import as_list, as_text, objects
from deploy_access.terraform.block_comments import COMMENT, LABELS, without_comment
from deploy_access.terraform.blocks import misshapen, named
from deploy_access.terraform.configuration import Configuration
from deploy_access.terraform.estate import Unread, Where
from deploy_access.terraform.hcl_file import LinedFile
from deploy_access.terraform.override_blocks import override_body, override_terraform
from deploy_access.terraform.state_place import STATES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from deploy_access.json_file import JsonFile
    from deploy_access.terraform.loaded_names import LoadedNames

    Key = tuple[str, ...]
    Body = Mapping[str, object]

_TWICE = "Another file of the folder defines it too, which Terraform refuses."
_NOTHING = "An override file changes what no file that is read defines."


def merge_files(
    stack: str | None, main: JsonFile, names: LoadedNames, files: Mapping[str, JsonFile]
) -> tuple[Configuration, list[Unread]]:
    """
    Merge the files of a folder into one of them.

    Args:
        stack: The stack's name, or None.
        main: The synthesized file, or an empty one.
        names: Which of the files are what.
        files: The others by name.

    Returns:
        The file that says the same, and what Terraform would refuse.
    """
    if not files:
        return Configuration(main.name, main.content, main.repeated), []
    merged = _MergedFiles(stack)
    for file in (main, *(files[name] for name in names.configuration)):
        merged.add(file)
    for name in names.overrides:
        merged.override(files[name])
    for name in names.values:
        merged.set_values(files[name])
    repeated = [
        path if path in merged.places else f"{name}: {path}"
        for name, file in files.items()
        for path in file.repeated
    ]
    whole = Configuration(
        main.name, merged.content(), (*main.repeated, *repeated), places=merged.places
    )
    return whole, merged.problems


class _MergedFiles:
    """A module, file by file in the order in which Terraform merges them."""

    def __init__(self, stack: str | None) -> None:
        self.problems: list[Unread] = []
        self.places: dict[str, tuple[str, int]] = {}
        self._stack = stack
        self._blocks: dict[Key, list[Body]] = {}
        self._locals: dict[str, object] = {}
        self._others: dict[str, list[object]] = {}
        self._defined: set[Key] = set()

    def add(self, file: JsonFile) -> None:
        """Add a file that overrides nothing."""
        for path, place in _places(file).items():
            self.places.setdefault(path, place)
        defined = set(_defined(file.content))
        self._tell(file, _TWICE, defined & self._defined)
        self._defined |= defined
        for key, body in _blocks(file.content):
            self._blocks.setdefault(key, []).append(body)
        for name, value in _locals(file.content).items():
            self._locals.setdefault(name, value)
        self._add_others(file)

    def override(self, file: JsonFile) -> None:
        """Add an override file."""
        self.places |= _places(file)
        self._tell(file, _NOTHING, set(_overridden(file.content)) - self._defined)
        for key, body in _blocks(file.content):
            old = self._blocks.get(key) or [{}]
            self._blocks[key] = [override_body(key[0], each, body) for each in old]
        self._locals |= _locals(file.content)
        settings = [one for each in self._others.get("terraform", []) for one in objects(each)]
        self._add_others(file)
        if found := [*objects(file.content.get("terraform"))]:
            for block in found:
                settings = override_terraform(settings, without_comment(block))
            self._others["terraform"] = [settings]

    def set_values(self, file: JsonFile) -> None:
        """Add a file of values: each is that of the variable, if there is one of its name."""
        for name, value in file.content.items():
            key = ("variable", name)
            if key in self._blocks:
                self._blocks[key] = [{**body, "default": value} for body in self._blocks[key]]

    def content(self) -> dict[str, object]:
        """Return the module as one file would have it."""
        found = {kind: _together(values) for kind, values in self._others.items()}
        if self._locals:
            found["locals"] = self._locals
        trees: dict[str, dict[str, dict[str, object]]] = {}
        bodies_of: dict[str, dict[str, object]] = {}
        for (kind, label, *rest), bodies in self._blocks.items():
            if LABELS[kind] > 1:
                tree = trees.setdefault(kind, {}).setdefault(label, {})
                tree[rest[0]] = _together(bodies)
            else:
                # What follows a provider's name is its alias, which its body has, too.
                place = bodies_of.setdefault(kind, {})
                place[label] = _together([*as_list(place.get(label)), *bodies])
        return found | trees | bodies_of

    def _add_others(self, file: JsonFile) -> None:
        for kind, value in file.content.items():
            if not LABELS.get(kind) and kind not in {COMMENT, "locals"}:
                self._others.setdefault(kind, []).append(value)
        self.problems += misshapen(file.content, Where(file.name, stack=self._stack))

    def _tell(self, file: JsonFile, what: str, keys: Iterable[Key]) -> None:
        for key in sorted(keys):
            address = ".".join(filter(None, key)).removeprefix("resource.")
            line = file.lines.get(address, 0) if isinstance(file, LinedFile) else 0
            where = Where(file.name, address, self._stack, line)
            self.problems.append(Unread(kind="malformed", what=what, given=file.name, where=where))


def _places(file: JsonFile) -> dict[str, tuple[str, int]]:
    lines: Mapping[str, int] = file.lines if isinstance(file, LinedFile) else {}
    return {path: (file.name, line) for path, line in lines.items()}


def _together(values: Sequence[object]) -> object:
    """Return blocks as one value; what only one file has stays as it is written."""
    return values[0] if len(values) == 1 else [each for value in values for each in as_list(value)]


def _blocks(document: Body) -> Iterator[tuple[Key, Body]]:
    """List the blocks that have labels, each by its kind and labels; a provider also by alias."""
    for kind, labels in LABELS.items():
        for names, body in named(document.get(kind), labels) if labels else ():
            alias = (as_text(body.get("alias")) or "",) if kind == "provider" else ()
            yield (kind, *names, *alias), body


def _locals(document: Body) -> dict[str, object]:
    blocks = map(without_comment, objects(document.get("locals")))
    return {name: value for block in blocks for name, value in block.items()}


def _defined(document: Body) -> Iterator[Key]:
    """List what only one file of a module may define."""
    yield from (key for key, _ in _blocks(document))
    yield from (("locals", name) for name in _locals(document))
    for block in objects(document.get("terraform")):
        # One of `backend` and `cloud` excludes the other.
        kinds = {"backend" if kind in STATES else kind for kind in block}
        yield from (("terraform", kind) for kind in kinds & {"backend", "required_providers"})


def _overridden(document: Body) -> Iterator[Key]:
    """List what has to be there for an override file: all but settings and default providers."""
    for key in _defined(document):
        is_default = key[0] == "provider" and not key[-1]
        if not is_default and key[0] != "terraform":
            yield key
