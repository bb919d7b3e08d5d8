"""
The commands of the actions' steps.

All values come from the environment: an expression of GitHub inside of a shell command could run
code.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from api import GitHub
from artifact import fetch
from carrying import carry
from deployed import deployed_commit
from pull_request import find
from refused import Refused
from report import Wishes, report, say_there_is_none

from deploy_access.commands.last_resort import (
    open_standard_streams,
    print_traceback,
    unforeseen,
)
from deploy_access.errors import DeployAccessError, InvalidValue, Problem
from deploy_access.input_file import read_given
from deploy_access.json_text import parse_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from pull_request import PullRequest

INTERRUPTED = 130
"""The exit code that shells have for a program that Ctrl-C has ended."""


def _find() -> int:
    """Write the pull request of this event as outputs."""
    pull = _pull_request()
    _output("found", "false" if pull is None else "true")
    if pull is not None:
        _output("number", str(pull.number))
        _output("head-sha", pull.head_sha)
        _output("base-sha", pull.base_sha)
    _say("There is nothing to review." if pull is None else f"Pull request #{pull.number}.")
    return 0


def _fetch() -> int:
    """Unpack an artifact."""
    run, name, folder = int(_given("RUN_ID")), _given("ARTIFACT"), Path(_given("FOLDER"))
    count = fetch(GitHub.from_environment(), run, name, folder)
    _say(f"{name}: {count} files.")
    return 0


def _carry() -> int:
    """Copy what the next job needs."""
    count = carry(Path(_given("OUT")), Path(_given("FOLDER")))
    _say(f"{count} files.")
    return 0


def _report() -> int:
    """Report the review on the pull request."""
    pull = _pull_request()
    if pull is None:
        _say("The pull request has a newer commit by now, or is closed.")
        return 0
    review = read_given(_given("REVIEW")).decode()
    code = int(_given("EXIT_CODE"))
    return report(GitHub.from_environment(), pull, _wishes(), review=review, exit_code=code)


def _error() -> int:
    """Report that there is no review."""
    pull = _pull_request(failed=True)
    if pull is not None:
        say_there_is_none(GitHub.from_environment(), pull, _wishes())
    return 0


def _deployed() -> int:
    """Write the commit that is deployed as an output."""
    commit = deployed_commit(
        GitHub.from_environment(),
        _given("WORKFLOW"),
        _given("GITHUB_REF_NAME"),
        this_run=int(_given("GITHUB_RUN_ID")),
        harmless=_given("HARMLESS_JOB"),
    )
    _output("commit", commit)
    _say(f"Deployed: {commit}.")
    return 0


class Command(NamedTuple):
    """
    One command.

    Attributes:
        run: The function that does it and returns the exit code.
        inputs: The variables that name what the command reads.
    """

    run: Callable[[], int]
    inputs: tuple[str, ...]


COMMANDS = {
    "find": Command(_find, ("GITHUB_EVENT_PATH",)),
    "fetch": Command(_fetch, ("RUN_ID", "ARTIFACT", "FOLDER")),
    "carry": Command(_carry, ("OUT", "FOLDER")),
    "report": Command(_report, ("GITHUB_EVENT_PATH", "REVIEW", "EXIT_CODE")),
    "error": Command(_error, ("GITHUB_EVENT_PATH",)),
    "deployed": Command(_deployed, ("WORKFLOW", "GITHUB_REF_NAME", "GITHUB_RUN_ID")),
}


def main(words: list[str]) -> int:
    """Run the command that *words* name, and return the exit code; every failure is one line."""
    open_standard_streams()
    name = " ".join(words)
    try:
        return _command(name).run()
    except Refused as refused:
        _say(f"::error::{refused}")
    except DeployAccessError as error:
        _fail(str(error), error)
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last resort
        _fail(unforeseen(error, " ".join([name, *_inputs(name)])), error)
    return 1


def _command(name: str) -> Command:
    if name not in COMMANDS:
        raise InvalidValue(
            Problem(
                what="The actions have no such command.",
                given=name,
                why="A step runs one command.",
                fix=f"Name one of {', '.join(COMMANDS)}.",
            )
        )
    return COMMANDS[name]


def _inputs(name: str) -> list[str]:
    return [f"{variable}={os.environ.get(variable, '')}" for variable in COMMANDS[name].inputs]


def _fail(line: str, error: Exception) -> None:
    print_traceback(error)
    sys.stderr.write(f"fatal: {line}\n")


def _given(name: str) -> str:
    """Return a variable of the environment."""
    if name not in os.environ:
        raise InvalidValue(
            Problem(
                what="A variable is missing in the environment.",
                given=name,
                why="An action hands everything to its steps in variables.",
                fix="Set it in `env:` of the step.",
            )
        )
    return os.environ[name]


def _pull_request(*, failed: bool = False) -> PullRequest | None:
    event: Any = parse_text(read_given(_given("GITHUB_EVENT_PATH"))).content
    return find(event, GitHub.from_environment(), failed=failed)


def _wishes() -> Wishes:
    return Wishes(
        comment=_given("COMMENT") == "true",
        context=_given("STATUS"),
        guard=tuple(_given("GUARD").split()),
        run_url=f"{_given('GITHUB_SERVER_URL')}/{_given('GITHUB_REPOSITORY')}"
        f"/actions/runs/{_given('GITHUB_RUN_ID')}",
    )


def _output(name: str, value: str) -> None:
    with Path(_given("GITHUB_OUTPUT")).open("a", encoding="utf-8") as file:
        file.write(f"{name}={value}\n")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
