"""
The copies of the stacks in the working folder, in which Terraform runs.
"""

from __future__ import annotations

import os
import shutil
import stat
from typing import TYPE_CHECKING

from ..errors import UnreadableEstate
from .unserved import FILE, leave_out

if TYPE_CHECKING:
    from pathlib import Path

    from ..server.working_folder import WorkingFolder
    from .sandbox_estate import SandboxEstate
    from .sandbox_stack import SandboxStack

# https://developer.hashicorp.com/terraform/language/backend/local
DEFAULT_STATE = "terraform.tfstate"


def copy_stacks(estate: SandboxEstate, folder: WorkingFolder) -> None:
    """
    Copy every stack, byte by byte, so that `cdktf.out` stays as it was synthesized.

    What moto does not serve is switched off in a file beside it.
    """
    for stack in estate:
        target = folder.stack(stack.name)
        target.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(stack.path, target / "cdk.tf.json")
        left_out = leave_out(stack)
        if left_out:
            (target / FILE).write_text(left_out, encoding="utf-8")
        else:
            # That of an earlier run, in a folder that is used again.
            (target / FILE).unlink(missing_ok=True)
        assets = stack.path.parent / "assets"
        if assets.is_dir():
            # A link stays one: followed, it could lead to any folder, or around in a circle.
            shutil.copytree(
                assets,
                target / "assets",
                symlinks=True,
                dirs_exist_ok=True,
                copy_function=_copy_file,
            )


def _copy_file(source: str, target: str) -> None:
    """
    Copy a regular file; a pipe or a device would be read without end.
    """
    if not stat.S_ISREG(os.lstat(source).st_mode):
        raise UnreadableEstate(
            f"The asset {source!r} is no regular file, so it cannot be copied. Synthesize the "
            "stack again."
        )
    shutil.copy2(source, target)


def state_override(stack: SandboxStack, folder: WorkingFolder) -> Path | None:
    """
    Return where a local state goes if the stack's own path leads out of the folder.

    CDKTF's default backend names an absolute path: used here, it would overwrite the state of what
    is really deployed.
    """
    if stack.backend.type != "local":
        return None
    path = local_state(stack, folder)
    if path.resolve().is_relative_to(folder.root.resolve()):
        return None
    return folder.root.resolve() / f"terraform.{stack.name}.tfstate"


def local_state(stack: SandboxStack, folder: WorkingFolder) -> Path:
    """
    Return where the stack itself keeps a local state.
    """
    return folder.stack(stack.name) / str(stack.backend.body.get("path") or DEFAULT_STATE)
