"""A folder of what the AWS CLI printed, one answer a file."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue
from deploy_access.input_file import read_inside
from deploy_access.terraform.aws_answers import is_answer
from deploy_access.terraform.estate import Unread, Where
from deploy_access.terraform.file_parser import FileParser
from deploy_access.terraform.loose_answers import is_loose
from deploy_access.terraform.manifest import MANIFEST
from deploy_access.terraform.module_folder import has_module

if TYPE_CHECKING:
    from pathlib import Path

    from deploy_access.json_file import JsonFile

# An account has at most 5,000 roles by the largest quota, and a file for each is the most there is.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
_MOST = 20_000


def read_answer_folder(folder: Path) -> tuple[tuple[JsonFile, ...], list[Unread]]:
    """
    Read the answers in a folder, and note its other JSON; nothing where it has no answer.

    Raises:
        InvalidValue: A file beside an answer is no JSON.
    """
    if not folder.is_dir() or has_module(folder) or (folder / MANIFEST).exists():
        return (), []
    names = sorted(path.name for path in islice(folder.glob("*.json"), _MOST) if path.is_file())
    parser = FileParser(folder=folder)
    files: list[JsonFile] = []
    damaged: list[InvalidValue] = []
    for name in names:
        try:
            files.append(parser.parse(read_inside(folder, name), name))
        except InvalidValue as error:
            damaged.append(error)
    kinds = [(file, is_answer(file) or is_loose(file)) for file in files]
    answers = tuple(file for file, is_one in kinds if is_one)
    if not answers:
        return (), []
    if damaged:
        raise InvalidValue(*(problem for error in damaged for problem in error.problems))
    return answers, [_other(file) for file, is_one in kinds if not is_one]


def _other(file: JsonFile) -> Unread:
    return Unread(
        kind="file",
        what="It is no answer of AWS with a policy of a role, and is not read.",
        given=next(iter(file.content), "nothing"),
        where=Where(file.name),
    )
