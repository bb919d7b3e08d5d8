"""An environment with CDK Terrain in place of CDKTF, once for the tests of a process."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from cdktn_place import make_cdktn_place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def cdktn_python(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return its Python."""
    folder = tmp_path_factory.mktemp("cdktn")
    yield make_cdktn_place(folder)
    # Half a gigabyte, which pytest would keep for three runs.
    shutil.rmtree(folder)
