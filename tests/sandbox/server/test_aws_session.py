"""
Sessions in the accounts of the sandbox.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sandbox_estates import NONPROD, PROD

from sandbox.server.aws_session import sign_in
from sandbox.server.child_process import Processes
from sandbox.server.moto_server import MotoServer, start_server
from sandbox.server.working_folder import WorkingFolder

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MotoServer]:
    """
    Start one server for the tests that only ask it something.
    """
    folder = WorkingFolder(tmp_path_factory.mktemp("shared"))
    folder.create()
    processes = Processes()
    yield start_server(folder, processes)
    processes.end_all()


def test_accounts_are_apart(shared: MotoServer) -> None:
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
def test_session_hears_no_environment(shared: MotoServer, service: str) -> None:
    """
    A session asks the sandbox, whatever the environment says of endpoints, keys and proxies.
    """
    session = sign_in(shared.endpoint, NONPROD, "eu-central-1")

    client = session.client(service)

    assert client.meta.endpoint_url == shared.endpoint
    assert client.meta.region_name == "eu-central-1"
    assert session.client("sts").get_caller_identity()["Account"] == NONPROD
