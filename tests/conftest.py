"""What all tests share: how long Hypothesis searches, and what the examples synthesize to."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest
from example_programs import PROGRAMS, synthesize_all
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from example_programs import Program

# No deadline, and no complaint about slow inputs: a busy machine is no bug.
# `--hypothesis-profile thorough` searches longer.
BUSY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("quick", BUSY, max_examples=50)
settings.register_profile("thorough", BUSY, max_examples=2000)
settings.load_profile("quick")


@pytest.fixture(name="synthesize", scope="session")
def _synthesize(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Program], Path]:
    """
    Return the `cdktf.out` of a program.

    All programs run when the first test asks, once in each process of pytest-xdist.
    """
    folder = tmp_path_factory.mktemp("examples")
    run_all = cache(lambda: synthesize_all(PROGRAMS, folder))
    return lambda program: run_all()[program]
