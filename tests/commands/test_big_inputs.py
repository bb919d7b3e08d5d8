"""What twice as large an input costs, in calls of functions, in every shape that takes long."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from test_scale_growth import calls_of

from bench import big_inputs

if TYPE_CHECKING:
    from pathlib import Path

RUN = ("--repo", "acme/web", "--branch", "main")
# Of the file, and of one policy in it: so few that no limit of a report hides what grows.
SMALL = (15_000, 3_000)
# Before counting, so that what the command needs is imported.
TINY = 0.1
# Twice, and room for what the tiny input has put into caches already.
TWICE = 2.3


@pytest.fixture(name="answers")
def _answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Answers:
    return Answers(tmp_path, monkeypatch)


class Answers:
    """Commands and how many functions they call for an input of a size."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self._folder, self._patch = folder, patch

    def calls(self, name: str, words: tuple[str, ...], times: float) -> int:
        """Count for an input that is *times* as large as the small one."""
        for constant, value in zip(("SIZE", "LONGEST"), SMALL, strict=True):
            self._patch.setattr(big_inputs, constant, int(value * times))
        make = {**big_inputs.POLICIES, **big_inputs.EVENTS}[name]
        file = self._folder / f"{name} {times}.json"
        file.write_text(json.dumps(make()), "utf-8")
        small = self._folder / "small.json"
        small.write_text(json.dumps(big_inputs.small_policy()), "utf-8")
        places = {"FILE": str(file), "SMALL": str(small)}
        return calls_of(*(places.get(word, word) for word in words))["functions"]


CASES = [
    *((name, ("audit", "FILE")) for name in big_inputs.POLICIES),
    *(
        (name, ("explain", *RUN, "--policy", "FILE"))
        for name in big_inputs.POLICIES
        if name != "deep nesting"  # which has no role
    ),
    *((name, ("explain", "--event", "FILE", "--policy", "SMALL")) for name in big_inputs.EVENTS),
]


@pytest.mark.parametrize(("name", "words"), CASES)
def test_twice_as_much_costs_twice(answers: Answers, name: str, words: tuple[str, ...]) -> None:
    """Nothing is compared with all others, within a policy or among policies."""
    answers.calls(name, words, TINY)
    once, twice = answers.calls(name, words, 1), answers.calls(name, words, 2)

    assert twice <= TWICE * once, (once, twice)
