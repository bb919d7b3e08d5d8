"""A report in the width of a terminal, over generated lines."""

from __future__ import annotations

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy_access.report.terminal_lines import NARROWEST, fit_lines

WORDS = st.text("abc:/=+-", min_size=1, max_size=30)
SENTENCES = st.builds(
    "{}{}{}".format,
    st.integers(0, 8).map(lambda width: " " * width),
    st.sampled_from(["", "+ ", "~ ", "= why: ", "help: ", "--> "]),
    st.lists(WORDS, min_size=1, max_size=30).map(" ".join),
)
COLUMNS = st.integers(NARROWEST, 200)


@given(SENTENCES, COLUMNS)
def test_nothing_is_lost(line: str, columns: int) -> None:
    """The words are the same, in their order, and none is broken."""
    assert fit_lines(line, columns).split() == line.split()


@given(SENTENCES, COLUMNS)
def test_each_row_fits(line: str, columns: int) -> None:
    """A row is too long only when one word does not fit."""
    for row in fit_lines(line, columns).split("\n"):
        assert len(row) <= columns or len(row.split()) == 1


@given(SENTENCES, COLUMNS)
def test_colours_take_no_room(line: str, columns: int) -> None:
    """A coloured line is broken where the plain one is."""
    coloured = click.style(line, fg="red", bold=True)

    assert click.unstyle(fit_lines(coloured, columns)) == fit_lines(line, columns)


@given(st.text("abc:/ ", min_size=1, max_size=300), st.data(), COLUMNS)
def test_a_mark_stays_below_its_place(value: str, data: st.DataObject, columns: int) -> None:
    """Of a quoted line that is too long the marked part is shown, with the mark below it."""
    place = data.draw(st.integers(0, len(value) - 1))
    line = f"   | {value[:place]}X{value[place + 1 :]}"
    mark = f"   | {' ' * place}^"

    shown, below = fit_lines(f"{line}\n{mark}", columns).split("\n")

    assert max(len(shown), len(below)) <= columns
    assert shown[below.index("^")] == "X"


def test_a_narrow_terminal() -> None:
    """Rows of a few letters would be no easier to read."""
    line = "a sentence of several words " * 4

    assert fit_lines(line, NARROWEST - 1) == line


@pytest.mark.parametrize(
    ("line", "rows"),
    [
        (
            "   = why: Any branch can name it, unless its rules say otherwise.",
            ["   = why: Any branch can name it, unless", "     its rules say otherwise."],
        ),
        (
            "  help: Trust the repository, then this alone.",
            ["  help: Trust the repository, then this", "        alone."],
        ),
        (
            "    + may use s3:GetObject on arn:aws:s3:::bucket/*",
            ["    + may use s3:GetObject on", "      arn:aws:s3:::bucket/*"],
        ),
        (
            "         Python  GithubRepo('acme/web').branch('feature')",
            ["         Python", "                 GithubRepo('acme/web').branch('feature')"],
        ),
    ],
)
def test_rows_are_aligned(line: str, rows: list[str]) -> None:
    """What follows stands under the words, not under the mark."""
    assert fit_lines(line, NARROWEST).split("\n") == rows
