"""
The page that leads from an empty account to a running estate, and back, followed to its end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from cdktf_cli import why_not
from gate_world import refusal
from going_live_page import NOT_RUN_HERE, RUN_HERE, read_steps
from journey import WEB, Journey
from pipeline import Pipeline
from sandbox_estates import NONPROD, stack, write_out
from with_terraform import give_up

from sandbox import Sandbox
from sandbox.gate.token_issuer import TokenIssuer

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator

    from sandbox.server.aws_session import AwsSession

ROLE = f"arn:aws:iam::{NONPROD}:role"
BLOCKS = [block for blocks in read_steps().values() for block in blocks]
COMMANDS = [command for block in BLOCKS for command in block.commands]


@dataclass(frozen=True, kw_only=True)
class Live:
    """
    The journey to the first push: who went, and which roles the account has then.
    """

    journey: Journey
    person: AwsSession
    roles: set[str]


@dataclass(frozen=True, kw_only=True)
class Change:
    """
    A pull request that was merged and deployed.
    """

    review: subprocess.CompletedProcess[str]
    comment: str
    plan: str
    planned: set[str]
    deployed: list[str]
    roles: set[str]


def roles_of(journey: Journey) -> set[str]:
    """Name the roles of the account."""
    return {role["RoleName"] for role in journey.client("iam").list_roles()["Roles"]}


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory, missing_tool: str | None) -> Iterator[Journey]:
    """
    Start an AWS with an empty account, and prepare the desk.
    """
    assert missing_tool is None
    if reason := why_not():
        give_up(reason)
    out = write_out(tmp_path_factory.mktemp("nothing"), {"empty": stack("empty")})
    with Sandbox(out) as box, TokenIssuer() as issuer:
        box.gate.believe({issuer.url: issuer.address})
        journey = Journey(box=box, issuer=issuer, root=tmp_path_factory.mktemp("journey"))
        journey.prepare()
        yield journey


@pytest.fixture(scope="module")
def live(start: Journey) -> Live:
    """
    Follow the page to the first push.
    """
    person = start.administrator()
    for step in (1, 2, 3, 4, 5):
        start.follow(step, npx=person)
    return Live(journey=start, person=person, roles=roles_of(start))


def merge(journey: Journey, name: str, *, is_planned: bool = True) -> Change:
    """
    Review and plan what is checked out, merge it, and deploy it.
    """
    base, head = journey.commit("origin/main"), journey.commit("HEAD")
    pipeline = Pipeline(journey=journey, name=name, base=base, head=head)
    review, plan = pipeline.review(), pipeline.plan() if is_planned else ""
    planned = roles_of(journey)
    journey.merge()
    deployed = pipeline.deploy()
    return Change(
        review=review,
        comment=pipeline.text("review", "review.md"),
        plan=plan,
        planned=planned,
        deployed=deployed,
        roles=roles_of(journey),
    )


@pytest.fixture(scope="module")
def first(live: Live) -> Change:
    """
    Let the first service in, and write its workflow.
    """
    live.journey.follow(6)
    change = merge(live.journey, "first")
    live.journey.follow(7)
    return change


@pytest.fixture(scope="module")
def last(live: Live, first: Change) -> Change:
    """
    Take the service out again, and then all the rest.
    """
    assert first.deployed
    (before,) = (block.text for block in read_steps()[2] if block.language == "toml")
    live.journey.write(before)
    live.journey.do(
        "git commit --quiet --all --message 'Take acme/web out'",
        "git push --quiet origin HEAD:take-web-out",
    )
    change = merge(live.journey, "last", is_planned=False)
    live.journey.follow(8, npx=live.person)
    return change


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_run_or_says_why_not(command: str) -> None:
    """
    No command of the page is passed over without a reason.
    """
    begins = [word for word in NOT_RUN_HERE if command.startswith(word)]

    assert begins or command.split(maxsplit=1)[0] in RUN_HERE


@pytest.mark.parametrize("begins", NOT_RUN_HERE)
def test_a_reason_is_for_a_command(begins: str) -> None:
    """
    What is not run is on the page.
    """
    assert any(command.startswith(begins) for command in COMMANDS)


@pytest.mark.terraform
def test_the_account_is_ready(live: Live) -> None:
    """
    After the first deploy the account has Terraform's role, and one to plan and one to apply.
    """
    assert live.roles == {"admin", "terraform", "infra-plan", "infra-apply"}


@pytest.mark.terraform
def test_the_way_in_of_the_person_is_closed(live: Live) -> None:
    """
    The administrator who has deployed the stack becomes Terraform's role no more.
    """
    sts = live.person.client("sts")

    found = refusal(sts.assume_role, RoleArn=f"{ROLE}/terraform", RoleSessionName="again")

    assert found[1] == "AccessDenied"


@pytest.mark.terraform
def test_the_first_pull_request(first: Change) -> None:
    """
    It gets the comment that the page shows and a plan, and makes nothing.
    """
    (shown,) = (block.text for block in BLOCKS if block.language == "text")

    assert first.review.returncode == 0
    assert shown in first.comment
    assert "web-dev-deploy" in first.plan
    assert "web-dev-deploy" not in first.planned


@pytest.mark.terraform
def test_the_first_merged_change(first: Change, live: Live) -> None:
    """
    It is applied by the role in the environment, and is what was reviewed.
    """
    assert first.deployed == ["deploy web-dev"]
    assert first.roles == live.roles | {"web-dev-deploy"}


@pytest.mark.terraform
def test_the_first_run_of_the_service(first: Change, live: Live) -> None:
    """
    The workflow of the service is there, and its run gets a session of the role.
    """
    workflow = live.journey.root / "desk/web/.github/workflows/deploy-web.yml"

    assert f"role-to-assume: {ROLE}/web-dev-deploy" in workflow.read_text("utf-8")
    session = live.journey.enter(f"{ROLE}/web-dev-deploy", WEB)
    assert session.client("ecr").get_authorization_token()["authorizationData"]
    assert first.roles


@pytest.mark.terraform
def test_the_service_is_taken_out(last: Change, live: Live) -> None:
    """
    Its pull request fails, as images would go; who merges it all the same has it destroyed.
    """
    assert last.review.returncode == 10
    assert last.deployed == ["destroy web-dev"]
    assert last.roles == live.roles


@pytest.mark.terraform
def test_nothing_is_left(last: Change, live: Live) -> None:
    """
    At the end the account has its administrator, and the bucket with all earlier states.
    """
    journey = live.journey
    providers = journey.client("iam").list_open_id_connect_providers()

    assert last.roles
    assert roles_of(journey) == {"admin"}
    assert providers["OpenIDConnectProviderList"] == []
    assert journey.client("ecr").describe_repositories()["repositories"] == []
    buckets = [bucket["Name"] for bucket in journey.client("s3").list_buckets()["Buckets"]]
    assert buckets == ["acme-terraform-state-dev"]
