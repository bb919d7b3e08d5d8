"""What is read: the help of each command and the refusals have one list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from deploy_access.cli import main
from deploy_access.input_kinds import INPUTS, what_is_read

if TYPE_CHECKING:
    from pathlib import Path

COMMANDS = ("audit", "explain", "review")
WIDTH = 80


@pytest.mark.parametrize("command", COMMANDS)
def test_help(command: str) -> None:
    """The help lists each kind that the command reads on a line of its own, and fits a terminal."""
    lines = CliRunner().invoke(main, [command, "--help"]).stdout.splitlines()
    end = lines[lines.index("  What is read:") + 1 : lines.index("Examples:") - 1]

    kinds = [kind for kind in INPUTS if command in kind.commands]
    assert [line.split("  ", 3)[2] for line in end] == [kind.what for kind in kinds]
    assert all(kind.made_by in line for kind, line in zip(kinds, end, strict=True))
    assert [line for line in lines if len(line) > WIDTH] == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param('{"name": "x"}', "The file says nothing about roles.", id="another object"),
        pytest.param("[1]", "The file is a JSON list.", id="list"),
        pytest.param("roles:\n  - web\n", "The file is no JSON.", id="yaml"),
    ],
)
def test_a_refusal_lists_what_is_read(tmp_path: Path, text: str, said: str) -> None:
    """A file that says nothing is answered with everything that is read."""
    file = tmp_path / "file.json"
    file.write_text(text, "utf-8")

    printed = CliRunner().invoke(main, ["audit", str(file)]).stderr

    assert said in printed
    assert what_is_read() in printed
