"""
What one job hands to the next of synthesized stacks, so that what is applied is what was reviewed.

These are the manifest, the file of each stack that it lists, the lock file beside it, and the
assets that it names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.errors import reject
from deploy_access.terraform.carried_files import carry_files, stack_files
from deploy_access.terraform.guard import check_beside
from deploy_access.terraform.manifest import MANIFEST, read_manifest

if TYPE_CHECKING:
    from pathlib import Path

_ADVICE = "Synthesize into it first."


def carry(out: Path, target: Path) -> int:
    """
    Copy what is handed over from *out* to *target*, which must not exist yet.

    Returns:
        The number of files.

    Raises:
        InvalidValue: A file is not there, is not as CDKTF writes it, or is one that Terraform would
            load and that is not handed over.
    """
    stacks = read_manifest(out, _ADVICE)
    reject(problem for one in stacks for problem in check_beside(one.name, out, one.path))
    return carry_files(out, target, [MANIFEST, *(f for s in stacks for f in stack_files(out, s))])
