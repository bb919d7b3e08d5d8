"""The synthesis of an app into `cdktf.out`, with the lock files beside the stacks."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidEnvironments
from deploy_access.terraform.loaded_names import LOCK

if TYPE_CHECKING:
    from cdktf import App

# How cdktf writes the errors of validations: a heading, then `[path] message` on a line for each.
_REFUSED = "Validation failed with the following errors:"
_CONSTRUCT = re.compile(r"^\s*\[(?P<path>[^\]]+)\] (?P<problem>.+)$", re.MULTILINE)


def synthesize(app: App, file: str, *, locks: Path) -> None:
    """
    Synthesize *app*, and put the lock files below *locks* beside it.

    Args:
        app: The app that holds the stacks.
        file: The name of the file that it was made from, for messages.
        locks: Where the lock files are committed; see `_copy_lock_files`.

    Raises:
        InvalidEnvironments: Refusals that need the whole app, for example of the size of all
            policies of a role; each with the construct it is about.
    """
    try:
        app.synth()
    except RuntimeError as error:
        # jsii raises one exception for every error in Node; only the text tells a refusal.
        if _REFUSED not in str(error):
            raise
        found = _CONSTRUCT.finditer(str(error))
        raise InvalidEnvironments(file, [f"{f['path']}: {f['problem']}" for f in found]) from None
    _copy_lock_files(locks, Path(app.outdir))


def _copy_lock_files(locks: Path, out: Path) -> None:
    """
    Copy the lock file of each stack to the place where `terraform init` looks for it.

    `locks/<stack>/.terraform.lock.hcl` is committed, and copied to `<out>/stacks/<stack>/` after
    synthesis. To make one: `terraform -chdir=cdktf.out/stacks/<stack> providers lock`, then copy
    the file back. A stack without one takes the newest provider that its constraint allows.
    """
    for lock in sorted(locks.glob(f"*/{LOCK}")):
        stack = out / "stacks" / lock.parent.name
        if stack.is_dir():
            shutil.copyfile(lock, stack / LOCK)
