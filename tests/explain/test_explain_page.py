"""The page of `explain` shows what the command prints, and has every cause."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from cdktf import App
from click.testing import CliRunner

from deploy_access.cli import main
from deploy_access.explain.causes import CAUSES
from stacks.environments_file import load_estate
from stacks.stack_builder import build_stacks
from stacks.synthesis import synthesize

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/explain.md").read_text("utf-8")
BLOCKS = re.findall(r"```console\n\$ deploy-access (.*?[^\\])\n(.*?)```", PAGE, re.DOTALL)


def printed(command: str) -> str:
    """Run what stands behind the prompt."""
    return CliRunner().invoke(main, shlex.split(command.replace("\\\n", ""))).stdout


def test_the_example(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first block is the event of the first example."""
    monkeypatch.chdir(ROOT)
    command, shown = BLOCKS[0]

    assert shown == printed(command)


def test_the_estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second block is about the example estate."""
    estate = load_estate(ROOT / "environments.toml")
    app = App(outdir=str(tmp_path / "cdktf.out"))
    build_stacks(app, estate)
    synthesize(app, estate.file, locks=tmp_path / "locks")
    monkeypatch.chdir(tmp_path)
    command, shown = BLOCKS[1]

    assert shown == printed(command)


def test_every_cause_is_on_the_page() -> None:
    """The table has each cause once."""
    rows = re.findall(
        r"^\| ((?:`[a-z-]+`(?:, )?)+) \|", PAGE.split("## The causes")[1], re.MULTILINE
    )

    assert sorted(re.findall(r"`([a-z-]+)`", " ".join(rows))) == sorted(CAUSES)
