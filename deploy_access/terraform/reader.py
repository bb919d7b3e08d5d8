"""
Which roles there are, who may assume them and what they may do, from whatever says it.

A folder of synthesized stacks, single `.tf.json` files, plans, what the command line of AWS
prints, and trust policies by themselves; in any mixture.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, Problem
from deploy_access.input_file import shown_name
from deploy_access.json_file import parse_json, read_json
from deploy_access.json_text import SHOWN
from deploy_access.terraform.aws_answers import read_answer
from deploy_access.terraform.blocks import read_module
from deploy_access.terraform.estate import Unread, Where
from deploy_access.terraform.estate_roles import join
from deploy_access.terraform.file_facts import Gathered
from deploy_access.terraform.manifest import read_manifest
from deploy_access.terraform.module_facts import gather
from deploy_access.terraform.plan import read_plan
from deploy_access.terraform.scope import scopes_of
from deploy_access.terraform.stack_folder import read_stack_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from deploy_access.json_file import JsonFile
    from deploy_access.terraform.blocks import Module
    from deploy_access.terraform.estate import Estate
    from deploy_access.terraform.manifest import StackEntry
    from deploy_access.terraform.scope import Scope
    from deploy_access.terraform.stack_folder import StackFolder

_ADVICE = "Name the `.tf.json`, plan or policy files in it one by one, or a `cdktf.out`."
_PLAN = {"planned_values", "values"}
_TERRAFORM = {"//", "data", "locals", "module", "output", "provider", "resource", "terraform"}


def read_estate(*paths: Path) -> Estate:
    """
    Read files and folders as one estate.

    Raises:
        InvalidValue: One of them is not there, is no JSON, or says nothing about roles.
    """
    files: list[tuple[JsonFile, str | None]] = []
    problems: list[Unread] = []
    for path in paths:
        if not path.is_dir():
            files.append((read_json(path), None))
            continue
        for entry in read_manifest(path, _ADVICE):
            found = _stack(path, entry)
            files.append((found.file, entry.name))
            problems += found.problems
    return read_scopes(files, problems=problems)[0]


def _stack(folder: Path, entry: StackEntry) -> StackFolder:
    return read_stack_folder(
        folder, entry, lambda raw, path: parse_json(raw, shown_name(folder / path))
    )


def read_scopes(
    files: Iterable[tuple[JsonFile, str | None]],
    fill: Callable[[Module], Module] | None = None,
    problems: Iterable[Unread] = (),
) -> tuple[Estate, list[Scope]]:
    """
    Read files that are parsed already, each with its stack, as one estate.

    Args:
        files: The files; one of no stack may be whatever `read_estate` reads.
        fill: Says more about a module than its file does, or leaves it as it is.
        problems: What could not be read beside the files.

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
    if fill is not None:
        modules = [fill(module) for module in modules]
    scopes = scopes_of(modules)
    for scope in scopes:
        gather(scope, found)
    for scope in scopes:
        found.problems += [*scope.module.unread, *scope.notes]
    found.problems += problems
    return join(found), scopes


def _modules(file: JsonFile, stack: str | None, found: Gathered) -> list[Module]:
    keys = set(file.content)
    if stack is not None:
        return [read_module(file, stack)]
    if keys & _PLAN:
        return read_plan(file)
    if read_answer(file, found):
        return []
    if keys & _TERRAFORM:
        return [read_module(file)]
    raise InvalidValue(_of_no_kind(file))


def _repeated(file: JsonFile, stack: str | None) -> Iterator[Unread]:
    for path in file.repeated:
        yield Unread(
            kind="duplicate-key",
            what="A key stands twice in one object; the last one counts.",
            given=path,
            where=Where(file.name, path, stack),
        )


def _of_no_kind(file: JsonFile) -> Problem:
    names = [repr(key[:SHOWN]) for key in islice(file.content, 5)]
    return Problem(
        what="The file says nothing about roles.",
        given=file.name,
        why=f"At its top it has {', '.join(names) or 'nothing'}.",
        fix="Name a `.tf.json`, a plan from `terraform show -json`, what `aws iam get-role` or "
        "`aws iam get-policy-version` prints, or a policy.",
    )
