"""
Sessions in the accounts of the sandbox.
"""

from __future__ import annotations

import pytest
from sandbox_estates import NONPROD, PROD

from sandbox.server.aws_session import sign_in


def test_accounts_are_apart(moto: str) -> None:
    """
    What is made in one account is not in another.
    """
    sign_in(moto, NONPROD, "eu-central-1").client("ecr").create_repository(repositoryName="apart")

    other = sign_in(moto, PROD, "eu-central-1").client("ecr")

    found = other.describe_repositories()["repositories"]
    assert "apart" not in [repository["repositoryName"] for repository in found]


@pytest.mark.usefixtures("hostile_environment")
@pytest.mark.parametrize("service", ["sts", "iam", "ecr", "ecs", "s3"])
def test_session_hears_no_environment(moto: str, service: str) -> None:
    """
    A session asks the sandbox, whatever the environment says of endpoints, keys and proxies.
    """
    session = sign_in(moto, NONPROD, "eu-central-1")

    client = session.client(service)

    assert client.meta.endpoint_url == moto
    assert client.meta.region_name == "eu-central-1"
    assert session.client("sts").get_caller_identity()["Account"] == NONPROD
