"""
What is printed about a refusal, and that the statement in it lets the call in and no more.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from gate_world import ANYTHING, MAIN, REGION, World, allow, document, make_infrastructure, refusal
from sandbox_estates import ISSUER, NONPROD, PROD, trust_policy

from sandbox.gate import Gate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox_estates import Json

    from sandbox.gate.fault import Advice

PAGE = (Path(__file__).parents[3] / "docs/sandbox.md").read_text("utf-8")
IAM = f"arn:aws:iam::{NONPROD}"
ECR = f"arn:aws:ecr:{REGION}:{NONPROD}:repository"
ECS = f"arn:aws:ecs:{REGION}:{NONPROD}"


@pytest.fixture(scope="module")
def soft(world: World) -> Iterator[World]:
    """
    Put a soft gate in place of the strict one.
    """
    make_infrastructure(world)
    found = replace(world)
    issuers = {world.issuer.url: world.issuer.address}
    with Gate(world.moto, session=world.session, issuers=issuers, soft=True) as gate:
        found.gate = gate
        yield found


def advised(world: World, call: Any, **parameters: Any) -> Advice:
    """Make a call that is let through, and return what is said about it."""
    before = len(world.gate.refusals)
    call(**parameters)
    return world.gate.refusals[before:][-1]


CALLS: dict[str, tuple[str, str, Json, Json]] = {
    "a repository": (
        "ecr",
        "describe_images",
        {"repositoryName": "web"},
        {"Action": "ecr:DescribeImages", "Resource": f"{ECR}/web"},
    ),
    "a service": (
        "ecs",
        "describe_services",
        {"cluster": "dev", "services": ["web"]},
        {
            "Action": "ecs:DescribeServices",
            "Resource": f"{ECS}:service/dev/web",
            "Condition": {"ArnEquals": {"ecs:cluster": f"{ECS}:cluster/dev"}},
        },
    ),
    "a role": (
        "iam",
        "list_role_policies",
        {"RoleName": "ROLE"},
        {"Action": "iam:ListRolePolicies"},
    ),
}


@pytest.mark.parametrize("name", CALLS)
def test_the_statement_lets_it_in(soft: World, name: str) -> None:
    """It is as narrow as the call, and with it in the role the gate has nothing to say."""
    service, method, parameters, expected = CALLS[name]
    role = soft.fresh("grows")
    client = soft.enter(soft.role(role)).client(service)
    given = {key: role if value == "ROLE" else value for key, value in parameters.items()}

    found = advised(soft, getattr(client, method), **given)

    statement = json.loads(found.statement)
    assert {**statement, **expected} == statement
    assert found.place == f"a policy of the role {role}"
    soft.iam.put_role_policy(RoleName=role, PolicyName="grown", PolicyDocument=document(statement))
    before = len(soft.gate.refusals)
    getattr(client, method)(**given)
    assert len(soft.gate.refusals) == before


def test_what_it_says(soft: World) -> None:
    """AWS's sentence, and below it the policy and the statement, ready to paste."""
    role = soft.fresh("reads")
    ecr = soft.enter(soft.role(role)).client("ecr")

    found = advised(soft, ecr.get_authorization_token)

    user = f"arn:aws:sts::{NONPROD}:assumed-role/{role}/GitHubActions"
    assert str(found) == (
        f"User: {user} is not authorized to perform: ecr:GetAuthorizationToken on resource: * "
        "because no identity-based policy allows the ecr:GetAuthorizationToken action\n"
        f"  Add to a policy of the role {role}: "
        '{"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"}'
    )


def test_page(soft: World) -> None:
    """The page shows it, for the role of an environment."""
    role = soft.fresh("reads")
    ecr = soft.enter(soft.role(role)).client("ecr")

    found = advised(
        soft,
        ecr.put_image,
        repositoryName="web",
        imageManifest=json.dumps({"mediaType": "application/vnd.oci.image.manifest.v1+json"}),
    )

    shown = str(found).replace(role, "web-dev-deploy").replace(REGION, "eu-central-1")
    assert f"```text\nAWS would have refused:\n{shown}\n```" in PAGE


def test_where_it_belongs(soft: World) -> None:
    """Boundaries, trust policies and repositories elsewhere have statements of their own."""
    bounded = soft.role(
        soft.fresh("bounded"),
        ANYTHING,
        PermissionsBoundary=soft.policy(soft.fresh("edge"), allow("sts:*")),
    )
    session = soft.enter(bounded)
    target = soft.role(soft.fresh("target"), trust=trust_policy(NONPROD, MAIN.subject))
    ecr, sts = session.client("ecr"), session.client("sts")

    boundary = advised(soft, ecr.describe_images, repositoryName="web")
    trust = advised(soft, sts.assume_role, RoleArn=target, RoleSessionName="next")

    assert boundary.place.startswith("the permissions boundary of the role bounded-")
    assert trust.place == f"the trust policy of the role {target.rpartition('/')[2]}"
    assert json.loads(trust.statement) == {
        "Effect": "Allow",
        "Principal": {"AWS": bounded},
        "Action": "sts:AssumeRole",
    }
    almighty = soft.enter(soft.role(soft.fresh("almighty"), ANYTHING)).client("ecr")
    foreign = advised(
        soft,
        almighty.describe_images,
        registryId=PROD,
        repositoryName="web",
    )
    assert foreign.place == "the policy of the repository web"
    assert "Resource" not in json.loads(foreign.statement)


def test_a_token_that_is_not_trusted(soft: World) -> None:
    """It gets its session, and the trust policy gets the statement for just this token."""
    trust = trust_policy(NONPROD, "repo:acme/other:ref:refs/heads/main")
    role = soft.role(soft.fresh("other"), trust=trust)
    found = advised(soft, soft.enter, role_arn=role)

    assert found.place.startswith("the trust policy of the role other-")
    statement = json.loads(found.statement)
    said = {f"{ISSUER}:aud": "sts.amazonaws.com", f"{ISSUER}:sub": MAIN.subject}
    assert statement["Condition"] == {"StringEquals": said}
    soft.iam.update_assume_role_policy(
        RoleName=role.rpartition("/")[2], PolicyDocument=document(statement)
    )
    before = len(soft.gate.refusals)
    soft.enter(role)
    assert len(soft.gate.refusals) == before


def test_no_statement_is_enough(soft: World) -> None:
    """Where a policy denies, or the gate does not know the call, it proposes nothing."""
    deny = {"Effect": "Deny", "Action": "ecr:*", "Resource": "*"}
    session = soft.enter(soft.role(soft.fresh("denied"), ANYTHING, deny))

    denied = advised(soft, session.client("ecr").describe_images, repositoryName="web")
    unknown = advised(soft, session.client("iam").list_roles)

    assert (denied.place, denied.statement) == ("", "")
    assert "explicit deny" in str(denied)
    assert str(unknown) == (
        "The gate of the sandbox does not know the call iam:ListRoles, so it refuses it."
    )


def test_the_strict_gate_says_the_same(world: World) -> None:
    """What is refused is written down as what would be refused."""
    ecr = world.enter(world.role(world.fresh("strict"))).client("ecr")
    before = len(world.gate.refusals)

    message = refusal(ecr.get_authorization_token)[2]

    (found,) = world.gate.refusals[before:]
    assert found.refused == message
    assert found.place.startswith("a policy of the role strict-")
