"""
The working folder and the states in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sandbox_estates import stack, write_out

from sandbox import SandboxError
from sandbox.estate import read_estate
from sandbox.folder import Folder

if TYPE_CHECKING:
    from pathlib import Path


def override(tmp_path: Path, path: str) -> Path | None:
    """
    Return where the state of a stack goes whose local backend names *path*.
    """
    document = stack("web", backend={"local": {"path": path}})
    estate = read_estate(write_out(tmp_path / "cdktf.out", {"web": document}))
    return Folder(tmp_path / "box").state_override(estate.stacks["web"])


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

    folder.copy(estate)

    copy = folder.stack("web") / "cdk.tf.json"
    assert copy.read_bytes() == estate.stacks["web"].path.read_bytes()


def test_folder_of_somebody_else(tmp_path: Path) -> None:
    """
    A folder with files of somebody else is neither used nor removed.
    """
    (tmp_path / "thesis.txt").write_text("x")
    folder = Folder(tmp_path)

    with pytest.raises(SandboxError, match="did not write"):
        folder.create()
    folder.remove()

    assert (tmp_path / "thesis.txt").exists()
