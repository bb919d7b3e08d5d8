"""
The copies of the stacks that Terraform runs in, inside of the working folder.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox.server.working_folder import Folder
    from sandbox.terraform.estate import Estate
    from sandbox.terraform.stack import Stack

# https://developer.hashicorp.com/terraform/language/backend/local
DEFAULT_STATE = "terraform.tfstate"


def copy_stacks(estate: Estate, folder: Folder) -> None:
    """
    Copy every stack, byte by byte, so that `cdktf.out` stays as it was synthesized.
    """
    for stack in estate:
        target = folder.stack(stack.name)
        target.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(stack.path, target / "cdk.tf.json")
        assets = stack.path.parent / "assets"
        if assets.is_dir():
            shutil.copytree(assets, target / "assets", dirs_exist_ok=True)


def state_override(stack: Stack, folder: Folder) -> Path | None:
    """
    Return where a local state goes if the stack's own path leads out of the folder.

    CDKTF's default backend names an absolute path: used here, it would overwrite the state of what
    is really deployed.
    """
    if stack.backend.type != "local":
        return None
    path = folder.stack(stack.name) / str(stack.backend.body.get("path") or DEFAULT_STATE)
    if path.resolve().is_relative_to(folder.root.resolve()):
        return None
    return folder.root.resolve() / f"terraform.{stack.name}.tfstate"
