"""
The example estate as a pull request plans it: with a role that only reads.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from gate_world import REGION
from judged_estate import PULL_REQUEST, WORKSPACES, document
from sandbox_estates import NONPROD, PROD, trust_policy

from deploy_access.bootstrap.infra_permissions import read_resources, read_states
from deploy_access.bootstrap.terraform_state import TerraformState
from deploy_access.terraform.type_actions import LIBRARY_TYPES
from sandbox.attempts.job import DeployJob
from sandbox.attempts.web_session import sign_in_with
from sandbox.gate.token_issuer import TokenIssuer

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from sandbox import Sandbox
    from sandbox.server.aws_session import SessionKeys
    from sandbox.terraform.command import Terraform

pytestmark = pytest.mark.terraform

BUCKETS = {NONPROD: "acme-terraform-state-nonprod", PROD: "acme-terraform-state-prod"}
# Beside the names that the estate may have itself.
NAME = "plans-here"


@contextmanager
def planning_role(sandbox: Sandbox, account: str) -> Generator[str]:
    """Make the role of pull requests in an account, for the time of a test."""
    iam = sandbox.session(account).client("iam")
    state = TerraformState(bucket=BUCKETS[account], key_prefix="deploy-access/")
    reads = read_resources(
        LIBRARY_TYPES,
        iam_arn=f"arn:aws:iam::{account}",
        ecr_arn=f"arn:aws:ecr:*:{account}",
    )
    made = iam.create_role(
        RoleName=NAME, AssumeRolePolicyDocument=trust_policy(account, PULL_REQUEST.subject)
    )
    policy = document(*reads, *read_states("aws", state))
    iam.put_role_policy(RoleName=NAME, PolicyName="plan", PolicyDocument=policy)
    yield made["Role"]["Arn"]
    iam.delete_role_policy(RoleName=NAME, PolicyName="plan")
    iam.delete_role(RoleName=NAME)


@pytest.fixture
def planner(deployed: Sandbox) -> Iterator[Terraform]:
    """
    Give Terraform the keys of the role in each account, as a job of a pull request has them.
    """
    keys: dict[str, SessionKeys] = {}
    with (
        TokenIssuer() as issuer,
        planning_role(deployed, NONPROD) as nonprod,
        planning_role(deployed, PROD) as prod,
    ):
        deployed.gate.believe({issuer.url: issuer.address})
        for account, arn in ((NONPROD, nonprod), (PROD, prod)):
            job = DeployJob(run=PULL_REQUEST, role_arn=arn, region=REGION)
            token = issuer.token(PULL_REQUEST, audience=job.audience)
            keys[account] = sign_in_with(token, job, deployed.gate.endpoint).keys
        yield replace(deployed.terraform, keys=keys)


def test_every_stack_is_planned(deployed: Sandbox, planner: Terraform) -> None:
    """The plan of each stack sees what is there, finds no changes, and asks for nothing else."""
    start = len(deployed.gate.judgements)

    def plan(name: str) -> None:
        with planner.without_role(deployed.estate.stacks[name]) as run:
            run.run("plan", "-lock=false", "-detailed-exitcode")

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(plan, deployed.estate.stacks))

    judged = deployed.gate.judgements[start:]
    refused = [one.need for one in judged if not one.is_allowed]
    # Where Terraform looks for workspaces, and goes on without them.
    assert {(need.action, need.context.get("s3:prefix")) for need in refused} == {WORKSPACES}
    # One state each, and no other object.
    states = {one.need.resource for one in judged if one.need.action == "s3:GetObject"}
    assert len(states) == len(deployed.estate.stacks)
