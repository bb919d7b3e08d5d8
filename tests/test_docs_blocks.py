"""
Every code block of the pages is run or judged by a test, or says why it is not run here.

`docs_blocks.toml` says which. A row under `run` names the test of a page's blocks in one language;
one under `not_run` names a block, and the reason.
"""

from __future__ import annotations

import re
import shlex
import textwrap
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pytest

from deploy_access.cli import main
from deploy_access.commands.sandbox import STEPS

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
PAGES = sorted(
    str(page.relative_to(ROOT))
    for folder in ("*.md", "docs/*.md", "examples/**/README.md")
    for page in ROOT.glob(folder)
)
LEDGER: dict[str, list[dict[str, Any]]] = tomllib.loads(
    Path(__file__).with_name("docs_blocks.toml").read_text("utf-8")
)
RUN, NOT_RUN = LEDGER["run"], LEDGER["not_run"]
# One more is a decision, and not a way to pass: mostly a block can be run, or judged.
NOT_RUN_AT_MOST = 22
# Programs of their own, which parse what is behind their name.
PROGRAMS = {"sandbox", "synth"}
SHELLS = {"sh", "bash", "console"}
# How a test reads the pages that it does not name.
ALL_PAGES = 'ROOT / "docs").glob("*.md")'
MAKEFILES = (ROOT / "Makefile", ROOT / "deploy_access/new_project/files/Makefile")

_FENCE = re.compile(r"^( *)(`{3,})([\w-]*)\n(.*?)^\1\2$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """
    A code block of a page.

    Attributes:
        page: The file, from the root of the repository.
        language: The word behind the fence, or "".
        text: What stands between the fences.
    """

    page: str
    language: str
    text: str

    @property
    def first(self) -> str:
        """The first line."""
        return self.text.partition("\n")[0]

    def __str__(self) -> str:
        return f"{self.page}, {self.language}: {self.first[:60]}"

    def is_of(self, row: dict[str, Any]) -> bool:
        """Whether a row of the ledger is about the block."""
        of_page = (self.page, self.language) == (row["page"], row["language"])
        return of_page and self.text.startswith(beginnings(row))

    def commands(self) -> Iterator[list[str]]:
        """Yield the words of each command, if it is of a shell."""
        text = self.text.replace("\\\n", " ")
        if self.language == "console":
            text = "\n".join(re.findall(r"^ *\$ (.*)$", text, re.MULTILINE))
        if self.language in SHELLS:
            yield from (words for line in text.splitlines() if (words := _words(line)))


def beginnings(row: dict[str, Any]) -> tuple[str, ...]:
    """Return how the blocks of a row begin; one that is empty is the beginning of any."""
    first: str | list[str] = row.get("first", "")
    return (first,) if isinstance(first, str) else tuple(first)


def _words(line: str) -> list[str]:
    words = shlex.split(line, comments=True)
    ends = [number for number, word in enumerate(words) if word in {">", "|"}]
    return words[: ends[0]] if ends else words


def read_blocks() -> list[Block]:
    """Return the blocks of all pages."""
    return [
        Block(page, found[3], textwrap.dedent(found[4]).lstrip("\n"))
        for page in PAGES
        for found in _FENCE.finditer((ROOT / page).read_text("utf-8"))
    ]


BLOCKS = read_blocks()


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_a_block_is_claimed_once(block: Block) -> None:
    """A row names the test that runs the block, or says why none does."""
    rows = [row for row in [*RUN, *NOT_RUN] if block.is_of(row)]

    assert len(rows) == 1, (
        f"{len(rows)} rows of tests/docs_blocks.toml are about this block. Let a test run it, or"
        " judge it, and name the test in a row under `run`. If it cannot be run here, add a row"
        " under `not_run` with the reason."
    )


@pytest.mark.parametrize(
    "row", [*RUN, *NOT_RUN], ids=lambda row: f"{row['page']}, {row['language']}"
)
def test_a_row_has_its_blocks(row: dict[str, Any]) -> None:
    """A row whose blocks are gone goes, too; of several beginnings each is one block."""
    for first in beginnings(row):
        found = [block for block in BLOCKS if block.is_of({**row, "first": first})]
        assert found, f"No block begins so: take the row out, or correct it. {first!r} of {row}"
        assert not first or len({block.text for block in found}) == 1, first


@pytest.mark.parametrize("row", RUN, ids=lambda row: f"{row['page']}, {row['language']}")
def test_the_named_test_reads_the_page(row: dict[str, Any]) -> None:
    """The test is there, and its file, or the module that it reads pages by, names the page."""
    file, _, name = row["test"].partition("::")
    source = (ROOT / file).read_text("utf-8")
    assert f"\ndef {name}(" in source, row["test"]
    reader = row.get("reader")
    if reader:
        assert re.search(rf"^from {Path(reader).stem} import ", source, re.MULTILINE), reader
        source = (ROOT / reader).read_text("utf-8")

    page = Path(row["page"])
    assert f'{page.name}"' in source or (page.parent.name == "docs" and ALL_PAGES in source)


def test_what_is_not_run_has_a_reason() -> None:
    """Each reason is a sentence, and there are no more of them than were agreed on."""
    assert [row for row in NOT_RUN if not re.fullmatch(r"[A-Z`].{20,}\.", row["reason"])] == []
    assert len(NOT_RUN) <= NOT_RUN_AT_MOST


OURS = [(block, words) for block in BLOCKS for words in block.commands()]


@pytest.mark.parametrize(
    ("block", "words"),
    [
        pytest.param(block, words[1:], id=f"{block.page}: {' '.join(words)[:60]}")
        for block, words in OURS
        if words[0] == "deploy-access" and "audti" not in words
    ],
)
def test_the_command_takes_it(block: Block, words: list[str]) -> None:
    """Where a page has a command of ours, run or not, command and options exist."""
    context = click.Context(main, info_name="deploy-access")
    command = main.get_command(context, words[0])
    assert command is not None, block
    if words[0] in PROGRAMS:
        assert set(words[1:2]) <= set(STEPS)
        return
    # A value may be of files that are not here: names of options count.
    parser = command.make_parser(click.Context(command, info_name=words[0], parent=context))
    parser.parse_args(words[1:])  # fails for an option that is unknown, or has no value


@pytest.mark.parametrize(
    "goal", sorted({words[1] for _, words in OURS if words[0] == "make" and words[1:]})
)
def test_make_has_the_goal(goal: str) -> None:
    """What the pages ask `make` for is in the Makefile here, or in that of a new project."""
    goals = {
        name
        for file in MAKEFILES
        for name in re.findall(r"^([a-z-]+):", file.read_text("utf-8"), re.MULTILINE)
    }

    assert goal in goals
