"""
Which roles there are, who may assume them and what they may do, from whatever says it.

A folder of synthesized stacks, single `.tf.json` files, plans, what the command line of AWS
prints, and trust policies by themselves; in any mixture.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, Problem
from deploy_access.json_file import read_json, read_json_inside
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
from deploy_access.terraform.manifest import read_manifest
from deploy_access.terraform.module_facts import gather
from deploy_access.terraform.plan import read_plan
from deploy_access.terraform.scope import scopes_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from deploy_access.json_file import JsonFile
    from deploy_access.terraform.blocks import Module
    from deploy_access.terraform.estate import Estate
    from deploy_access.terraform.scope import Scope

# What only such a file has at its top.
_ANSWERS: Mapping[str, Callable[[JsonFile, Gathered], None]] = {
    "Role": read_role_answer,
    "Roles": read_role_list,
    "RoleDetailList": read_account,
    "PolicyDocument": read_role_policy,
    "Statement": read_trust_policy,
}
_ADVICE = "Name the `.tf.json`, plan or policy files in it one by one, or a `cdktf.out`."
_PLAN = {"planned_values", "values"}
_TERRAFORM = {"//", "data", "locals", "module", "output", "provider", "resource", "terraform"}


def read_estate(*paths: Path) -> Estate:
    """
    Read files and folders as one estate.

    Raises:
        InvalidValue: One of them is not there, is no JSON, or says nothing about roles.
    """
    return _read([file for path in paths for file in _files(path)])


def _files(path: Path) -> Iterator[tuple[JsonFile, str | None]]:
    """Read a file, or each stack that the manifest of a folder lists."""
    if not path.is_dir():
        yield read_json(path), None
        return
    for entry in read_manifest(path, _ADVICE):
        yield read_json_inside(path, entry.path), entry.name


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
    scopes = scopes_of(modules)
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


def _of_no_kind(file: JsonFile) -> Problem:
    names = [repr(key[:SHOWN]) for key in islice(file.content, 5)]
    return Problem(
        what="The file says nothing about roles.",
        given=file.name,
        why=f"At its top it has {', '.join(names) or 'nothing'}.",
        fix="Name a `.tf.json`, a plan from `terraform show -json`, what `aws iam get-role` "
        "prints, or a trust policy.",
    )
