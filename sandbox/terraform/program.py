"""
The program Terraform: which one, and whether it is new enough.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import MissingTool
from ..server.child_environment import search_environment

if TYPE_CHECKING:
    from ..server.child_process import Processes

# The first that locks a state in S3 without a table (`use_lockfile`).
OLDEST = (1, 11)
_OLDEST = ".".join(str(number) for number in OLDEST)

# OpenTofu says its own name: its versions are others, and its stacks say by themselves what they
# need. So does a Terraform that is built for tests and says no number.
_VERSION = re.compile(r"^Terraform v(?P<version>(?P<major>\d+)\.(?P<minor>\d+)\S*)", re.MULTILINE)


def find_terraform(processes: Processes) -> Path:
    """
    Return the program that `TERRAFORM_BINARY_NAME` names, or else `terraform`.

    Raises:
        MissingTool: There is none, it does not run, or it is too old.

    """
    name = os.environ.get("TERRAFORM_BINARY_NAME") or "terraform"
    found = shutil.which(name)
    if found is None:
        raise MissingTool(
            f"There is no program {name!r} on the PATH, so nothing can be deployed: install "
            f"Terraform {_OLDEST} or later, or name another with TERRAFORM_BINARY_NAME."
        )
    _check_version(found, _said_version(found, processes))
    return Path(found)


def _said_version(program: str, processes: Processes) -> str:
    try:
        return processes.run([program, "version"], env=search_environment({})).output
    except OSError as error:
        raise MissingTool(
            f"The program {program!r} does not run ({error.strerror}), so nothing can be deployed: "
            f"install Terraform {_OLDEST} or later for this machine, or name another with "
            "TERRAFORM_BINARY_NAME."
        ) from error


def _check_version(program: str, said: str) -> None:
    found = _VERSION.search(said)
    if found and (int(found["major"]), int(found["minor"])) < OLDEST:
        raise MissingTool(
            f"The program {program!r} is Terraform {found['version']}, so nothing can be deployed: "
            f"the stacks lock their state in S3 as Terraform {_OLDEST} and later do. Install one "
            "of those, or name it with TERRAFORM_BINARY_NAME."
        )
