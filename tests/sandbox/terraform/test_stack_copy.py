"""
The copies of the stacks, and the states beside them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sandbox_estates import stack, write_out

from sandbox.server.working_folder import Folder
from sandbox.terraform.estate import read_estate
from sandbox.terraform.stack_copy import copy_stacks, state_override

if TYPE_CHECKING:
    from pathlib import Path


def override(tmp_path: Path, path: str) -> Path | None:
    """
    Return where the state of a stack goes whose local backend names *path*.
    """
    document = stack("web", backend={"local": {"path": path}})
    estate = read_estate(write_out(tmp_path / "cdktf.out", {"web": document}))
    return state_override(estate.stacks["web"], Folder(tmp_path / "box"))


@pytest.mark.parametrize("path", ["terraform.tfstate", "../../../terraform.web.tfstate"])
def test_state_inside(tmp_path: Path, path: str) -> None:
    """
    A state that stays in the working folder lies where the stack says.
    """
    assert override(tmp_path, path) is None


@pytest.mark.parametrize("path", ["/home/me/terraform.web.tfstate", "../../../../x.tfstate"])
def test_state_outside(tmp_path: Path, path: str) -> None:
    """
    A state that would lie outside, perhaps on that of what is really deployed, goes inside.
    """
    assert override(tmp_path, path) == tmp_path / "box" / "terraform.web.tfstate"


def test_copies_are_the_same(tmp_path: Path) -> None:
    """
    Terraform gets the very bytes that were synthesized.
    """
    estate = read_estate(write_out(tmp_path / "cdktf.out", {"web": stack("web")}))
    folder = Folder(tmp_path / "box")

    copy_stacks(estate, folder)

    copy = folder.stack("web") / "cdk.tf.json"
    assert copy.read_bytes() == estate.stacks["web"].path.read_bytes()
