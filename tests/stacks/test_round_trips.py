"""
How often Python asks Node for one more stack: a count, since times differ between machines.

Each call costs about 0.7 ms of CPU on both sides together, and they are most of synthesis.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bench.estate import fill  # isort: skip - before cdktf: it makes Node start fast
from cdktf import App, TerraformStack
from estate_files import ECS, HEAD, load, service

from bench.round_trips import counted_round_trips
from stacks.stack_builder import build_stacks

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import TypeAlias

    Make: TypeAlias = Callable[[App, Path, int], None]
    Count: TypeAlias = Callable[[Make, int], int]


def the_benchmark(app: App, folder: Path, stacks: int) -> None:
    """Make stacks that other programs fill: what is known of them has to be asked."""
    del folder
    for number in range(stacks):
        fill(TerraformStack(app, f"s{number}"), f"s{number}")


def an_estate(app: App, folder: Path, stacks: int) -> None:
    """Make the stacks of services with a role, a repository and permissions on ECS."""
    text = HEAD + "".join(
        service(f"s{number}", "dev")
        + ECS.format(environment="dev").replace("services.web.", f"services.s{number}.")
        for number in range(stacks)
    )
    build_stacks(app, load(folder, text))


@pytest.fixture(name="count")
def _count(tmp_path: Path) -> Count:
    """Return a function that counts the calls for so many stacks, synthesis included."""

    def count(make: Make, stacks: int) -> int:
        app = App(outdir=str(tmp_path / f"{stacks}"))
        with counted_round_trips() as counted:
            make(app, tmp_path, stacks)
            app.synth()
            return counted()

    return count


@pytest.mark.parametrize(
    ("make", "most"),
    [
        pytest.param(the_benchmark, 10, id="benchmark"),
        pytest.param(an_estate, 8, id="estate"),
    ],
)
def test_calls_of_one_more_stack(count: Count, make: Make, most: int) -> None:
    """A stack costs no more calls than the constructs and the facts that are in it."""
    one, three = count(make, 1), count(make, 3)

    assert three - one <= 2 * most, f"{(three - one) / 2} calls a stack"
