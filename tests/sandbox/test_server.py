"""
The moto server and the sessions in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sandbox_estates import NONPROD, PROD

from sandbox.aws import sign_in
from sandbox.folder import Folder
from sandbox.processes import Processes
from sandbox.server import Server, end_server, find_server, keep_server, start_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """
    Make a working folder.
    """
    folder = Folder(tmp_path / "box")
    folder.create()
    return folder


@pytest.fixture
def processes() -> Iterator[Processes]:
    """
    End what a test starts.
    """
    processes = Processes()
    yield processes
    processes.end_all()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """
    Start one server for the tests that only ask it something.
    """
    folder = Folder(tmp_path_factory.mktemp("shared"))
    folder.create()
    processes = Processes()
    yield start_server(folder, processes)
    processes.end_all()


def test_accounts_are_apart(shared: Server) -> None:
    """
    What is made in one account is not in another.
    """
    sign_in(shared.endpoint, NONPROD, "eu-central-1").client("ecr").create_repository(
        repositoryName="web"
    )

    other = sign_in(shared.endpoint, PROD, "eu-central-1").client("ecr")

    assert other.describe_repositories()["repositories"] == []


@pytest.mark.usefixtures("hostile_environment")
@pytest.mark.parametrize("service", ["sts", "iam", "ecr", "ecs", "s3"])
def test_session_hears_no_environment(shared: Server, service: str) -> None:
    """
    A session asks the sandbox, whatever the environment says of endpoints, keys and proxies.
    """
    session = sign_in(shared.endpoint, NONPROD, "eu-central-1")

    client = session.client(service)

    assert client.meta.endpoint_url == shared.endpoint
    assert client.meta.region_name == "eu-central-1"
    assert session.client("sts").get_caller_identity()["Account"] == NONPROD


def test_server_without_its_record(folder: Folder, processes: Processes) -> None:
    """
    A server that is kept outlives what started it, and ends when its record is removed.
    """
    server = start_server(folder, processes)
    keep_server(server, folder, processes)
    processes.end_all()

    found = find_server(folder)
    end_server(folder)

    assert found
    assert found.name == server.name
    assert find_server(folder) is None
    assert server.process
    assert server.process.wait(10) == 0


def test_stale_record(folder: Folder) -> None:
    """
    A record of a server that is gone counts for nothing.
    """
    folder.record.write_text('{"name": "gone", "port": 9, "parent": null}')

    assert find_server(folder) is None
