"""
Which roles there are, who may assume them and what they may do, from whatever says it.

A folder of synthesized stacks, single `.tf.json` files, plans, what the command line of AWS
prints, and trust policies by themselves; in any mixture.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, Problem
from deploy_access.json_file import parse_json, read_json
from deploy_access.json_shape import as_object, as_text
from deploy_access.json_text import SHOWN
from deploy_access.terraform.aws_cli import (
    read_account,
    read_role_answer,
    read_role_list,
    read_role_policy,
    read_trust_policy,
)
from deploy_access.terraform.blocks import read_module
from deploy_access.terraform.estate import Unread, Where
from deploy_access.terraform.estate_roles import join
from deploy_access.terraform.file_facts import Gathered
from deploy_access.terraform.module_facts import gather
from deploy_access.terraform.plan import read_plan
from deploy_access.terraform.scope import Scope
from deploy_access.terraform.stacks import MANIFEST
from deploy_access.terraform.symbols import Symbols

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from deploy_access.json_file import JsonFile
    from deploy_access.terraform.blocks import Module
    from deploy_access.terraform.estate import Estate

# What only such a file has at its top.
_ANSWERS: Mapping[str, Callable[[JsonFile, Gathered], None]] = {
    "Role": read_role_answer,
    "Roles": read_role_list,
    "RoleDetailList": read_account,
    "PolicyDocument": read_role_policy,
    "Statement": read_trust_policy,
}
_PLAN = {"planned_values", "values"}
_TERRAFORM = {"//", "data", "locals", "module", "output", "provider", "resource", "terraform"}


def read_estate(*paths: Path) -> Estate:
    """
    Read files and folders as one estate.

    Raises:
        InvalidValue: One of them is not there, is no JSON, or says nothing about roles.
    """
    return _read([file for path in paths for file in _files(path)])


def read_estate_from(raw: bytes, name: str) -> Estate:
    """
    Read the bytes of one file, for example of the standard input.

    Raises:
        InvalidValue: They are no JSON, or say nothing about roles.
    """
    return _read([(parse_json(raw, name), None)])


def _files(path: Path) -> Iterator[tuple[JsonFile, str | None]]:
    """Read a file, or each stack that the manifest of a folder lists."""
    if not path.is_dir():
        yield read_json(path), None
        return
    if not (path / MANIFEST).exists():
        raise InvalidValue(_no_manifest(path))
    manifest = read_json(path / MANIFEST)
    for name, stack in sorted(as_object(manifest.content.get("stacks")).items()):
        file = as_text(as_object(stack).get("synthesizedStackPath"))
        if not file:
            raise InvalidValue(no_stack_path(manifest.name, name))
        yield read_json(path / file), name


def read_scopes(
    files: Iterable[tuple[JsonFile, str | None]], fill: Callable[[Module], Module] | None = None
) -> tuple[Estate, list[Scope]]:
    """
    Read files that are parsed already, each with its stack, as one estate.

    Args:
        files: The files; one of no stack may be whatever `read_estate` reads.
        fill: Says more about a module than its file does, or leaves it as it is.

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
    symbols, stacks = Symbols(), dict[str, Scope]()
    scopes = [Scope(module, symbols, stacks) for module in modules]
    stacks.update({scope.module.stack: scope for scope in scopes if scope.module.stack})
    for scope in scopes:
        gather(scope, found)
    for scope in scopes:
        found.problems += [*scope.module.unread, *scope.notes]
    return join(found), scopes


def _read(files: Iterable[tuple[JsonFile, str | None]]) -> Estate:
    return read_scopes(files)[0]


def _modules(file: JsonFile, stack: str | None, found: Gathered) -> list[Module]:
    keys = set(file.content)
    if stack is not None:
        return [read_module(file, stack)]
    if keys & _PLAN:
        return read_plan(file)
    for key, read in _ANSWERS.items():
        if key in keys:
            read(file, found)
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


def no_stack_path(manifest: str, stack: str) -> Problem:
    """Say that *manifest* does not say where *stack* is."""
    return Problem(
        what=f"The manifest does not say where stack {stack!r} is.",
        given=manifest,
        why="It was cut off or changed by hand.",
        fix="Synthesize anew: `python main.py` or `cdktf synth`.",
    )


def _no_manifest(folder: Path) -> Problem:
    return Problem(
        what="The folder has no synthesized stacks.",
        given=str(folder),
        why=f"There is no {MANIFEST} in it, which lists them.",
        fix="Name the `.tf.json`, plan or policy files in it one by one, or a `cdktf.out`.",
    )


def _of_no_kind(file: JsonFile) -> Problem:
    names = [repr(key[:SHOWN]) for key in islice(file.content, 5)]
    return Problem(
        what="The file says nothing about roles.",
        given=file.name,
        why=f"At its top it has {', '.join(names) or 'nothing'}.",
        fix="Name a `.tf.json`, a plan from `terraform show -json`, what `aws iam get-role` "
        "prints, or a trust policy.",
    )
