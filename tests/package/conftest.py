"""The wheel, built once for the tests of a process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from clean_places import build_wheel

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel of this clone."""
    return build_wheel(tmp_path_factory.mktemp("wheel"))
