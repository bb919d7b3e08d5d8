"""An app in a folder of its own, and stacks that say where they deploy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from synth import new_stack  # isort: skip - before cdktf: it makes Node start fast
from cdktf import App

if TYPE_CHECKING:
    from pathlib import Path

    from cdktf import TerraformStack


@pytest.fixture
def app(tmp_path: Path) -> App:
    """Make an app that is synthesized into a folder of the test."""
    return App(outdir=str(tmp_path))


@pytest.fixture
def stack(app: App) -> TerraformStack:
    """Make a stack in account 111122223333, region eu-central-1."""
    return new_stack(app)
