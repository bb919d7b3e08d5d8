"""
Stacks deployed by real Terraform into the sandbox.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from sandbox_estates import (
    HOSTILE,
    ISSUER,
    NONPROD,
    PROD,
    Json,
    role,
    stack,
    trust_policy,
    write_out,
)
from with_terraform import planned_policies

from sandbox import Sandbox, StepFailed
from sandbox.server.child_environment import NOWHERE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sandbox.terraform.sandbox_estate import SandboxEstate
    from sandbox.verify.verification import Verification

pytestmark = pytest.mark.terraform


@pytest.fixture(scope="module")
def verification(deployed: Sandbox) -> Verification:
    """
    Verify the example estate once.
    """
    return deployed.verify()


def test_first_plans_show_every_policy(first_plans: dict[str, Json]) -> None:
    """
    Before anything exists a reviewer reads each policy of the example estate in full.
    """
    found = {name: list(planned_policies(plan)) for name, plan in first_plans.items()}

    for policies in found.values():
        for address, text, unknown in policies:
            assert unknown is False, address
            assert json.loads(str(text)), address
    assert {name: len(policies) for name, policies in found.items()} == {
        "account-nonprod": 4,
        "account-prod": 4,
        "basket-dev": 4,
        "basket-prod": 4,
        "billing-dev": 3,
        "billing-prod": 4,
        "billing-stg": 3,
        "orders-dev": 4,
        "orders-prod": 4,
        "reports-dev": 4,
        "web-dev": 2,
        "web-images": 4,
        "web-prod": 2,
        "web-stg": 2,
    }


def test_example_estate_is_what_was_synthesized(
    deployed: Sandbox, verification: Verification
) -> None:
    """
    The example estate is read back as it was synthesized, and planned again without a change.
    """
    assert verification.differences == ()
    assert verification.unread == ()
    assert {item.stack for item in verification.compared} == set(deployed.estate.stacks)


def test_who_may_assume_what(verification: Verification) -> None:
    """
    The report names every subject of a role, as AWS stores it.
    """
    trusts = [trust for trust in verification.trusts if trust.role == "web-prod-deploy"]

    assert [(trust.account, trust.subject, trust.match) for trust in trusts] == [
        (PROD, "repo:acme@123456/web@456789:environment:prod", "exact"),
        (PROD, "repo:acme@123456/web@456789:ref:refs/tags/v*", "pattern"),
    ]


def test_outputs(deployed: Sandbox) -> None:
    """
    The outputs of a stack are read from its state.
    """
    assert deployed.outputs("web-dev")["role_arn"] == f"arn:aws:iam::{NONPROD}:role/web-dev-deploy"


NOTHING: Json = {}
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
TAMPERED = ("trust", "duration", "backdoor", "attached", "untouched")
TAGS = {"default_tags": [{"tags": {"account": "prod"}}]}


def roles(**bodies: Json) -> Json:
    """
    Return the resource block of several roles, each by its name.
    """
    blocks = {name: role(name, **body)["aws_iam_role"]["Role"] for name, body in bodies.items()}
    return {"aws_iam_role": blocks}


def aliased() -> Json:
    """
    Return a stack with two configurations of the provider: two accounts, two regions.
    """
    document = stack("aliased", resource=roles(here={}, there={"provider": "aws.prod"}))
    terraform = [{"role_arn": f"arn:aws:iam::{PROD}:role/terraform"}]
    prod = {"alias": "prod", "region": "us-east-1", "assume_role": terraform}
    document["provider"]["aws"].append(prod)
    return document


def protected() -> Json:
    """
    Return a stack with a repository that it does not let destroy, and a role.
    """
    image = {"name": "web", "lifecycle": {"prevent_destroy": True}}
    resource = {**roles(protected={}), "aws_ecr_repository": {"Image": image}}
    return stack("protected", resource=resource)


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """
    Return where a stack keeps its state that was synthesized with CDKTF's default backend.
    """
    return tmp_path_factory.mktemp("project") / "terraform.outside.tfstate"


@pytest.fixture(scope="module")
def small(
    tmp_path_factory: pytest.TempPathFactory, outside: Path, missing_tool: str | None
) -> Iterator[Sandbox]:
    """
    Apply small stacks one after the other in one lane, with every hostile variable set.
    """
    assert missing_tool is None
    stacks = {
        "web-dev": stack("web-dev", resource=roles(web={})),
        "web-prod": stack("web-prod", account=PROD, provider=TAGS, resource=roles(web={})),
        "aliased": aliased(),
        "protected": protected(),
        "outside": stack("outside", backend={"local": {"path": str(outside)}}),
        "tampered": stack("tampered", resource=roles(**dict.fromkeys(TAMPERED, NOTHING))),
    }
    out = write_out(tmp_path_factory.mktemp("small"), stacks)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sandbox.sandbox.MOST_LANES", 1)
        for name, value in HOSTILE.items():
            patch.setenv(name, value)
        with Sandbox(out) as sandbox:
            sandbox.apply()
            yield sandbox


def test_small_stacks_are_what_was_synthesized(small: Sandbox) -> None:
    """
    With every hostile variable set, keys, endpoints and arguments come from the sandbox alone.
    """
    assert small.verify("web-dev", "web-prod", "aliased").differences == ()


def test_two_accounts_in_one_lane(small: Sandbox) -> None:
    """
    One provider process serves two accounts after each other and mixes up neither of them.
    """
    nonprod, prod = (
        small.session(account).client("iam").get_role(RoleName="web")["Role"].get("Tags", [])
        for account in (NONPROD, PROD)
    )

    assert nonprod == []
    assert prod == [{"Key": "account", "Value": "prod"}]


@pytest.mark.parametrize(("name", "account"), [("here", NONPROD), ("there", PROD)])
def test_stack_of_two_accounts(small: Sandbox, name: str, account: str) -> None:
    """
    A stack with two configurations of the provider puts each resource where it belongs.
    """
    iam = small.session(account).client("iam")

    assert iam.get_role(RoleName=name)["Role"]["Arn"] == f"arn:aws:iam::{account}:role/{name}"


def test_state_of_the_default_backend(small: Sandbox, outside: Path) -> None:
    """
    CDKTF's default backend names an absolute path; the state that lies there is left alone.
    """
    assert small.changes("outside") is None
    assert not outside.exists()


def test_protected_resource(small: Sandbox) -> None:
    """
    A destroy leaves what a stack protects, and destroys the rest.
    """
    small.destroy("protected")

    remaining = [item for item in small.remaining() if item.stack == "protected"]
    assert [(item.kind, item.name, item.is_protected) for item in remaining] == [
        ("repository", "web", True)
    ]


@pytest.fixture(scope="module")
def differences(small: Sandbox) -> tuple[str, ...]:
    """
    Change four of five roles behind Terraform's back, and return the differences.
    """
    iam = small.session(NONPROD).client("iam")
    trust = trust_policy(NONPROD, "somebody else")
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    extra = json.dumps({"Version": "2012-10-17", "Statement": statement})
    iam.update_assume_role_policy(RoleName="trust", PolicyDocument=trust)
    iam.update_role(RoleName="duration", MaxSessionDuration=43200)
    iam.put_role_policy(RoleName="backdoor", PolicyName="extra", PolicyDocument=extra)
    iam.attach_role_policy(RoleName="attached", PolicyArn=READ_ONLY)
    return small.verify("tampered").differences


@pytest.mark.parametrize(
    "said",
    [
        f"role 'trust' in account {NONPROD} has another trust policy",
        f"role 'duration' in account {NONPROD} has another maximum session duration",
        f"role 'backdoor' in account {NONPROD} has the inline policy 'extra', and no stack",
        f"role 'attached' in account {NONPROD} has the attached policy '{READ_ONLY}', and no",
        "A second plan of stack 'tampered' wants changes",
    ],
)
def test_change_behind_the_back(differences: tuple[str, ...], said: str) -> None:
    """
    A change in AWS behind Terraform's back is a difference.
    """
    assert [difference for difference in differences if difference.startswith(said)]


def test_what_was_not_changed(differences: tuple[str, ...]) -> None:
    """
    A role that is as it was synthesized is no difference.
    """
    assert not [found for found in differences if found.startswith("role 'untouched'")]


def test_error_of_terraform(tmp_path: Path) -> None:
    """
    A stack that fails is named with what Terraform said, and what needs it is not run.
    """
    stacks = {
        "broken": stack("broken", resource=role("no/slash")),
        "needs-it": stack("needs-it", resource=role("web")),
    }
    out = write_out(tmp_path, stacks, needs_it=["broken"])

    with Sandbox(out) as sandbox, pytest.raises(StepFailed) as caught:
        sandbox.apply()

    (failure,) = caught.value.failures
    assert failure.stack == "broken"
    assert failure.text.startswith("Error: invalid value for name")
    assert caught.value.skipped == ("needs-it",)


def test_plan_of_an_empty_account(tmp_path: Path) -> None:
    """
    Before `apply` nothing of the prerequisites is there: a lookup fails as it would on AWS.
    """
    lookup = {"aws_iam_openid_connect_provider": {"Github": {"url": f"https://{ISSUER}"}}}
    stacks = {
        "lookup": stack("lookup", data=lookup),
        "web": stack("web", resource=role("web")),
    }

    with Sandbox(write_out(tmp_path, stacks)) as sandbox:
        plan = sandbox.plan("web")
        with pytest.raises(StepFailed, match="finding IAM OIDC Provider"):
            sandbox.plan("lookup")
        sandbox.apply("lookup")

    (change,) = plan["resource_changes"]
    assert change["change"]["actions"] == ["create"]
    assert change["change"]["after"]["name"] == "web"


def test_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A stack that got past every check, with an address of its own, still reaches nothing.
    """
    outside = {"endpoints": [{"sts": "https://sts.amazonaws.com"}]}
    document = stack("web", provider={**outside, "max_retries": 1}, resource=role("web"))

    def check_nothing(_: SandboxEstate) -> None:
        pass

    monkeypatch.setattr("sandbox.sandbox.check_estate", check_nothing)

    with (
        Sandbox(write_out(tmp_path, {"web": document})) as sandbox,
        pytest.raises(StepFailed) as caught,
    ):
        sandbox.apply()

    assert f"proxyconnect tcp: dial tcp {NOWHERE.removeprefix('http://')}" in str(caught.value)
