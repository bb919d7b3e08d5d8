"""
Whether two versions of a stack ask Terraform for the same.

Comments are no change. Nor is another folder of the checkout: CDKTF's default backend keeps the
state beside the project, by its absolute path.
"""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

from deploy_access.json_shape import as_list, as_object, as_text, objects
from deploy_access.terraform.block_comments import without_comments
from deploy_access.terraform.configuration import calls_of_file
from deploy_access.terraform.state_place import LOCAL_STATE, at

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deploy_access.json_file import JsonFile
    from deploy_access.terraform.sources import StackFile


def is_changed(base: StackFile, head: StackFile) -> bool:
    """Whether *head* asks Terraform for something else than *base*."""
    if base.beside != head.beside or base.assets != head.assets:
        return True
    if base.is_same(head):
        return False
    return _whole(base.file) != _whole(head.file)


def _whole(file: JsonFile) -> object:
    """Return what a file says, and what the modules of other folders say that it calls."""
    called = {name: _whole(each) for name, each in calls_of_file(file).items()}
    return meaning(file.content), called


def meaning(content: Mapping[str, object]) -> Mapping[str, object]:
    """Copy a file without comments and without the folder of the checkout."""
    found = without_comments(content)
    found["terraform"] = [_with_short_state(each) for each in objects(found.get("terraform"))]
    found["data"] = [_with_short_remotes(each) for each in objects(found.get("data"))]
    return {kind: value for kind, value in found.items() if value != []}


def state_of(stack: StackFile) -> tuple[str, str] | None:
    """
    Return where a stack keeps its state; None when only Terraform knows.

    Two stacks with one state are one stack that was renamed: a state does not hold that name.
    """
    for terraform in objects(stack.file.content.get("terraform")):
        for backend in objects(terraform.get("backend")):
            for s3 in objects(backend.get("s3")):
                return ("s3", f"{s3.get('bucket')}/{s3.get('key')}")
            for local in objects(backend.get("local")):
                path = as_text(local.get("path")) or LOCAL_STATE
                # A relative path begins in the stack's folder, and an absolute one in the checkout.
                return ("local", _name(path) if _is_absolute(path) else at(stack.directory, path))
    return None


def _with_short_state(terraform: Mapping[str, object]) -> Mapping[str, object]:
    return _changed(terraform, ("backend", "local", "path"))


def _with_short_remotes(data: Mapping[str, object]) -> Mapping[str, object]:
    names = {name for each in objects(data.get("terraform_remote_state")) for name in each}
    for name in names:
        data = _changed(data, ("terraform_remote_state", name, "config", "path"))
    return data


def _changed(value: Mapping[str, object], keys: Sequence[str]) -> Mapping[str, object]:
    """Copy an object with the path at *keys* shortened, in each of the blocks on the way."""
    first, *rest = keys
    if first not in value:
        return value
    if not rest:
        return {**value, first: _name(value[first])}
    inside = as_list(value[first])
    return {**value, first: [_changed(o, rest) if (o := as_object(v)) else v for v in inside]}


def _name(path: object) -> str:
    text = path if isinstance(path, str) else ""
    return PureWindowsPath(text).name if _is_absolute(text) else text


def _is_absolute(path: str) -> bool:
    return PurePosixPath(path).is_absolute() or PureWindowsPath(path).is_absolute()
