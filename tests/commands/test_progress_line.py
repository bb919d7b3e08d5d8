"""The line that says what is done: on a terminal, after a second, and gone in the end."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from estate_files import HEAD
from terminal_runs import environment, on_a_terminal

ROOT = Path(__file__).parents[2]
ERASE = "\x1b[2K"
# Works for a while at what it is told, then prints its result, as the commands do.
PROGRAM = """
import sys, time
from deploy_access.commands.progress_line import progress_line
from deploy_access.activity import ACTIVITY

with progress_line():
    until = time.monotonic() + float(sys.argv[1])
    while time.monotonic() < until:
        ACTIVITY.what = "reading " + sys.argv[2]
        time.sleep(0.01)
    if sys.argv[3:]:
        raise SystemExit(sys.argv[3])
print("done")
"""


def program(seconds: float, what: str = "a.json", *more: str) -> list[str]:
    """Return the command line of a program that works so long."""
    return [sys.executable, "-c", PROGRAM, str(seconds), what, *more]


def screen(printed: str) -> list[str]:
    """Return what is left on the screen: of each line what stands behind its last erasure."""
    return [line.rpartition("\r")[2].removeprefix(ERASE) for line in printed.split("\n")]


def test_it_says_what_is_done_and_goes() -> None:
    """What takes longer than a second is named, and nothing of that is left."""
    printed = on_a_terminal(program(2), 80)

    assert f"\r{ERASE}reading a.json\r{ERASE}" in printed
    assert printed.count("reading a.json") == 1
    assert screen(printed) == ["done", ""]


def test_an_error_stands_alone() -> None:
    """The line goes before an error is printed, too."""
    printed = on_a_terminal(program(2, "a.json", "fatal: it is gone"), 80)

    assert "reading a.json" in printed
    assert screen(printed) == ["fatal: it is gone", ""]


def test_a_short_run_says_nothing() -> None:
    """Within a second there is no line, so that nothing flickers."""
    assert on_a_terminal(program(0.1), 80) == "done\n"


def test_it_is_one_line() -> None:
    """It is cut to the width, and a name of several lines does not draw anywhere else."""
    printed = on_a_terminal(program(2, "a\x1b[2J\n" + "b" * 200), 40)
    (shown,) = re.findall(rf"{re.escape(ERASE)}(reading [^\r]*)", printed)

    assert shown == ("reading a\\u001b[2J\\u000a" + "b" * 200)[:39]


@pytest.mark.parametrize("wished", [{"CI": "true"}, {"TERM": "dumb"}])
def test_where_it_is_not_wanted(wished: dict[str, str]) -> None:
    """A log of CI and a terminal that cannot erase get nothing of it."""
    assert on_a_terminal(program(1.5), 80, **wished) == "done\n"


def test_a_pipe_gets_nothing() -> None:
    """Where the standard error output is no terminal, nothing is written to it."""
    run = subprocess.run(
        program(1.5), check=True, capture_output=True, text=True, env=environment()
    )

    assert (run.stdout, run.stderr) == ("done\n", "")


def test_the_output_may_be_a_file() -> None:
    """The line is for the person at the terminal, also where the report goes into a file."""
    printed = on_a_terminal(program(2), 80, only="stderr")

    assert "reading a.json" in printed
    assert screen(printed) == [""]


SYNTH = """
from pathlib import Path
from stacks.app import synthesize_file
synthesize_file(Path("environments.toml"))
"""


@pytest.mark.slow
def test_a_synthesis_says_which_stack_it_makes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A large estate takes seconds: each stack is named while it is made."""
    services = [
        f'[services.s{number}]\nrepository = "s{number}"\nrepo_id = {number + 2}\n'
        f"[services.s{number}.environments.dev]\n"
        for number in range(300)
    ]
    (tmp_path / "environments.toml").write_text("\n".join([HEAD, *services]), "utf-8")
    monkeypatch.chdir(tmp_path)
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    printed = on_a_terminal([sys.executable, "-c", SYNTH], 80, PYTHONPATH=path)

    assert re.search(rf"{re.escape(ERASE)}making s\d+-dev\r", printed)
    assert screen(printed) == [""]
