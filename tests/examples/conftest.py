"""Each example is synthesized once, however many tests read it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from example_programs import Program


@pytest.fixture(name="synthesize", scope="session")
def _synthesize(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Program], Path]:
    folder = tmp_path_factory.mktemp("examples")

    @cache
    def run(program: Program) -> Path:
        return program.synthesize(folder / str(program))

    return run
