"""What all tests share: how long Hypothesis searches, and what the examples synthesize to."""

from __future__ import annotations

import signal
from functools import cache
from typing import TYPE_CHECKING

import pytest
from example_programs import PROGRAMS, synthesize_all
from hypothesis import HealthCheck, settings
from provider_plans import provider_rc
from with_terraform import give_up

from sandbox import MissingTool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from example_programs import Program

# No deadline, and no complaint about slow inputs: a busy machine is no bug.
# `--hypothesis-profile thorough` searches longer.
BUSY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("quick", BUSY, max_examples=50)
settings.register_profile("thorough", BUSY, max_examples=2000)
settings.load_profile("quick")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let more random estates be judged than the tests have time for."""
    parser.addoption("--estates", type=int, default=3000, help="how many pairs of random estates")


@pytest.fixture(name="synthesize", scope="session")
def _synthesize(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Program], Path]:
    """
    Return the `cdktf.out` of a program.

    All programs run when the first test asks, once in each process of pytest-xdist.
    """
    folder = tmp_path_factory.mktemp("examples")
    run_all = cache(lambda: synthesize_all(PROGRAMS, folder))
    return lambda program: run_all()[program]


@pytest.fixture(scope="module")
def provider_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a folder where Terraform finds the AWS provider."""
    new = tmp_path_factory.mktemp
    try:
        yield from provider_rc(new("empty"), new("provider"))
    except MissingTool as error:
        give_up(str(error))


@pytest.fixture
def interruptible() -> Iterator[None]:
    """
    Let the children of a test hear `SIGINT`.

    A shell without job control starts what it runs in the background with the signal ignored, and
    children inherit that.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
