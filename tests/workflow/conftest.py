"""The stacks of every kind are synthesized once; the judge of policies is that of the evaluator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from rendering import render_all
from workflow_estate import synthesize_kinds

from deploy_access.cli import main
from deploy_access.workflow.deployer_reader import DeployerEstate, read_deployers

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result


@pytest.fixture(name="kinds", scope="session")
def _kinds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the stacks of every kind of workflow."""
    return synthesize_kinds(tmp_path_factory.mktemp("kinds"))


@pytest.fixture(name="run")
def _run(kinds: Path) -> Callable[..., Result]:
    """Return what runs the command on the stacks of every kind."""

    def run(*words: str, out: Path = kinds) -> Result:
        return CliRunner().invoke(main, ["workflow", "--out", str(out), *words])

    return run


@pytest.fixture(name="rendered", scope="session")
def _rendered(read: DeployerEstate) -> Callable[..., dict[str, str]]:
    """Return what renders every kind with options, once for all tests that ask with the same."""
    made: dict[str, dict[str, str]] = {}

    def render(**options: Any) -> dict[str, str]:
        asked = repr(sorted(options.items()))
        if asked not in made:
            made[asked] = render_all(read, **options)
        return made[asked]

    return render


@pytest.fixture(name="read", scope="session")
def _read(kinds: Path) -> DeployerEstate:
    """Return what was read of it."""
    return read_deployers(kinds)
