"""Damaged HCL is read, or refused in one sentence; nothing else ever comes of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deploy_access.cli import main

if TYPE_CHECKING:
    from hypothesis.strategies import DataObject

MODULES = [
    path.read_text("utf-8") for path in sorted((Path(__file__).parent / "hcl_modules").glob("*.tf"))
]
# What opens or closes something, which a cut or a copy leaves alone.
SIGNS = [
    '"',
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "${",
    "%{",
    "~}",
    "<<E\n",
    "/*",
    "#",
    "\\",
    "\n",
    "=",
    ",",
]
MOST = 400
"""The characters of a piece that is taken out or put in twice."""


def damaged(source: str, data: DataObject) -> str:
    """Take a piece out, put one in twice, put a sign in, or cut the rest off."""
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(source)))
        end = min(len(source), at + data.draw(st.integers(0, MOST)))
        source = data.draw(
            st.sampled_from(
                [
                    source[:at] + source[end:],
                    source[:end] + source[at:],
                    source[:at] + data.draw(st.sampled_from(SIGNS)) + source[at:],
                    source[:at],
                ]
            )
        )
    return source


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data(), source=st.sampled_from(MODULES))
def test_a_finding_or_one_line(tmp_path: Path, data: DataObject, source: str) -> None:
    """The audit ends with its counts or with one line, and never with a traceback."""
    (tmp_path / "main.tf").write_text(damaged(source, data), "utf-8")

    found = CliRunner().invoke(main, ["audit", str(tmp_path)])

    if found.exit_code == 1:
        assert (found.stdout, found.stderr.count("\n")) == ("", 1), found.stderr
        assert found.stderr.startswith("fatal: The file is no HCL."), found.stderr
    else:
        assert found.exit_code in {0, 10}, found.output
        assert " read" in found.stdout.splitlines()[-1]
