"""An app in a folder of its own, and stacks that say where they deploy."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import pytest

from constructs_lib.node_calls import Waits  # isort: skip - before cdktf
from synth import new_stack  # isort: skip - before cdktf: it makes Node start fast
from cdktf import App

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cdktf import TerraformStack

# Where constructs make resources; the others refuse before anything is made, or start a program.
BOTH_WAYS = {
    "test_addresses",
    "test_duplicate_resources",
    "test_ecr_grants",
    "test_ecr_repo",
    "test_ecs_deploy_policy",
    "test_existing_role",
    "test_github_deploy_role",
    "test_github_names",
    "test_import_existing",
    "test_infra_roles",
    "test_node_calls",
    "test_oidc_provider",
    "test_order",
    "test_provider_alias",
    "test_role_refused",
    "test_state_moves",
    "test_tokens",
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run tests of what constructs make twice: the calls of Node wait, or go one by one."""
    if metafunc.definition.path.stem in BOTH_WAYS:
        ways = [pytest.param(True, id="waiting"), pytest.param(False, id="one by one")]
        metafunc.parametrize("_calls", ways, indirect=True)


@pytest.fixture(name="_calls", autouse=True)
def _one_way(request: pytest.FixtureRequest) -> Iterator[None]:
    before, Waits.allowed = Waits.allowed, getattr(request, "param", True)
    yield
    Waits.allowed = before


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
