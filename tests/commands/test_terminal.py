"""Colour and width of what a command prints: on a real terminal, in a pipe, and as wished."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from terminal_runs import environment, on_a_terminal

COMMAND = Path(sys.executable).with_name("deploy-access")
POLICY = '{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture(name="policy")
def _policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    # A short name, as a path is never broken.
    monkeypatch.chdir(tmp_path)
    path = Path("policy.json")
    path.write_text(POLICY, "utf-8")
    return path


def audit_on_a_terminal(policy: Path, columns: int, **wished: str) -> str:
    """Run the audit with its output on a terminal of so many columns."""
    return on_a_terminal([COMMAND, "audit", policy], columns, only="stdout", **wished)


def in_a_pipe(policy: Path, **wished: str) -> str:
    """Run the audit with its output in a pipe."""
    return subprocess.run(
        [COMMAND, "audit", policy],
        check=False,
        stdout=subprocess.PIPE,
        text=True,
        env=environment(**wished),
    ).stdout


@pytest.mark.parametrize(
    ("wished", "coloured"),
    [
        ({}, True),
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": ""}, True),
        ({"TERM": "dumb"}, False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
    ],
)
def test_colour_on_a_terminal(policy: Path, wished: dict[str, str], coloured: bool) -> None:
    """A terminal has colours, unless the environment says otherwise."""
    assert bool(ESCAPE.search(audit_on_a_terminal(policy, 100, **wished))) is coloured


@pytest.mark.parametrize(("wished", "coloured"), [({}, False), ({"FORCE_COLOR": "1"}, True)])
def test_colour_in_a_pipe(policy: Path, wished: dict[str, str], coloured: bool) -> None:
    """A pipe has colours only on request, for example in the log of a workflow."""
    assert bool(ESCAPE.search(in_a_pipe(policy, **wished))) is coloured


def test_width(policy: Path) -> None:
    """On a terminal every line fits; in a pipe the same words stand on whole lines."""
    shown = ESCAPE.sub("", audit_on_a_terminal(policy, 60))
    piped = in_a_pipe(policy)

    assert max(map(len, shown.split("\n"))) <= 60
    assert max(map(len, piped.split("\n"))) > 60
    assert shown.split() == piped.split()


def test_the_page(tmp_path: Path) -> None:
    """The page shows what the slips on it are answered with."""
    page = Path(__file__).parents[2] / "docs/command.md"
    _, shown = page.read_text("utf-8").split("```console\n")
    expected = ""
    for line in re.findall(r"^\$ deploy-access (.*)$", shown, re.MULTILINE):
        run = subprocess.run(
            [COMMAND, *line.split()],
            check=False,
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        expected += f"$ deploy-access {line}\n{run.stdout}"

    assert shown.removesuffix("```\n") == expected
