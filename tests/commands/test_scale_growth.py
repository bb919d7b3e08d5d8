"""What a command costs for one more stack, in calls of functions: a count, not a time."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from bench.review_estate import write_estate
from deploy_access.cli import main
from deploy_access.iam.documents import read_policy

if TYPE_CHECKING:
    from pathlib import Path
    from types import FrameType

SMALL, LARGE = 8, 16
LINEAR = 1.1


def calls_of(*words: str) -> Counter[str]:
    """Run a command; count the functions that it calls, and the policies that it reads."""
    counts: Counter[str] = Counter()

    def counted(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call":
            counts["functions"] += 1
            counts["policies"] += frame.f_code is read_policy.__code__

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        result = CliRunner().invoke(main, words)
    finally:
        sys.setprofile(before)
    assert result.exit_code in {0, 10}, result.output
    return counts


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("audit", "AFTER"), id="audit"),
        pytest.param(("review", "BEFORE", "AFTER"), id="review"),
        pytest.param(("waves", "BEFORE", "AFTER"), id="waves"),
        pytest.param(("workflow", "--out", "AFTER"), id="workflow"),
    ],
)
def test_each_stack_costs_the_same(tmp_path: Path, words: tuple[str, ...]) -> None:
    """For 16 stacks a command does at most twice as much as for 8."""

    def calls(size: int) -> Counter[str]:
        places = {
            name: str(write_estate(tmp_path / f"{size}-{name}", size, version=version))
            for version, name in enumerate(("BEFORE", "AFTER"), 1)
        }
        return calls_of(*(places.get(word, word) for word in words))

    calls(1)  # to import what the command needs, and to fill what it keeps
    few, many = calls(SMALL), calls(LARGE)

    for what, limit in (("functions", LINEAR), ("policies", 1)):
        assert many[what] <= 2 * few[what] * limit, (what, few, many)
