"""What goes wrong in a step of the actions is one line that names its input, and exit code 1."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, cast

import pytest
from fake_github import FakeGitHub, Json, pull, run_event
from github_server import SCRIPTS, call

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

WRONG: Sequence[object] = (None, True, -1, "", "x", [], [5], {}, {"a": 1})
# Every event in one process: the command, called in a loop, and what it says of each.
LOOP = """\
import json, os, sys
from pathlib import Path
sys.path[:0] = sys.argv[1:3]
from commands import main
for event in json.loads(Path(sys.argv[3]).read_text()):
    Path(os.environ["GITHUB_EVENT_PATH"]).write_text(json.dumps(event))
    code = main(["find"])
    sys.stdout.write(f"exit {code}\\n")
    sys.stdout.flush()
    sys.stderr.write("end\\n")
"""


def fails(run: subprocess.CompletedProcess[str], *said: str) -> None:
    """See that a step failed, in one line, with these words in it."""
    assert (run.returncode, run.stderr.count("\n")) == (1, 1), run.stderr
    assert run.stderr.startswith("fatal: ")
    assert [words for words in said if words not in run.stderr] == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(None, "There is a named pipe", id="pipe"),
        pytest.param(b'{"a": "\xff"}', "UnicodeDecodeError", id="no text"),
        pytest.param(b"[" * 100_000, "RecursionError", id="deep"),
        pytest.param(b"[]", "TypeError", id="list"),
        pytest.param(b"{}", "KeyError: 'pull_request'", id="no event"),
    ],
)
def test_an_event_that_is_none(
    github: FakeGitHub, tmp_path: Path, content: bytes | None, said: str
) -> None:
    """A file that is no event of GitHub's is named, whatever it is instead."""
    given = tmp_path / "given"
    if content is None:
        os.mkfifo(given)
    else:
        given.write_bytes(content)

    fails(call(github, "find", tmp_path, GITHUB_EVENT_PATH=str(given)), said, str(given))


@pytest.mark.parametrize(
    ("command", "given", "said"),
    [
        ("", {}, ["no such command", "find, fetch, carry, report, error, deployed"]),
        ("fetch", {}, ["'RUN_ID'"]),
        ("fetch", {"RUN_ID": "x", "ARTIFACT": "head", "FOLDER": "out"}, ["RUN_ID=x", "'x'"]),
        ("deployed", {"WORKFLOW": "deploy.yml"}, ["'HARMLESS_JOB'"]),
        ("find", {"GITHUB_OUTPUT": "/"}, ["Is a directory: '/'"]),
        ("find", {"GITHUB_API_URL": "x"}, ["unknown url type", "GITHUB_EVENT_PATH="]),
    ],
)
def test_variables_that_are_wrong(
    github: FakeGitHub, tmp_path: Path, command: str, given: dict[str, str], said: list[str]
) -> None:
    """A variable that is missing, or holds something else, is named."""
    fails(call(github, command, tmp_path, **given), *said)


def test_a_review_that_is_none(github: FakeGitHub, tmp_path: Path) -> None:
    """The file with the review is a regular file, as the event is."""
    github.pulls = [pull()]
    given = {"COMMENT": "true", "STATUS": "", "GUARD": "", "EXIT_CODE": "0"}

    fails(call(github, "report", tmp_path, None, **given, REVIEW="/dev/zero"), "'/dev/zero'")


def test_github_that_does_not_answer(github: FakeGitHub, tmp_path: Path) -> None:
    """A host that is not there is said as any refusal of GitHub's is."""
    given = {"GITHUB_API_URL": "http://127.0.0.1:1"}

    run = call(github, "find", tmp_path, run_event(), **given)

    assert (run.returncode, run.stdout.count("\n"), run.stderr) == (1, 1, "")
    assert run.stdout.startswith("::error::GitHub does not answer to GET pulls?")


def test_the_traceback_is_there_for_who_asks(github: FakeGitHub, tmp_path: Path) -> None:
    """With the variable set, the place where the error arose stands before the line."""
    run = call(github, "find", tmp_path, {"a": 1}, DEPLOY_ACCESS_TRACEBACK="1")

    assert run.stderr.startswith("Traceback (most recent call last):\n")
    assert run.stderr.splitlines()[-1].startswith("fatal: ")


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_streams_that_are_closed(tmp_path: Path, closed: str) -> None:
    """A closed stream is no reason for a traceback, and no other file takes its place."""
    run = subprocess.run(
        ["sh", "-c", f'exec "$0" -S "$1" find {closed}', sys.executable, str(SCRIPTS)],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ["PATH"], "GITHUB_EVENT_PATH": "/dev/zero"},
        cwd=tmp_path,
    )

    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr.count("\n") == ("2>&-" not in closed)


def mutated(value: object) -> Iterator[object]:
    """Put each wrong value in the place of each part of *value*, and leave each key out."""
    yield from WRONG
    if isinstance(value, dict):
        parts = cast("Json", value)
        for key, part in parts.items():
            yield {name: other for name, other in parts.items() if name != key}
            yield from ({**parts, key: wrong} for wrong in mutated(part))


@pytest.mark.slow
def test_events_with_anything_anywhere(github: FakeGitHub, tmp_path: Path) -> None:
    """An event with any value in the place of any other ends with a line, or is none to review."""
    github.pulls = [pull()]
    pull_request: Json = {"pull_request": pull(), "repository": {"default_branch": "main"}}
    events = [*mutated(run_event()), *mutated(pull_request)]
    (tmp_path / "events").write_text(json.dumps(events), "utf-8")

    said, failed = answers(github, tmp_path)

    assert len(said) == len(events)
    assert set(said) <= {"exit 0", "exit 1"}
    assert len(failed) == len(events)
    assert all(len(lines) <= 1 for lines in failed)
    assert all(line.startswith("fatal: ") for lines in failed for line in lines)


def answers(github: FakeGitHub, folder: Path) -> tuple[list[str], list[list[str]]]:
    """Run all events in one process: the exit code of each, and what each says when it fails."""
    run = subprocess.run(
        [sys.executable, "-c", LOOP, str(SCRIPTS), str(SCRIPTS.parents[2]), str(folder / "events")],
        capture_output=True,
        text=True,
        check=True,
        env={
            "PATH": os.environ["PATH"],
            "GITHUB_API_URL": github.url,
            "GITHUB_REPOSITORY": "acme/deploy-access",
            "GITHUB_TOKEN": "token",
            "GITHUB_OUTPUT": str(folder / "outputs"),
            "GITHUB_EVENT_PATH": str(folder / "event.json"),
        },
    )
    codes = [line for line in run.stdout.splitlines() if line.startswith("exit ")]
    return codes, [part.splitlines() for part in run.stderr.split("end\n")[:-1]]
