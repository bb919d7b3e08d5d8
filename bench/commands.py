"""`audit` and `explain` on ten megabytes: `python -m bench.commands` measures nothing else."""

import json
from collections.abc import Callable
from pathlib import Path

from bench.big_inputs import EVENTS, POLICIES, Json, small_policy
from bench.measure import FOUND, Measurement, measure_answer
from bench.report import commands_table, print_alone

SECONDS = 2.0
"""How long either may take."""
FAILED = 1
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
    return measure_answer(arguments, answers=(0, FAILED, FOUND))


if __name__ == "__main__":
    print_alone(measure_commands, lambda answers: commands_table(answers, SECONDS))
