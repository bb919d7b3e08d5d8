"""
The page that leads from an empty account to a running estate, as something to be followed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs" / "going-live.md"

NOT_RUN_HERE = {
    "git clone ": "the test has a copy of this repository, and GitHub is not reached",
    "cd infra": "every block is run there",
    "make setup": "the tests run in what it has installed",
    "source ": "the programs of the virtual environment are on the path already",
    "gh ": "GitHub is not reached; the test does what the page says of it",
    "terraform -chdir=cdktf.out/stacks/account-dev providers lock": (
        "it asks the registry for the builds of two platforms; `init` has written the file for one"
    ),
}
"""How commands begin that are not run, and why not."""

RUN_HERE = ("cp", "deploy-access", "git", "npx", "python", "terraform")
"""The programs that are started."""

_STEP = re.compile(r"^## (\d)\. .*\n((?:(?!^## ).*\n)*)", re.MULTILINE)
_BLOCK = re.compile(r"^```(sh|toml|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """
    A block of a step: commands, a part of `environments.toml`, or what a command says.
    """

    language: str
    text: str

    @property
    def commands(self) -> list[str]:
        """The commands, each in one line."""
        lines = self.text.replace("\\\n", " ").splitlines() if self.language == "sh" else []
        return [line for line in lines if line]

    @property
    def run_here(self) -> list[str]:
        """The commands that the test runs."""
        return [line for line in self.commands if not line.startswith(tuple(NOT_RUN_HERE))]


def read_steps() -> dict[int, list[Block]]:
    """
    Return the blocks of each step, in their order.
    """
    text = PAGE.read_text("utf-8")
    return {
        int(number): [Block(*found) for found in _BLOCK.findall(body)]
        for number, body in _STEP.findall(text)
    }
