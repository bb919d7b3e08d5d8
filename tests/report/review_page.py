"""
The page of `review`: its pull requests, synthesized and reviewed for real.

`python tests/report/review_page.py` writes what they come to into the page.
"""

from __future__ import annotations

import re
import sys
import tempfile
from contextlib import chdir
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from click.testing import CliRunner
from synthesized import synth_file

from deploy_access.cli import main

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/review.md"
_DIFF = re.compile(r"```diff\n(.*?)```", re.DOTALL)
_SHOWN = re.compile(
    r"(?<=````markdown\n).*?(?=````\n)|(?<=```console\n)\$ deploy-access .*?(?=```\n)", re.DOTALL
)
# These are about files that lie beside the tests, of which the page shows what comes out.
_OF_FILES = re.compile(r"^\$ deploy-access (review tests/.*)$", re.MULTILINE)


def shown(page: str) -> list[str]:
    """List what the page shows: the comment on each pull request, the text on the last, files."""
    return _SHOWN.findall(page)


def reviewed(page: str, folder: Path) -> list[str]:
    """List what comes out."""
    toml = (ROOT / "environments.toml").read_text("utf-8")
    _synthesize(toml, folder / "base")
    comments: list[str] = []
    last = ""
    for diff in _DIFF.findall(page):
        head = Path(tempfile.mkdtemp(dir=folder))
        _synthesize(applied(toml, diff), head)
        comments.append(_review(head, "--format", "markdown"))
        last = _review(head)
    return [*comments, last, *map(_of_files, _OF_FILES.findall(page))]


def applied(text: str, diff: str) -> str:
    """Apply a diff whose parts begin with `@@` each."""
    for part in diff.split("@@\n")[1:]:
        lines = part.splitlines(keepends=True)
        before = "".join(line[1:] for line in lines if line[0] in " -")
        after = "".join(line[1:] for line in lines if line[0] in " +")
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    return text


def _synthesize(toml: str, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "environments.toml").write_text(toml, "utf-8")
    synth_file(folder / "environments.toml", folder / "cdktf.out")


def _of_files(command: str) -> str:
    with chdir(ROOT):
        found = CliRunner().invoke(main, command.split(), catch_exceptions=False)
    return f"$ deploy-access {command}\n{found.stdout}"


def _review(head: Path, *options: str) -> str:
    with chdir(head):
        arguments = ["review", "../base/cdktf.out", "cdktf.out", *options]
        found = CliRunner().invoke(main, arguments, catch_exceptions=False)
    typed = "" if options else f"$ deploy-access {' '.join(arguments)}\n"
    assert found.exit_code == 0, found.output
    return f"{typed}{found.stdout}"


if __name__ == "__main__":
    text = PAGE.read_text("utf-8")
    with tempfile.TemporaryDirectory() as scratch:
        fresh = iter(reviewed(text, Path(scratch)))
    PAGE.write_text(_SHOWN.sub(lambda _: next(fresh), text), "utf-8")
