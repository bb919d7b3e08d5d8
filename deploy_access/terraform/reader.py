"""
Which roles there are, who may assume them and what they may do, from whatever says it.

Folders of synthesized stacks, folders of Terraform's files, single ones of these, plans, what the
command line of AWS prints, and trust policies by themselves; in any mixture.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, Problem
from deploy_access.input_kinds import what_is_read
from deploy_access.json_text import SHOWN
from deploy_access.terraform.answers import Answers
from deploy_access.terraform.aws_answers import read_answer
from deploy_access.terraform.blocks import read_module
from deploy_access.terraform.configuration import Configuration, calls_of_file, place_in
from deploy_access.terraform.estate import Unread, Where
from deploy_access.terraform.estate_roles import join
from deploy_access.terraform.file_facts import Gathered
from deploy_access.terraform.module_facts import gather
from deploy_access.terraform.named_file import NamedFile
from deploy_access.terraform.plan import read_plan
from deploy_access.terraform.recognised_files import refuse_by_keys
from deploy_access.terraform.scopes import scopes_of, with_called
from deploy_access.terraform.sources import Reading, StackFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from deploy_access.json_file import JsonFile
    from deploy_access.terraform.blocks import Module
    from deploy_access.terraform.estate import Estate
    from deploy_access.terraform.scope import Scope

_PLAN = {"planned_values", "values"}
_TERRAFORM = {"//", "data", "locals", "module", "output", "provider", "resource", "terraform"}


def read_estate(*places: Path | NamedFile) -> Estate:
    """
    Read files and folders as one estate.

    Args:
        places: The files and folders; one with its owner is what the AWS CLI printed of it.

    Raises:
        InvalidValue: One of them is not there, is no JSON, says nothing about roles, or has no
            policy of the owner that it is said to have.
    """
    reading = Reading(is_relative=False)
    sources: list[StackFile] = []
    answers = Answers()
    for place in places:
        if isinstance(place, NamedFile):
            answers.add(reading.file(place.path), place)
            continue
        beside = answers.read_folder(place)
        if beside is None:
            sources += reading.sources(place)
        else:
            sources += [StackFile(file=file, stack=None) for file in beside]
    problems = [problem for source in sources for problem in source.problems]
    files = ((source.file, stack_of(source)) for source in sources)
    return read_scopes(files, problems=problems, answers=answers)[0]


def stack_of(source: StackFile) -> str | None:
    """Return the stack of a file that a manifest lists; None for any other file."""
    return source.stack if source.directory else None


def read_scopes(
    files: Iterable[tuple[JsonFile, str | None]],
    fill: Callable[[Module], Module] | None = None,
    problems: Iterable[Unread] = (),
    answers: Answers | None = None,
) -> tuple[Estate, list[Scope]]:
    """
    Read files that are parsed already, each with its stack, as one estate.

    Args:
        files: The files; one of no stack may be whatever `read_estate` reads.
        fill: Says more about a module than its file does, or leaves it as it is.
        problems: What could not be read beside the files.
        answers: Answers of AWS that do not say themselves whose policy they have.

    Returns:
        The estate, and what the names in each module stand for.

    Raises:
        InvalidValue: One of them says nothing about roles.
    """
    found = Gathered()
    modules: list[Module] = []
    for file, stack in files:
        found.problems += _repeated(file, stack)
        modules += _modules(file, stack, found)
    scopes = [each for scope in scopes_of(modules, fill) for each in with_called(scope)]
    for scope in scopes:
        gather(scope, found)
    for scope in scopes:
        found.problems += [*scope.module.unread, *scope.notes]
    found.problems += problems
    if answers is not None:
        answers.place(found)
    return join(found), scopes


def _modules(file: JsonFile, stack: str | None, found: Gathered) -> list[Module]:
    keys = set(file.content)
    if stack is not None or isinstance(file, Configuration):
        return [read_module(file, stack)]
    if keys & _PLAN:
        return read_plan(file)
    if read_answer(file, found):
        return []
    if keys & _TERRAFORM:
        return [read_module(file)]
    refuse_by_keys(file.name, file.content)
    raise InvalidValue(_of_no_kind(file))


def _repeated(file: JsonFile, stack: str | None) -> Iterator[Unread]:
    """List the keys that stand twice, also in the modules that are called, each file once."""
    files: dict[str, JsonFile] = {}
    left = [file]
    while left:
        one = left.pop()
        if one.name not in files:
            files[one.name] = one
            left += calls_of_file(one).values()
    for one in files.values():
        yield from _repeated_in(one, stack)


def _repeated_in(file: JsonFile, stack: str | None) -> Iterator[Unread]:
    for path in file.repeated:
        yield Unread(
            kind="duplicate-key",
            what="A key stands twice in one object; the last one counts.",
            given=path,
            where=_place(file, path, stack),
        )


def _place(file: JsonFile, path: str, stack: str | None) -> Where:
    place, line = place_in(file, path)
    return Where(place, path, stack, line)


def _of_no_kind(file: JsonFile) -> Problem:
    names = [repr(key[:SHOWN]) for key in islice(file.content, 5)]
    return Problem(
        what="The file says nothing about roles.",
        given=file.name,
        why=f"At its top it has {', '.join(names) or 'nothing'}.",
        fix=f"Name what is read: {what_is_read()}.",
    )
