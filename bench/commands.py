"""`audit` and `explain` on ten megabytes: `python -m bench.commands` measures nothing else."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from bench.big_inputs import EVENTS, POLICIES, Json, small_policy
from bench.measure import Measurement, measure
from bench.report import commands_table

SECONDS = 2.0
"""How long either may take."""
FOUND, FAILED = 10, 1
_RUN = ("--repo", "acme/web", "--branch", "main")

Answers = dict[str, dict[str, Measurement]]


def measure_commands(folder: Path, say: Callable[[str], None]) -> Answers:
    """Give every big file to both commands."""
    answers: Answers = {}
    small = _written(folder / "small.json", small_policy())
    for name, make in POLICIES.items():
        say(name)
        file = _written(folder / "big.json", make())
        audit, explain = ["audit", file], ["explain", *_RUN, "--policy", file]
        answers[name] = {"audit": _measured(audit), "explain": _measured(explain)}
    for name, make in EVENTS.items():
        say(name)
        file = _written(folder / "big.json", make())
        answers[name] = {"explain": _measured(["explain", "--event", file, "--policy", small])}
    return answers


def _written(file: Path, content: Json) -> str:
    file.write_text(json.dumps(content), encoding="utf-8")
    return str(file)


def _measured(arguments: list[str]) -> Measurement:
    code = "from deploy_access.cli import main; main()"
    return measure([sys.executable, "-c", code, *arguments], {}, answers=(0, FAILED, FOUND))


def main() -> None:
    """Measure and print."""
    console = Console()
    with TemporaryDirectory() as folder, console.status("") as status:
        answers = measure_commands(Path(folder), status.update)
    console.print(commands_table(answers, SECONDS))


if __name__ == "__main__":
    main()
