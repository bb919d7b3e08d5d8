"""
Who is in a session, and requests that no SDK would send.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from dataclasses import replace
from typing import Any

import pytest
from gate_world import (
    ANYTHING,
    REGION,
    World,
    refusal,
)
from sandbox_estates import NONPROD, PROD

from sandbox.server.aws_session import DUMMY_KEYS, AwsSession, SessionKeys


def test_keys_that_were_never_given_out(world: World) -> None:
    """Keys that the gate did not hand out open nothing."""
    keys = SessionKeys(access_key="ASIAGUESSED", secret_key="guessed", token="guessed")
    ecr = AwsSession(endpoint=world.gate.endpoint, keys=keys, region=REGION).client("ecr")

    assert refusal(ecr.get_authorization_token) == (
        400,
        "UnrecognizedClientException",
        "The security token included in the request is invalid.",
    )


def test_a_key_without_its_session_token(world: World) -> None:
    """The access key of a session alone is not enough."""
    session = world.enter(world.role("half", ANYTHING))
    without = replace(session, keys=replace(session.keys, token=None))

    assert refusal(without.client("sts").get_caller_identity) == (
        403,
        "InvalidClientTokenId",
        "The security token included in the request is invalid.",
    )


def test_a_session_that_has_expired(world: World) -> None:
    """After its time a session is refused, in the words of each protocol."""
    session = world.enter(world.role("old", ANYTHING))
    known = world.gate._sessions._open  # pyright: ignore[reportPrivateUsage]
    known[session.keys.access_key] = replace(known[session.keys.access_key], expires=0.0)
    message = "The security token included in the request is expired"

    assert refusal(session.client("sts").get_caller_identity) == (403, "ExpiredToken", message)
    assert refusal(session.client("ecr").get_authorization_token) == (
        400,
        "ExpiredTokenException",
        message,
    )


def test_a_role_that_is_gone(world: World) -> None:
    """The session of a role that was deleted is worth nothing."""
    session = world.enter(world.role("gone"))
    world.iam.delete_role(RoleName="gone")

    code = refusal(session.client("ecr").get_authorization_token)[1]

    assert code == "UnrecognizedClientException"


def test_the_sandbox_itself_passes(world: World) -> None:
    """With its dummy key the sandbox may do everything, through the gate as well."""
    session = AwsSession(endpoint=world.gate.endpoint, keys=DUMMY_KEYS, region=REGION)

    assert session.client("s3").list_buckets()["Buckets"] == []
    assert session.client("ecs").list_clusters()["clusterArns"] == []


def ask(world: World, session: AwsSession, path: str = "/", **headers: str) -> tuple[int, Any]:
    """Send a request that no SDK would send, in a session."""
    scope = f"{session.keys.access_key}/20260101/{REGION}/ecr/aws4_request"
    given = {
        "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0",
        "X-Amz-Security-Token": session.keys.token or "",
        "X-Amz-Target": "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken",
        "Content-Type": "application/x-amz-json-1.1",
        **headers,
    }
    request = urllib.request.Request(f"{world.gate.endpoint}{path}", b"{}", given)  # noqa: S310
    try:
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


@pytest.fixture(scope="module")
def almighty(world: World) -> AwsSession:
    """
    Open a session that may do everything.
    """
    return world.enter(world.role("root", ANYTHING))


def test_a_plain_request_is_judged(world: World, almighty: AwsSession) -> None:
    """The request from which the next ones differ gets through."""
    assert ask(world, almighty)[0] == 200


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        pytest.param("/moto-api/reset", {}, id="moto's own interface"),
        pytest.param("/?Action=DeleteRepository", {}, id="parameters in the address"),
        pytest.param("/", {"Content-Encoding": "gzip"}, id="a compressed body"),
        pytest.param(
            "/",
            {"X-Amz-Target": "AmazonEC2ContainerServiceV20141113.DescribeTaskDefinition"},
            id="signed for another service",
        ),
        pytest.param("/", {"X-Amz-Target": "DynamoDB_20120810.ListTables"}, id="another API"),
    ],
)
def test_requests_that_moto_might_read_otherwise(
    world: World, almighty: AwsSession, path: str, headers: dict[str, str]
) -> None:
    """What the gate and moto might read as two different calls is refused."""
    status, answer = ask(world, almighty, path, **headers)

    assert (status, answer["__type"]) == (400, "SandboxCannotJudge")


def test_a_caller_cannot_choose_the_account(world: World, almighty: AwsSession) -> None:
    """A caller cannot send moto to another account than the one that was judged."""
    _, answer = ask(world, almighty, **{"x-moto-account-id": PROD})

    assert answer["authorizationData"][0]["proxyEndpoint"].startswith(f"https://{NONPROD}.")
