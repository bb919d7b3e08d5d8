"""The files of workflows and of local actions: where they are, and each read once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, Problem
from deploy_access.input_file import read_given, read_inside, shown_name
from deploy_access.terraform.estate import Unread, Where
from deploy_access.workflow_audit.yaml_file import parse_yaml

if TYPE_CHECKING:
    from deploy_access.workflow_audit.yaml_file import YamlNode

_HOME = ".github"
_SUFFIXES = {".yml", ".yaml"}
_MOST = 1_000
_ACTIONS = ("action.yml", "action.yaml")
# Both mean the repository itself: as it is checked out, and as of the commit of the workflow.
_OWN = ("./", "$/")


def workflow_files(path: Path) -> list[Path]:
    """
    List the workflows that a path means: a file, a folder of them, or a checkout.

    Raises:
        InvalidValue: A folder has none.
    """
    if not path.is_dir():
        return [path]
    inner = path / _HOME / "workflows"
    folder = inner if inner.is_dir() else path
    found = sorted(one for one in folder.iterdir() if one.suffix in _SUFFIXES)
    if not found or len(found) > _MOST:
        raise InvalidValue(_no_workflow(folder, len(found)))
    return found


def checkout_of(file: Path) -> Path:
    """Return the folder that `./` means in a workflow: the one that `.github` is in."""
    folders = list(file.parents)
    home = next((folder for folder in folders if folder.name == _HOME), None)
    if home is not None:
        return home.parent
    whole = next((one for one in file.resolve().parents if one.name == _HOME), None)
    return whole.parent if whole else file.parent


def own_path(uses: str) -> str | None:
    """
    Return the path in the same repository that `uses:` names; None for another repository.

    Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
    """
    return uses[2:].rstrip("/") if uses.startswith(_OWN) else None


class Files:
    """Files that are read, and what could not be read of them."""

    def __init__(self) -> None:
        self.problems: dict[Unread, None] = {}
        self._read: dict[str, YamlNode | None] = {}

    def workflow(self, file: Path) -> YamlNode:
        """
        Read a workflow that the user names.

        Raises:
            InvalidValue: It cannot be read.
        """
        name = shown_name(file)
        found = parse_yaml(read_given(file), name)
        if not found.get("jobs").entries:
            raise InvalidValue(_no_jobs(name))
        self._read[name] = found
        return found

    def called(self, root: Path, uses: str, where: Where) -> tuple[str, YamlNode] | None:
        """Read the local workflow or action that *uses* names; None, with a problem, without."""
        path = own_path(uses) or ""
        is_file = Path(path).suffix in _SUFFIXES
        for inside in [path] if is_file else [f"{path}/{name}" for name in _ACTIONS]:
            name = shown_name(root / inside)
            if name not in self._read:
                self._read[name] = self._parse(root, inside, name)
            found = self._read[name]
            if found is not None:
                return inside, found
        self.note(uses, "It is called here, and could not be read.", where)
        return None

    def note(self, given: str, what: str, where: Where) -> None:
        """Keep what could not be read."""
        self.problems[Unread(kind="file", what=what, given=given, where=where)] = None

    def _parse(self, root: Path, inside: str, name: str) -> YamlNode | None:
        try:
            return parse_yaml(read_inside(root, inside), name)
        except InvalidValue:
            return None


def _no_workflow(folder: Path, number: int) -> Problem:
    return Problem(
        what=f"A folder of workflows has 1 to {_MOST} files `*.yml` or `*.yaml`.",
        given=shown_name(folder),
        why=f"This one has {number}.",
        fix="Name `.github/workflows`, or the files themselves.",
    )


def _no_jobs(name: str) -> Problem:
    return Problem(
        what="The file is no workflow.",
        given=name,
        why="It has no `jobs:`.",
        fix="Name the files in `.github/workflows`; the actions that they use are found by them.",
    )
