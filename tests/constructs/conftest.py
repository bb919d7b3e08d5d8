"""An app in a folder of its own, and stacks that say where they deploy."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import pytest

from synth import new_stack  # isort: skip - before cdktf: it makes Node start fast
from cdktf import App

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cdktf import TerraformStack


@pytest.fixture(name="folders", scope="session")
def _folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    # Not `tmp_path`: what pytest does for each of its folders takes longer than to make an app.
    parent = tmp_path_factory.mktemp("apps")
    return (parent / str(number) for number in count())


@pytest.fixture
def app(folders: Iterator[Path]) -> App:
    """Make an app that is synthesized into a folder of the test."""
    return App(outdir=str(next(folders)))


@pytest.fixture
def stack(app: App) -> TerraformStack:
    """Make a stack in account 111122223333, region eu-central-1."""
    return new_stack(app)
