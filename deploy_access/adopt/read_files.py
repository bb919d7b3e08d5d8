"""Files that say what is there: answers of the AWS CLI and states of Terraform, in any mixture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.adopt.answers import READERS
from deploy_access.adopt.existing import Inventory
from deploy_access.adopt.states import read_state
from deploy_access.errors import InvalidValue, Problem
from deploy_access.json_file import read_json
from deploy_access.terraform.state_file import shown_state

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from deploy_access.json_file import JsonFile


def read_inventory(paths: Iterable[Path]) -> Inventory:
    """
    Read files, and the `.json` and `.tfstate` files of folders.

    Raises:
        InvalidValue: One of them is not there, is damaged, or is of no kind that is read.
    """
    found = Inventory()
    files = [shown_state(read_json(path)) for path in _files(paths)]
    for file in files:
        if not _is_state(file) and _reader(file) is None:
            raise InvalidValue(_of_no_kind(file))
    for turn in (0, 1):
        for file in files:
            _read(file, found, turn)
    return found


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        inside = [*path.glob("*.json"), *path.glob("*.tfstate")]
        if not inside:
            raise InvalidValue(_empty_folder(path))
        yield from sorted(inside)


def _read(file: JsonFile, found: Inventory, turn: int) -> None:
    if _is_state(file):
        if turn == 0:
            read_state(file, found)
        return
    reader = _reader(file)
    if reader is not None and READERS[reader][0] == turn:
        READERS[reader][1](file, found)


def _is_state(file: JsonFile) -> bool:
    return "values" in file.content and "format_version" in file.content


def _reader(file: JsonFile) -> str | None:
    return next((key for key in READERS if key in file.content), None)


def _empty_folder(path: Path) -> Problem:
    return Problem(
        what="The folder has no files to read.",
        given=str(path),
        why="Files of a folder are read that end in `.json` or `.tfstate`, and it has none.",
        fix="Make them with the commands that `deploy-access adopt --commands` prints.",
    )


def _of_no_kind(file: JsonFile) -> Problem:
    names = ", ".join(map(repr, [*file.content][:5])) or "nothing"
    return Problem(
        what="The file says nothing about what can be taken over.",
        given=file.name,
        why=f"At its top it has {names}, which is no answer of AWS and no state of Terraform that "
        "is read here.",
        fix="`deploy-access adopt --commands` prints the commands that make the files; of "
        "Terraform pass a state: `terraform state pull`, or `terraform show -json` without a plan.",
    )
