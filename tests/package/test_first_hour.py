"""The page of the first hour is followed in an empty folder, with the wheel alone."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from clean_places import CleanPlace, make_place, outside_environment, requirement
from first_hour_page import NOT_RUN_HERE, PAGE, Block, read_blocks

if TYPE_CHECKING:
    from pathlib import Path

AUTHOR = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Ann"), ("EMAIL", "ann@example.com"))
}


def run(command: str, place: CleanPlace, folder: Path) -> tuple[int, str]:
    """Type a command in a folder: its exit code, and what is seen of it."""
    done = subprocess.run(
        ["bash", "-c", command],
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=folder,
        env={**outside_environment(place.programs), **AUTHOR, "NO_COLOR": "1"},
    )
    return done.returncode, done.stdout


def follow(block: Block, place: CleanPlace, folder: Path) -> Path:
    """Do what a block says, and return the folder in which one stands then."""
    if block.language == "diff":
        file = folder / "environments.toml"
        file.write_text(block.applied(file.read_text("utf-8")), "utf-8")
    for command in block.commands:
        if command.startswith("cd "):
            folder /= command.removeprefix("cd ")
            continue
        if command == "make setup":
            # `pip` would ask an index for this release: what it installs is there already.
            (folder / ".venv").symlink_to(place.folder)
            (folder / ".venv/.ready").touch()
        code, output = run(command, place, folder)
        assert (code != 0) == block.is_refused, output
        assert block.language == "sh" or block.is_printed(output), output
    return folder


@pytest.mark.slow
@pytest.mark.terraform
def test_the_page_is_followed(wheel: Path, tmp_path: Path) -> None:
    """Each command succeeds and prints what is shown, from the empty folder to the review."""
    place = make_place(tmp_path / "place", requirement(wheel, "constructs", "sandbox"), "pytest>=9")
    folder = tmp_path / "empty"
    folder.mkdir()

    for block in read_blocks():
        folder = follow(block, place, folder)

    assert run("git status --short --untracked-files=no", place, folder) == (0, "")


@pytest.mark.parametrize("command", NOT_RUN_HERE)
def test_what_is_not_run_is_there(command: str) -> None:
    """A reason is for a command of the page."""
    assert f"\n{command}\n" in PAGE.read_text("utf-8")


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        pytest.param("a\n…\nc\n", "a\nb\nc\n", id="left out"),
        pytest.param("a  b\n", "a b\n", id="columns"),
    ],
)
def test_what_is_left_out(shown: str, printed: str) -> None:
    """What is left out may be anything, and the rest may not."""
    block = Block("console", f"$ x\n{shown}")

    assert block.is_printed(printed)
    assert not block.is_printed(printed.replace("a", "z"))
