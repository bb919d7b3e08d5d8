"""The answers of AWS among the inputs that do not say themselves whose policy they have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.terraform.answer_folder import read_answer_folder
from deploy_access.terraform.answer_placement import place_answers
from deploy_access.terraform.estate import Unread, Where
from deploy_access.terraform.loose_answers import (
    VERSION_PLACES,
    LooseAnswer,
    is_loose,
    missing_policies,
    with_owners,
)

if TYPE_CHECKING:
    from pathlib import Path

    from deploy_access.json_file import JsonFile
    from deploy_access.terraform.file_facts import Gathered
    from deploy_access.terraform.named_file import NamedFile


class Answers:
    """The loose answers of all inputs, kept until it is known which roles there are."""

    def __init__(self) -> None:
        self._owned: list[LooseAnswer] = []
        self._folders: list[tuple[list[LooseAnswer], set[str]]] = []
        self._problems: list[Unread] = []

    def add(self, file: JsonFile, owner: NamedFile) -> None:
        """Add a file of which the user says whose policy it has."""
        self._owned.append(LooseAnswer(file=file, owner=owner))

    def read_folder(self, folder: Path) -> list[JsonFile] | None:
        """
        Read a folder of answers, and return those that say whose they are; None for any other.

        Raises:
            InvalidValue: A file in it is no JSON.
        """
        files, others = read_answer_folder(folder)
        if not files:
            return None
        loose = [LooseAnswer(file=file) for file in files if is_loose(file)]
        beside = [file for file in files if not is_loose(file)]
        self._folders.append((loose, {file.name for file in beside}))
        self._problems += others
        return beside

    def place(self, found: Gathered) -> None:
        """
        Give the answers to what they are of.

        Raises:
            InvalidValue: An owner is not there, or its file has no policy of it.
        """
        found.problems += self._problems
        # What the user says leaves fewer owners for what is concluded.
        place_answers(self._owned, found)
        _note_alone(found)
        for loose, beside in self._folders:
            place_answers([*with_owners(loose, beside, found)], found)


def _note_alone(found: Gathered) -> None:
    """Note the versions that are read by themselves while a role has a policy that is not read."""
    versions = [
        Where(role.where.file, role.trust.where.address)
        for role in found.roles
        if role.trust and not role.where.address and role.trust.where.address in VERSION_PLACES
    ]
    if versions and missing_policies(found):
        found.problems += [
            Unread(
                kind="unresolved",
                what="It does not say whose it is, so it is read by itself. Say it: "
                "`--policy ARN=FILE`.",
                given=where.address,
                where=where,
            )
            for where in versions
        ]
