"""
The copies of the stacks, and the states beside them.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from sandbox_estates import stack, write_out

from sandbox import UnreadableEstate
from sandbox.server.working_folder import WorkingFolder
from sandbox.terraform.sandbox_estate import read_sandbox_estate
from sandbox.terraform.stack_copy import copy_stacks, state_override


def override(tmp_path: Path, path: str) -> Path | None:
    """
    Return where the state of a stack goes whose local backend names *path*.
    """
    document = stack("web", backend={"local": {"path": path}})
    estate = read_sandbox_estate(write_out(tmp_path / "cdktf.out", {"web": document}))
    return state_override(estate.stacks["web"], WorkingFolder(tmp_path / "box"))


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
    estate = read_sandbox_estate(write_out(tmp_path / "cdktf.out", {"web": stack("web")}))
    folder = WorkingFolder(tmp_path / "box")

    copy_stacks(estate, folder)

    copy = folder.stack("web") / "cdk.tf.json"
    assert copy.read_bytes() == estate.stacks["web"].path.read_bytes()


def test_assets_are_copied(tmp_path: Path) -> None:
    """
    Files are copied, and a link stays a link, wherever it leads.
    """
    estate = read_sandbox_estate(write_out(tmp_path / "cdktf.out", {"web": stack("web")}))
    assets = estate.stacks["web"].path.parent / "assets"
    (assets / "code").mkdir(parents=True)
    (assets / "code" / "app.zip").write_bytes(b"zip")
    (assets / "code" / "circle").symlink_to("..")
    folder = WorkingFolder(tmp_path / "box")

    copy_stacks(estate, folder)

    copy = folder.stack("web") / "assets" / "code"
    assert (copy / "app.zip").read_bytes() == b"zip"
    assert copy.joinpath("circle").readlink() == Path("..")


def test_assets_that_are_no_files(tmp_path: Path) -> None:
    """
    A pipe among the assets is refused: a copy of it would never end.
    """
    estate = read_sandbox_estate(write_out(tmp_path / "cdktf.out", {"web": stack("web")}))
    assets = estate.stacks["web"].path.parent / "assets"
    assets.mkdir()
    os.mkfifo(assets / "pipe")

    with pytest.raises(UnreadableEstate, match=r"assets/pipe' is no regular file"):
        copy_stacks(estate, WorkingFolder(tmp_path / "box"))
