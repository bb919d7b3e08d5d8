"""
Terraform where it is there, and the example estate deployed into a sandbox.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from gate_world import World
from sandbox_estates import HOSTILE, stack, write_out
from with_terraform import Json, give_up

from sandbox import MissingTool, Sandbox
from sandbox.gate import Gate
from sandbox.gate.token_issuer import TokenIssuer
from sandbox.server.child_process import Processes
from sandbox.server.moto_server import start_server
from sandbox.server.working_folder import WorkingFolder
from sandbox.synthesis import run_app

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="session")
def missing_tool(tmp_path_factory: pytest.TempPathFactory) -> str | None:
    """
    Say what is missing to run Terraform, or None.
    """
    out = write_out(tmp_path_factory.mktemp("empty"), {"empty": stack("empty")})
    try:
        with Sandbox(out):
            return None
    except MissingTool as error:
        return str(error)


@pytest.fixture(autouse=True)
def _terraform_is_there(request: pytest.FixtureRequest) -> None:
    """
    Skip a test that needs Terraform where there is none; where CI is set, fail it.
    """
    if request.node.get_closest_marker("terraform") is None:
        return
    missing: str | None = request.getfixturevalue("missing_tool")
    if missing:
        give_up(missing)


@pytest.fixture
def hostile_environment(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """
    Set every variable that could lead a child astray.
    """
    for name, value in HOSTILE.items():
        monkeypatch.setenv(name, value)
    return HOSTILE


@pytest.fixture(scope="session")
def example_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """
    Synthesize the example estate into a folder of its own.
    """
    out = tmp_path_factory.mktemp("example") / "cdktf.out"
    processes = Processes()
    run_app(PROJECT, processes, out=out)
    processes.end_all()
    return out


@pytest.fixture(scope="session")
def example_sandbox(example_out: Path, missing_tool: str | None) -> Iterator[Sandbox]:
    """
    Start a sandbox for the example estate, with nothing in it.
    """
    assert missing_tool is None
    with Sandbox(example_out) as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def first_plans(example_sandbox: Sandbox) -> dict[str, Json]:
    """
    Plan every stack of the example estate while its accounts are empty.
    """
    stacks = list(example_sandbox.estate.stacks)
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(stacks, pool.map(example_sandbox.plan, stacks), strict=True))


@pytest.fixture(scope="session")
def deployed(example_sandbox: Sandbox, first_plans: dict[str, Json]) -> Sandbox:
    """
    Apply the example estate once, after its plans; tests that change something put it back.
    """
    assert first_plans
    example_sandbox.apply()
    return example_sandbox


@pytest.fixture(scope="session")
def moto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """
    Start a moto server for the tests of the gate.
    """
    folder = WorkingFolder(tmp_path_factory.mktemp("moto") / "box")
    folder.create()
    processes = Processes()
    yield start_server(folder, processes).endpoint
    processes.end_all()


@pytest.fixture(scope="session")
def world(moto: str) -> Iterator[World]:
    """
    Start an issuer and the gate before moto, with GitHub's OIDC provider in two accounts.
    """
    with TokenIssuer() as issuer:
        world = World(moto=moto, issuer=issuer)
        world.make_providers()
        with Gate(moto, session=world.session, issuers={issuer.url: issuer.address}) as gate:
            world.gate = gate
            yield world
