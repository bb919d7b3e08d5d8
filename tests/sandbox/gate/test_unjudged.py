"""
The sandbox's own administrator at the gate: everything passes, and everything is written down.
"""

from __future__ import annotations

from dataclasses import replace

from gate_world import World, refusal
from sandbox_estates import NONPROD, PROD

from sandbox.server.aws_session import AwsSession, SessionKeys, sign_in


def test_an_administrator_passes(world: World) -> None:
    """What no policy allows and the gate does not even know passes, and is written down."""
    own = sign_in(world.moto, NONPROD, "eu-central-1")
    through = replace(own, endpoint=world.gate.endpoint)
    before = refusal(through.client("iam").list_roles)
    world.gate.admit(own, NONPROD)
    start, judged = len(world.gate.unjudged), len(world.gate.judgements)

    through.client("iam").get_account_summary()
    through.client("s3").list_buckets()
    through.client("ecr").describe_repositories()

    assert before[1] == "InvalidClientTokenId"
    seen = [(one.account, one.call.action) for one in world.gate.unjudged[start:]]
    assert seen == [
        (NONPROD, "iam:GetAccountSummary"),
        (NONPROD, "s3:GET /"),
        (NONPROD, "ecr:DescribeRepositories"),
    ]
    assert len(world.gate.judgements) == judged


def test_a_role_that_an_administrator_assumes(world: World) -> None:
    """Its calls pass too, in its own account: Terraform works there by a role of it."""
    own = sign_in(world.moto, NONPROD, "eu-central-1")
    world.gate.admit(own, NONPROD)
    through = replace(own, endpoint=world.gate.endpoint)
    answer = through.client("sts").assume_role(
        RoleArn=f"arn:aws:iam::{PROD}:role/terraform", RoleSessionName="deploy"
    )["Credentials"]
    keys = SessionKeys(
        access_key=answer["AccessKeyId"],
        secret_key=answer["SecretAccessKey"],
        token=answer["SessionToken"],
    )

    AwsSession(endpoint=through.endpoint, keys=keys, region=own.region).client("iam").list_roles()

    last = world.gate.unjudged[-1]
    assert (last.account, last.call.action) == (PROD, "iam:ListRoles")
