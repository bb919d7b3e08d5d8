"""The page of the first hour, as steps to be followed: commands, what they print, and changes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "first-hour.md"

NOT_RUN_HERE = {
    "python3 -m venv tools": "the test has made an environment, by uv",
    "source tools/bin/activate": "its programs are on the path",
    'pip install "deploy-access[constructs,sandbox]"': "uv has installed the wheel of this clone",
}
"""Commands that are not run, and why not."""

_BLOCK = re.compile(r"^```(sh|console|diff)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LEFT_OUT = "…"


@dataclass(frozen=True, slots=True)
class Block:
    """
    A block of the page.

    Attributes:
        language: `sh` for commands, `console` for one command and its output, `diff` for a change.
        text: What stands between the fences.
    """

    language: str
    text: str

    @property
    def commands(self) -> list[str]:
        """The commands that are run."""
        if self.language == "console":
            return [self.text.partition("\n")[0].removeprefix("$ ")]
        lines = self.text.splitlines() if self.language == "sh" else []
        return [line for line in lines if line not in NOT_RUN_HERE]

    @property
    def is_refused(self) -> bool:
        """Whether its command is shown to fail."""
        return "error[" in self.text

    def is_printed(self, output: str) -> bool:
        """Whether *output* is what is shown, but for columns and what `…` leaves out."""
        shown = self.text.partition("\n")[2].split(_LEFT_OUT)
        pattern = ".*".join(re.escape(_words(part)) for part in shown)
        return re.fullmatch(pattern, _words(output)) is not None

    def applied(self, text: str) -> str:
        """Return *text* with the change of a diff."""
        lines = self.text.splitlines()
        (before,) = (line[1:] for line in lines if line.startswith("-"))
        (after,) = (line[1:] for line in lines if line.startswith("+"))
        assert text.count(f"{before}\n") == 1, before
        return text.replace(before, after)


def read_blocks() -> list[Block]:
    """Return the blocks in their order."""
    return [Block(*found) for found in _BLOCK.findall(PAGE.read_text("utf-8"))]


def _words(text: str) -> str:
    return " ".join(text.split())
