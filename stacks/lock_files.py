"""Terraform's lock files, which belong to a stack but must outlive `cdktf.out`."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_NAME = ".terraform.lock.hcl"


def copy_lock_files(locks: Path, out: Path) -> None:
    """
    Put the lock file of each stack where `terraform init` looks for it.

    `locks/<stack>/.terraform.lock.hcl` is committed, and copied to `<out>/stacks/<stack>/` after
    synthesis. To make one: `terraform -chdir=cdktf.out/stacks/<stack> providers lock`, then copy
    the file back. A stack without one takes the newest provider that its constraint allows.
    """
    for lock in sorted(locks.glob(f"*/{_NAME}")):
        stack = out / "stacks" / lock.parent.name
        if stack.is_dir():
            shutil.copyfile(lock, stack / _NAME)
