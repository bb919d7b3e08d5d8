"""The files that a plan becomes: printed, written, or held against what is committed."""

from __future__ import annotations

import difflib
import os
import re
import shlex
import tempfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Literal

from deploy_access.errors import InvalidValue, Problem, reject
from deploy_access.input_file import is_inside, read_inside
from deploy_access.workflow.infra_job import render_infra
from deploy_access.workflow.option_checks import AsGiven
from deploy_access.workflow.render import render_called, render_workflow
from deploy_access.workflow.render_action import composite_steps, render_action
from deploy_access.workflow.render_appspec import render_appspecs
from deploy_access.workflow.settings import OPTIONS

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence
    from pathlib import Path

    from deploy_access.workflow.infra_job import InfraWorkflow
    from deploy_access.workflow.job import Workflow


FileState = Literal["made", "written", "unchanged", "missing", "different"]
_MADE_BY = re.compile(r"# Made by `deploy-access workflow ?(.*)`\.")
_PLACES = ("*.y*ml", "workflows/*.y*ml", "actions/*/action.y*ml")
_FLAGS = {setting.option for setting in OPTIONS.values() if setting.kind == "flag"}
_CHOOSING = {setting.option for setting in OPTIONS.values() if setting.chooses}


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeFile:
    """
    A file that is made, and what has become of it.

    Attributes:
        path: Below `.github`.
        text: What it says, or has to say.
        state: `made` where it is only printed; `written` or `unchanged` in a folder; `missing`,
            `different` or `unchanged` where it is held against a folder.
        difference: What differs, as a diff; empty where nothing does.
    """

    path: str
    text: str
    state: FileState
    difference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeFiles:
    """
    The files that one call makes, and those of an earlier call that it does not.

    Attributes:
        files: What is made.
        left: Files with the same choice that are no longer made, with their folder; none of them
            is deleted.
    """

    files: tuple[MadeFile, ...] = ()
    left: tuple[str, ...] = ()

    @property
    def is_up_to_date(self) -> bool:
        """Whether the folder has exactly these."""
        return not self.left and all(one.state == "unchanged" for one in self.files)


def render_files(workflows: Sequence[Workflow], command: str) -> dict[str, str]:
    """
    Return the text of every file.

    Args:
        workflows: The workflows.
        command: How they were made, for the comment at the top of each.

    Returns:
        The text by the path below `.github`; what belongs to another repository is below
        `OWNER/REPO/.github`.

    Raises:
        InvalidValue: Two workflows want one file with different texts.
    """
    found: dict[str, str] = {}
    for workflow in workflows:
        for path, text in _files(workflow, command):
            if found.setdefault(path, text) != text:
                raise InvalidValue(_twice(path))
    return found


def render_infra_files(workflows: Sequence[InfraWorkflow], command: str) -> dict[str, str]:
    """Return the text of every file of an infra repository, by the path below `.github`."""
    head = _head(command)
    return {f"workflows/{one.file}": render_infra(one, head) for one in workflows}


def _files(workflow: Workflow, command: str) -> Iterator[tuple[str, str]]:
    head = _head(command)
    yield f"workflows/{workflow.file}", render_workflow(workflow, head)
    if workflow.called is not None:
        path = (workflow.reusable or "").partition("@")[0]
        own = path.removeprefix(f"{workflow.repository}/.github/")
        yield own, render_called(workflow, head)
    yield from render_appspecs(workflow, head)
    for step in composite_steps(workflow):
        yield f"{step.path.removeprefix('.github/')}/action.yml", render_action(step, head)


def _head(command: str) -> list[str]:
    return [
        f"Made by `{command}`.",
        "To change it, change the stacks or the options, and run the command again with",
        "`--write .github`; `--check .github` says whether it is up to date.",
    ]


def print_files(files: Mapping[str, str]) -> str:
    """Write the files below each other, each under its name; one alone as it is."""
    if len(files) == 1:
        return next(iter(files.values()))
    return "\n".join(f"# --- {shown_path(path)}\n{text}" for path, text in files.items())


def shown_path(path: str) -> str:
    """Name a file as its repository has it; one of another repository with that."""
    return f".github/{path}" if not re.match(r"[^/]+/[^/]+/\.github/", path) else path


def write_files(files: Mapping[str, str], folder: Path) -> tuple[MadeFile, ...]:
    """
    Write those that changed, each whole or not at all.

    Raises:
        InvalidValue: A file is of a call with another choice, and would say something else.
    """
    changed = [path for path, text in files.items() if _committed(folder, path) != text]
    reject(filter(None, (_taken(folder, path, files[path]) for path in changed)))
    for path in changed:
        _replace(folder / path, files[path])
    return tuple(
        MadeFile(path=path, text=text, state="written" if path in changed else "unchanged")
        for path, text in files.items()
    )


def compare_files(files: Mapping[str, str], folder: Path) -> tuple[MadeFile, ...]:
    """Hold the files against those in *folder*."""
    return tuple(_compare(folder, path, text) for path, text in files.items())


def _compare(folder: Path, path: str, text: str) -> MadeFile:
    committed = _committed(folder, path)
    if committed == text:
        return MadeFile(path=path, text=text, state="unchanged")
    difference = difflib.unified_diff(
        (committed or "").splitlines(keepends=True),
        text.splitlines(keepends=True),
        str(PurePosixPath(folder) / path),
        f"{PurePosixPath(folder) / path} (as it should be)",
    )
    state = "missing" if committed is None else "different"
    return MadeFile(path=path, text=text, state=state, difference="".join(difference))


def _committed(folder: Path, path: str) -> str | None:
    """Read a file of the folder; None when there is none, or it is no text."""
    if is_inside(folder, path) and not (folder / path).exists():
        return None
    try:
        return read_inside(folder, path).decode()
    except UnicodeDecodeError:
        return None


def _replace(path: Path, text: str) -> None:
    """Write beside the file, then put it in its place, so that no reader sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.chmod(name, 0o644)  # noqa: PTH101 - what `mkstemp` has made is for its owner alone
        os.replace(name, path)  # noqa: PTH105 - a name, as `mkstemp` gives it
    except BaseException:
        os.unlink(name)  # noqa: PTH108
        raise


def _taken(folder: Path, path: str, text: str) -> Problem | None:
    """Find a file that a call with another choice has made; the same text may change hands."""
    first, _, body = (_committed(folder, path) or "").partition("\n")
    made_by, own = _MADE_BY.fullmatch(first), _MADE_BY.fullmatch(text.partition("\n")[0])
    choice = _choice(_words(made_by[1])) if made_by else None
    if not made_by or not own or choice in (None, _choice(_words(own[1]))):
        return None
    if body == text.partition("\n")[2]:
        return None
    return Problem(
        what=f"{folder / path} is written by a call that chooses something else.",
        given=AsGiven(" ".join(["deploy-access workflow", made_by[1]]).strip()),
        why="This call would replace its jobs with others.",
        fix="Delete the file, or repeat that call.",
    )


def _twice(path: str) -> Problem:
    return Problem(
        what="Two workflows want one file, and not with the same text.",
        given=path,
        why="A folder has room for one of them.",
        fix="Choose fewer, with `--repo OWNER/NAME`, `--service NAME` or `--role NAME`. What they "
        "call with `--reusable` needs a file for each.",
    )


def find_leftovers(files: Container[str], command: str, folder: Path) -> list[str]:
    """
    List the files that a call with the same choice has made, and that this one does not make.

    Args:
        files: What is made, by its path below *folder*.
        command: How, as the first line of the files has it.
        folder: `.github`.

    Returns:
        Paths below *folder*. Files without that first line are never among them.
    """
    own = _choice(shlex.split(command)[2:])
    return [path for path in _made(folder, own) if path not in files]


def _made(folder: Path, own: object) -> Iterator[str]:
    for path in sorted(path for place in _PLACES for path in folder.glob(place)):
        found = _MADE_BY.fullmatch(_first_line(folder, path))
        if found and own is not None and _choice(_words(found[1])) == own:
            yield path.relative_to(folder).as_posix()


def _first_line(folder: Path, path: Path) -> str:
    """Return the first line of a workflow; what is no file of text has none."""
    try:
        raw = read_inside(folder, path.relative_to(folder).as_posix())
        return raw.partition(b"\n")[0].decode().rstrip("\r")
    except ValueError:
        return ""


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:
        return [""]


def _choice(words: Sequence[str]) -> list[tuple[str, str]] | None:
    """Read the options that choose what is made; None for what is no list of options."""
    found: list[tuple[str, str]] = []
    rest = iter(words)
    for name in rest:
        if not name.startswith("--"):
            return None
        value = "" if name in _FLAGS else next(rest, "")
        if name in _CHOOSING:
            found.append((name, value))
    return sorted(found)
