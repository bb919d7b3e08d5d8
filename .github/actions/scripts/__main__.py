"""
The entry point of the actions' steps: `python3 .github/actions/scripts COMMAND`.

All values come from the environment: an expression of GitHub inside of a shell command could run
code.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api import GitHub
from artifact import fetch
from deployed import deployed_commit
from pull_request import find
from refused import Refused
from report import Wishes, report, set_error

if TYPE_CHECKING:
    from collections.abc import Callable

    from pull_request import PullRequest

GIVEN = os.environ


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
    run, name, folder = int(GIVEN["RUN_ID"]), GIVEN["ARTIFACT"], Path(GIVEN["FOLDER"])
    count = fetch(GitHub.from_environment(), run, name, folder)
    _say(f"{name}: {count} files.")
    return 0


def _report() -> int:
    """Report the review on the pull request."""
    pull = _pull_request()
    if pull is None:
        _say("The pull request has a newer commit by now, or is closed.")
        return 0
    review = Path(GIVEN["REVIEW"]).read_text(encoding="utf-8")
    code = int(GIVEN["EXIT_CODE"])
    return report(GitHub.from_environment(), pull, _wishes(), review=review, exit_code=code)


def _error() -> int:
    """Report that there is no review."""
    pull = _pull_request()
    if pull is not None:
        set_error(GitHub.from_environment(), pull, _wishes())
    return 0


def _deployed() -> int:
    """Write the commit that is deployed as an output."""
    commit = deployed_commit(
        GitHub.from_environment(),
        GIVEN["WORKFLOW"],
        GIVEN["GITHUB_REF_NAME"],
        this_run=int(GIVEN["GITHUB_RUN_ID"]),
        harmless=GIVEN["HARMLESS_JOB"],
    )
    _output("commit", commit)
    _say(f"Deployed: {commit}.")
    return 0


COMMANDS: dict[str, Callable[[], int]] = {
    "find": _find,
    "fetch": _fetch,
    "report": _report,
    "error": _error,
    "deployed": _deployed,
}


def main(command: str) -> int:
    """Run a command, and return the exit code."""
    try:
        return COMMANDS[command]()
    except Refused as refused:
        _say(f"::error::{refused}")
        return 1


def _pull_request() -> PullRequest | None:
    event: Any = json.loads(Path(GIVEN["GITHUB_EVENT_PATH"]).read_text(encoding="utf-8"))
    return find(event, GitHub.from_environment())


def _wishes() -> Wishes:
    return Wishes(
        comment=GIVEN["COMMENT"] == "true",
        context=GIVEN["STATUS"],
        guard=tuple(GIVEN["GUARD"].split()),
        run_url=f"{GIVEN['GITHUB_SERVER_URL']}/{GIVEN['GITHUB_REPOSITORY']}"
        f"/actions/runs/{GIVEN['GITHUB_RUN_ID']}",
    )


def _output(name: str, value: str) -> None:
    with Path(GIVEN["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as file:
        file.write(f"{name}={value}\n")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
