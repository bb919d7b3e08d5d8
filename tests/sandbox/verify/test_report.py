"""The tables of the sandbox fit the terminal, and are whole in a file."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from sandbox.cli import WIDE
from sandbox.progress import Display
from sandbox.verify.report import render_trusts, render_verification
from sandbox.verify.role_trust import RoleTrust
from sandbox.verify.verification import Verification

SUBJECT = "repo:acme@123456/a-repository-with-a-long-name@456789:ref:refs/heads/feature/*"
TRUSTS = [
    RoleTrust(
        role="a-service-with-a-long-name-production-deploy",
        account="111122223333",
        subject=SUBJECT,
        match="StringLike",
        claims={"job_workflow_ref": ("acme/ci/.github/workflows/deploy.yml@refs/heads/main",)},
    )
]
FOUND = Verification(
    compared=(), differences=("x " * 100,), unread=(), unserved=(), trusts=tuple(TRUSTS)
)

# What moves the cursor, which takes no room.
_ESCAPE = re.compile(r"\x1b\[[0-9?]*[A-Za-z]")


def printed(columns: int, *, is_terminal: bool) -> list[str]:
    """Print what `verify` finds and what a step says, and return the lines."""
    file = io.StringIO()
    console = Console(file=file, width=columns, force_terminal=is_terminal, color_system=None)
    console.print(render_trusts(TRUSTS))
    for part in render_verification(FOUND):
        console.print(part)
    display = Display(console)
    display.say("The sandbox " + "keeps running " * 20)
    display.begin("apply", "web-prod")
    display.finish("apply", "web-prod", "2 to add " * 20)
    return [_ESCAPE.sub("", line).rstrip() for line in file.getvalue().splitlines()]


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_a_terminal(columns: int) -> None:
    """No line is longer than the terminal is wide, and nothing is left out."""
    lines = printed(columns, is_terminal=True)

    assert max(map(len, lines)) <= columns
    assert "…" not in "".join(lines)


def test_a_file() -> None:
    """A row of a table and a sentence are one line each, as wide as they are."""
    lines = printed(WIDE, is_terminal=False)

    assert any(SUBJECT in line and "job_workflow_ref=acme/ci" in line for line in lines)
    assert "The sandbox " + ("keeps running " * 20).strip() in lines
