"""
Whether two versions of a stack ask Terraform for the same.

To Terraform everything under `//` is a comment: CDKTF writes its version and the paths of
constructs there. CDKTF's default backend keeps the state beside the project, by its absolute path:
another folder of the checkout is no change.
"""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, cast

from deploy_access.json_shape import is_container, objects

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.terraform.sources import StackFile

COMMENT = "//"


def is_changed(base: StackFile, head: StackFile) -> bool:
    """Whether *head* asks Terraform for something else than *base*."""
    if base.is_same(head):
        return False
    before, after = base.file.content, head.file.content
    # Most changes are among the resources, and that comparison copies nothing.
    if _differ(before.get("resource"), after.get("resource")):
        return True
    return meaning(before) != meaning(after)


def meaning(content: Mapping[str, object]) -> Mapping[str, object]:
    """Copy a file without comments and without the folder of the checkout."""
    found = cast("dict[str, object]", _without_comments(content))
    for terraform in objects(found.get("terraform")):
        for backend in objects(terraform.get("backend")):
            _shorten(objects(backend.get("local")))
    for data in objects(found.get("data")):
        for remote in objects(data.get("terraform_remote_state")):
            for block in remote.values():
                for each in objects(block):
                    _shorten(objects(each.get("config")))
    return found


def state_of(content: Mapping[str, object]) -> tuple[str, str] | None:
    """
    Return where a stack keeps its state; None when only Terraform knows.

    Two stacks with one state are one stack that was renamed: a state does not hold that name.
    """
    for terraform in objects(content.get("terraform")):
        for backend in objects(terraform.get("backend")):
            for s3 in objects(backend.get("s3")):
                return ("s3", f"{s3.get('bucket')}/{s3.get('key')}")
            for local in objects(backend.get("local")):
                return ("local", _name(local.get("path")))
    return None


def _differ(before: object, after: object) -> bool:
    """Whether two values differ in more than comments; it ends at the first difference."""
    if not (isinstance(before, dict) and isinstance(after, dict)):
        return _without_comments(cast("object", before)) != _without_comments(after)
    old, new = cast("dict[str, object]", before), cast("dict[str, object]", after)
    return old.keys() - {COMMENT} != new.keys() - {COMMENT} or any(
        key != COMMENT and _differ(value, new[key]) for key, value in old.items()
    )


def _without_comments(value: object) -> object:
    if isinstance(value, dict):
        found = cast("dict[str, object]", value).items()
        return {
            key: _without_comments(child) if is_container(child) else child
            for key, child in found
            if key != COMMENT
        }
    if isinstance(value, list):
        return [_without_comments(child) for child in cast("list[object]", value)]
    return value


def _shorten(blocks: object) -> None:
    for block in cast("list[dict[str, object]]", blocks):
        block["path"] = _name(block.get("path"))


def _name(path: object) -> str:
    text = path if isinstance(path, str) else ""
    is_absolute = PurePosixPath(text).is_absolute() or PureWindowsPath(text).is_absolute()
    return PureWindowsPath(text).name if is_absolute else text
