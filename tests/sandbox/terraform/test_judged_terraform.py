"""
Real Terraform, judged at the gate: as a pull request that plans, and as a reviewed deployment.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from gate_world import MAIN, refusal
from judged_estate import (
    APPLY,
    ECR,
    IAM,
    PLAN,
    PULL_REQUEST,
    REVIEWED,
    SERVICE,
    STATE,
    TERRAFORM,
    WORKSPACES,
    JudgedEstate,
    actions_of,
    judged_stack,
)
from sandbox_estates import NONPROD

from deploy_access.github.repository import GithubRepo
from sandbox.errors import StepFailed

if TYPE_CHECKING:
    from sandbox_estates import Json

    from sandbox.gate.github_run import GithubRun
    from sandbox.terraform.sandbox_stack import SandboxStack

pytestmark = pytest.mark.terraform

WIDER = {**SERVICE, "aws_ecr_repository": {"Images": {"name": "web", "tags": {"team": "web"}}}}


@pytest.fixture
def estate(judged_estate: JudgedEstate) -> JudgedEstate:
    """
    Take the estate that is deployed once for all modules.
    """
    return judged_estate


@pytest.fixture(scope="module")
def web(judged_estate: JudgedEstate) -> SandboxStack:
    """
    Deploy the service as a reviewed job does, through the role that the bootstrap wrote.
    """
    stack = judged_estate.sandbox.estate.stacks["web-dev"]
    with judged_estate.judged() as judged:
        assert judged_estate.deployer.apply(stack).startswith("2 added")
    assert actions_of(judged, APPLY) == {"sts:AssumeRole"}
    assert {"iam:CreateRole", "ecr:CreateRepository", "s3:PutObject"} <= actions_of(
        judged, TERRAFORM
    )
    return stack


def test_a_pull_request_plans(estate: JudgedEstate, web: SandboxStack) -> None:
    """Its role reads all that a plan needs, without assuming another one and without a lock."""
    with estate.judged() as judged, estate.planner.without_role(web) as run:
        run.run("plan", "-lock=false", "-detailed-exitcode")

    assert {one.session.role_arn for one in judged} == {PLAN}
    needs = [one.need for one in judged if not one.is_allowed]
    # Where Terraform looks for workspaces, and goes on without them.
    assert {(need.action, need.context["s3:prefix"]) for need in needs} == {WORKSPACES}
    # It was the very state that the deployment wrote.
    states = {one.need.resource for one in judged if one.need.action == "s3:GetObject"}
    assert states == {f"arn:aws:s3:::{STATE.bucket}/{STATE.key_prefix}web-dev.tfstate"}


def test_a_pull_request_does_not_apply(estate: JudgedEstate, web: SandboxStack) -> None:
    """With a lock it may not write the lock; without one it may not write the first resource."""
    estate.write("web-dev", judged_stack("web-dev", WIDER))
    with estate.planner.without_role(web) as run:
        locked = said(lambda: run.run("apply", "-auto-approve"))
        free = said(lambda: run.run("apply", "-auto-approve", "-lock=false"))

    assert (
        f"s3:PutObject on resource: arn:aws:s3:::{STATE.bucket}/ours/web-dev.tfstate.tflock"
        in locked
    )
    assert f"ecr:TagResource on resource: {ECR}:repository/web" in free


def said(call: object) -> str:
    """Return Terraform's words about a run that fails, in one line."""
    with pytest.raises(StepFailed) as error:
        call()  # pyright: ignore[reportCallIssue]
    return " ".join(str(error.value).split())


@pytest.mark.parametrize(
    ("service", "method", "parameters", "action"),
    [
        pytest.param(
            "s3",
            "get_object",
            {"Bucket": STATE.bucket, "Key": "theirs/web.tfstate"},
            "s3:GetObject",
            id="another state",
        ),
        pytest.param(
            "s3",
            "list_objects_v2",
            {"Bucket": STATE.bucket, "Prefix": "theirs/"},
            "s3:ListBucket",
            id="the names of others",
        ),
        pytest.param(
            "secretsmanager",
            "get_secret_value",
            {"SecretId": "db"},
            "secretsmanager:GetSecretValue",
            id="a secret",
        ),
        pytest.param("ssm", "get_parameter", {"Name": "/db"}, "ssm:GetParameter", id="a parameter"),
        pytest.param(
            "sts",
            "assume_role",
            {"RoleArn": TERRAFORM, "RoleSessionName": "plan"},
            "sts:AssumeRole",
            id="Terraform's role",
        ),
    ],
)
def test_a_pull_request_reads_nothing_else(
    estate: JudgedEstate, service: str, method: str, parameters: Json, action: str
) -> None:
    """Whoever may push to the repository reads its states, and no secret of others."""
    client = estate.enter(PLAN, PULL_REQUEST).client(service)

    assert (
        f"is not authorized to perform: {action} on"
        in refusal(getattr(client, method), **parameters)[2]
    )


@pytest.mark.parametrize(
    "run",
    [
        pytest.param(PULL_REQUEST, id="a pull request"),
        pytest.param(replace(REVIEWED, environment="prod"), id="another environment"),
        pytest.param(MAIN, id="the branch without the environment"),
        pytest.param(
            replace(REVIEWED, repo=GithubRepo("acme/other", owner_id=123456, repo_id=9)),
            id="another repository",
        ),
        pytest.param(
            replace(REVIEWED, repo=GithubRepo("fork/web", owner_id=7, repo_id=8)), id="a fork"
        ),
    ],
)
def test_who_does_not_apply(estate: JudgedEstate, run: GithubRun) -> None:
    """Only a run in the reviewed environment of the repository signs in to apply."""
    assert refusal(estate.enter, role=APPLY, run=run)[1] == "AccessDenied"


def test_a_role_of_the_account_does_not_apply(estate: JudgedEstate, web: SandboxStack) -> None:
    """What the bootstrap trusts is the one role: no other goes on from here."""
    deployed = estate.enter(f"{IAM}:role/web-dev", MAIN).client("sts")

    found = refusal(deployed.assume_role, RoleArn=TERRAFORM, RoleSessionName="up")

    assert web.name == "web-dev"
    assert found[1] == "AccessDenied"


def test_the_state_is_locked(estate: JudgedEstate, web: SandboxStack) -> None:
    """A deployment that finds the lock of another one stops before it reads the state."""
    s3 = estate.sandbox.session(NONPROD).client("s3")
    lock = f"{STATE.key_prefix}web-dev.tfstate.tflock"
    s3.put_object(Bucket=STATE.bucket, Key=lock, Body=b'{"ID": "another"}')
    try:
        with pytest.raises(StepFailed, match="state lock"):
            estate.deployer.apply(web)
    finally:
        s3.delete_object(Bucket=STATE.bucket, Key=lock)
