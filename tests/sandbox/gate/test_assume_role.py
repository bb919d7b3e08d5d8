"""
`AssumeRole` through the gate: both sides, who is behind it, and what the session may at most do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from gate_world import ANYTHING, World, allow, document, make_infrastructure, refusal
from sandbox_estates import NONPROD, PROD

from sandbox.server.aws_session import AwsSession, SessionKeys

if TYPE_CHECKING:
    from sandbox_estates import Json

ROLES = f"arn:aws:iam::{NONPROD}:role"
ROOT = {"AWS": f"arn:aws:iam::{NONPROD}:root"}
ACTION = "sts:AssumeRole"
IDENTITY = "because no identity-based policy allows the sts:AssumeRole action"
TRUST = "because no role trust policy allows the sts:AssumeRole action"


def trusting(*actions: str, principal: Json | None = None, when: Json | None = None) -> str:
    """Return a trust policy for the account, or for *principal*."""
    statement = {"Effect": "Allow", "Principal": principal or ROOT, "Action": list(actions)}
    return document({**statement, "Condition": when} if when else statement)


def assume(world: World, caller: AwsSession, role: str, **more: Any) -> AwsSession:
    """Go on from one session to another role."""
    answer = caller.client("sts").assume_role(RoleArn=role, RoleSessionName="next", **more)
    keys = SessionKeys(
        access_key=answer["Credentials"]["AccessKeyId"],
        secret_key=answer["Credentials"]["SecretAccessKey"],
        token=answer["Credentials"]["SessionToken"],
    )
    return AwsSession(endpoint=world.gate.endpoint, keys=keys, region=caller.region)


def reason(call: Any, **parameters: Any) -> str:
    """Return AWS's words for why a call is refused."""
    return refusal(call, **parameters)[2].partition("on resource: ")[2].partition(" ")[2]


@pytest.mark.parametrize(
    ("own", "trust", "expected"),
    [
        pytest.param([allow(ACTION)], trusting(ACTION), "", id="the account, and its policy"),
        pytest.param([], trusting(ACTION), IDENTITY, id="the account alone"),
        pytest.param([allow(ACTION, on=f"{ROLES}/x")], trusting(ACTION), IDENTITY, id="another"),
        pytest.param(
            [allow(ACTION)],
            trusting("sts:TagSession"),
            TRUST,
            id="a trust policy with another action",
        ),
        pytest.param(
            [allow(ACTION)],
            trusting(ACTION, principal={"AWS": f"arn:aws:iam::{PROD}:root"}),
            TRUST,
            id="another account",
        ),
        pytest.param(
            [ANYTHING, {"Effect": "Deny", "Action": ACTION, "Resource": "*"}],
            trusting(ACTION),
            "with an explicit deny in an identity-based policy",
            id="denied",
        ),
    ],
)
def test_both_sides(world: World, own: list[Json], trust: str, expected: str) -> None:
    """The account as a principal leaves it to the policies of the caller, and both must allow."""
    caller = world.enter(world.role(world.fresh("caller"), *own))
    target = world.role(world.fresh("target"), trust=trust)

    if expected:
        code = refusal(assume, world=world, caller=caller, role=target)[1]
        assert (code, reason(assume, world=world, caller=caller, role=target)) == (
            "AccessDenied",
            expected,
        )
    else:
        identity = assume(world, caller, target).client("sts").get_caller_identity()
        name = target.rpartition("/")[2]
        assert identity["Arn"] == f"arn:aws:sts::{NONPROD}:assumed-role/{name}/next"


@pytest.mark.parametrize("path", ["/", "/ci/"])
def test_the_principal_by_its_arn(world: World, path: str) -> None:
    """A condition on `aws:PrincipalArn` lets in the one role, with its path, and no other."""
    name = world.fresh("apply")
    named = {"ArnEquals": {"aws:PrincipalArn": f"{ROLES}{path}{name}"}}
    target = world.role(world.fresh("terraform"), trust=trusting(ACTION, when=named))
    right = world.enter(world.role(name, allow(ACTION), path=path))
    wrong = world.enter(world.role(world.fresh("other"), ANYTHING))

    assert assume(world, right, target)
    assert reason(assume, world=world, caller=wrong, role=target) == TRUST


def test_a_role_that_is_not_there(world: World) -> None:
    """It is refused like one that trusts no caller, also under another path."""
    caller = world.enter(world.role(world.fresh("caller"), ANYTHING))
    target = world.role(world.fresh("target"), trust=trusting(ACTION), path="/ci/")

    for arn in (f"{ROLES}/nobody", target.replace("/ci/", "/")):
        assert reason(assume, world=world, caller=caller, role=arn) == TRUST


def test_who_is_behind_it(world: World) -> None:
    """A source identity is asked for by both sides, and the next session has to keep it."""
    asked = {"StringEquals": {"sts:SourceIdentity": ["alice"]}}
    both = (ACTION, "sts:SetSourceIdentity")
    caller = world.enter(world.role(world.fresh("caller"), allow(*both)))
    first = world.role(world.fresh("first"), allow(*both), trust=trusting(*both, when=asked))
    second = world.role(world.fresh("second"), trust=trusting(*both))
    without = world.role(world.fresh("without"), trust=trusting(ACTION))

    session = assume(world, caller, first, SourceIdentity="alice")

    assert reason(assume, world=world, caller=caller, role=first) == TRUST
    assert reason(assume, world=world, caller=caller, role=first, SourceIdentity="bob") == TRUST
    assert assume(world, session, second)
    kept = world.gate.judgements[-1].need
    assert (kept.action, kept.context["sts:SourceIdentity"]) == ("sts:SetSourceIdentity", "alice")
    assert "sts:SetSourceIdentity" in reason(assume, world=world, caller=session, role=without)
    text = refusal(assume, world=world, caller=session, role=second, SourceIdentity="bob")[2]
    assert text.endswith("is set and cannot be changed")


def test_session_policies(world: World) -> None:
    """A session may do what both the role and the policies that it was opened with allow."""
    make_infrastructure(world)
    caller = world.enter(world.role(world.fresh("caller"), allow(ACTION)))
    target = world.role(
        world.fresh("target"), allow("ecr:DescribeImages", "ecs:*"), trust=trusting(ACTION)
    )
    managed = world.policy(world.fresh("less"), allow("ecr:InitiateLayerUpload"))
    session = assume(
        world,
        caller,
        target,
        Policy=document(allow("ecr:DescribeImages")),
        PolicyArns=[{"arn": managed}],
    )
    ecr, ecs = session.client("ecr"), session.client("ecs")

    assert ecr.describe_images(repositoryName="web")["imageDetails"] == []
    assert "no session policy allows" in refusal(ecs.describe_services, services=["web"])[2]
    # What a session policy allows and the role does not.
    why = refusal(ecr.initiate_layer_upload, repositoryName="web")[2]
    assert "no identity-based policy allows" in why


@pytest.mark.parametrize(
    ("asked", "code", "text"),
    [
        pytest.param(
            {"DurationSeconds": 3601}, "ValidationError", "exceeds the 1 hour session", id="hours"
        ),
        pytest.param({"Policy": "{"}, "MalformedPolicyDocument", "invalid Json", id="no policy"),
        pytest.param(
            {"PolicyArns": [{"arn": f"arn:aws:iam::{PROD}:policy/x"}]},
            "ValidationError",
            "not of the account",
            id="a policy of another account",
        ),
        pytest.param(
            {"SerialNumber": "arn:aws:iam::111122223333:mfa/a", "TokenCode": "123456"},
            "SandboxCannotJudge",
            "SerialNumber",
            id="a device",
        ),
    ],
)
def test_what_is_asked_for(world: World, asked: Json, code: str, text: str) -> None:
    """A role that another one opens lasts an hour, and only a right policy narrows it."""
    caller = world.enter(world.role(world.fresh("caller"), allow(ACTION)))
    target = world.role(world.fresh("long"), trust=trusting(ACTION), MaxSessionDuration=7200)

    found = refusal(assume, world=world, caller=caller, role=target, **asked)

    assert found[1] == code
    assert text in found[2]


def test_tags_of_a_session(world: World) -> None:
    """A session is tagged where both sides let it, and a policy may ask for the tag."""
    both = (ACTION, "sts:TagSession")
    tagged = {"StringEquals": {"aws:PrincipalTag/team": "web"}}
    caller = world.enter(world.role(world.fresh("caller"), allow(*both)))
    target = world.role(
        world.fresh("tagged"),
        allow("ecr:GetAuthorizationToken", when=tagged),
        trust=trusting(*both),
    )
    tags = [{"Key": "team", "Value": "web"}]

    assert assume(world, caller, target, Tags=tags).client("ecr").get_authorization_token()
    plain = assume(world, caller, target).client("ecr")
    assert refusal(plain.get_authorization_token)[1] == "SandboxCannotJudge"
