"""
A state that Terraform could not write, kept in the folder of the stack.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from sandbox.terraform.rescued_state import keep_state, kept_state
from sandbox.terraform.run_record import UNWRITTEN_STATE

if TYPE_CHECKING:
    from pathlib import Path

STATE = json.dumps({"version": 4, "lineage": "one", "resources": [{"a": {}}]}, indent=2)
FAILED = f"{STATE}\n\nError: Failed to write state\n\nno space left on device."


def test_printed_state(tmp_path: Path) -> None:
    """
    A state that is printed is written in the room that was reserved, and not shown.
    """
    (tmp_path / "reserve").write_bytes(bytes(10))

    said = keep_state(FAILED, tmp_path, tmp_path / "reserve")

    assert json.loads((tmp_path / UNWRITTEN_STATE).read_text("utf-8")) == json.loads(STATE)
    assert said.startswith("Error: Failed to write state\n\nno space left on device.\n\nWhat ")
    assert not (tmp_path / "reserve").exists()


def test_written_state(tmp_path: Path) -> None:
    """
    A state that Terraform has written beside the stack is said to be kept.
    """
    (tmp_path / UNWRITTEN_STATE).write_text(STATE, "utf-8")

    said = keep_state("Error: Failed to save state", tmp_path, tmp_path / "reserve")

    assert said == (
        "Error: Failed to save state\n\nWhat Terraform made is in its state, which is kept in the "
        "sandbox: the next run of the stack writes it first. Run the step again when the cause is "
        "gone."
    )


@pytest.mark.parametrize(
    "text",
    ["Error: no state", '{\n  "version": 4,\n  "serial"\n}\n', '{\n  "version": 4,\n  "a": 1\n}\n'],
    ids=["none", "cut off", "no state"],
)
def test_no_state(tmp_path: Path, text: str) -> None:
    """
    What holds no state is said as it is, and the reserve stays.
    """
    (tmp_path / "reserve").touch()

    assert keep_state(text, tmp_path, tmp_path / "reserve") == text
    assert (tmp_path / "reserve").exists()


def test_no_room_at_all(tmp_path: Path) -> None:
    """
    Where no file can be written Terraform's own words are all there is, with the state in them.
    """
    assert keep_state(FAILED, tmp_path / "missing", tmp_path / "reserve") == FAILED


@pytest.mark.parametrize("text", ["", STATE[:40]], ids=["empty", "cut off"])
def test_cut_off_file(tmp_path: Path, text: str) -> None:
    """
    A file that the disk did not take whole is no state, and does not stay.
    """
    (tmp_path / UNWRITTEN_STATE).write_text(text, "utf-8")

    assert kept_state(tmp_path) is None
    assert not (tmp_path / UNWRITTEN_STATE).exists()


def test_whole_file(tmp_path: Path) -> None:
    """
    A whole one is returned.
    """
    (tmp_path / UNWRITTEN_STATE).write_text(STATE, "utf-8")

    assert kept_state(tmp_path) == tmp_path / UNWRITTEN_STATE
