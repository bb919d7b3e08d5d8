"""The page of `audit` shows what the command prints."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from deploy_access.cli import main

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "docs/audit.md", ROOT / "docs/inputs.md"]
BLOCKS = [
    block
    for page in PAGES
    for block in re.findall(r"```console\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
]


def test_there_are_blocks() -> None:
    """The page shows each group of rules, ids, folders, workflows, and what is known."""
    assert len(BLOCKS) > 10


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_output(block: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each block is what its command prints."""
    monkeypatch.chdir(ROOT)
    command = block.partition("\n")[0]

    printed = CliRunner().invoke(main, shlex.split(command)[2:]).stdout

    assert block == f"{command}\n{printed}"
