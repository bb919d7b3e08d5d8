"""
The working folder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sandbox import SandboxError
from sandbox.server.working_folder import WorkingFolder

if TYPE_CHECKING:
    from pathlib import Path


def test_folder_of_another_program(tmp_path: Path) -> None:
    """
    A folder with files of another program is neither used nor removed.
    """
    (tmp_path / "thesis.txt").write_text("x")
    folder = WorkingFolder(tmp_path)

    with pytest.raises(SandboxError, match="did not write"):
        folder.create()
    folder.remove()

    assert (tmp_path / "thesis.txt").exists()
