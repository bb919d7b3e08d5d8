"""
Terraform killed in the middle of an apply of several stacks, at 25 moments: the next one converges.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from kill_moments import BUCKET, Kill, Killer, read_moment, two_accounts, whole_stack
from sandbox_estates import NONPROD, PROD, write_out

from sandbox import Sandbox, StepFailed
from sandbox.server.aws_session import pages
from sandbox.verify.verification import verify

if TYPE_CHECKING:
    from collections.abc import Iterator

    from werkzeug.wrappers import Request, Response

pytestmark = pytest.mark.terraform

# Between a call to AWS and the write of the state: the state in S3 is written at the end.
MADE = (
    *("CreateRole", "CreateOpenIDConnectProvider", "CreatePolicy", "CreateRepository"),
    *("PutRolePolicy", "AttachRolePolicy", "PutLifecyclePolicy", "SetRepositoryPolicy"),
)
AROUND = ("write lock", "write state", "delete lock")
WITH_OWN_PROVIDER = ("CreateRole", "write lock", "write state")

KILLS = [
    Kill(stack=f"k{number:02}", call=call, group=group)
    for number, (call, group) in enumerate(
        [
            *((call, group) for call in MADE for group in (False, True)),
            *zip(AROUND, (True, False, True), strict=True),
            *((call, group) for call in WITH_OWN_PROVIDER for group in (False, True)),
        ]
    )
]
# Killed by single tests, after all others.
CHANGED, DESTROYED = "changed", "destroyed"
OF_TWO_ACCOUNTS = {kill.stack for kill in KILLS[-2 * len(WITH_OWN_PROVIDER) :]}


@dataclass(frozen=True, kw_only=True)
class Killed:
    """
    What became of the estate: the kills, what was said of them, and the calls that made something.
    """

    sandbox: Sandbox
    killer: Killer
    kills: tuple[Kill, ...]
    said: dict[str, str]
    made: Counter[tuple[str, str]]


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Killed]:
    """
    Apply all stacks once, each with its kill, and then once more.
    """
    stacks = {
        kill.stack: (two_accounts if kill.stack in OF_TWO_ACCOUNTS else whole_stack)(kill.stack)
        for kill in KILLS
    }
    stacks |= {name: whole_stack(name) for name in (CHANGED, DESTROYED)}
    names = [kill.stack for kill in KILLS]
    made: Counter[tuple[str, str]] = Counter()

    def count(request: Request, answer: Response) -> None:
        name, call = read_moment(request)
        if call.startswith("Create") and answer.status_code == 200:
            made[name, call] += 1

    with Sandbox(write_out(tmp_path_factory.mktemp("killed") / "out", stacks)) as sandbox:
        killer = Killer(sandbox.folder, {(kill.stack, kill.call): kill for kill in KILLS})
        sandbox.gate.observers += [count, killer]
        with pytest.raises(StepFailed) as caught:
            sandbox.apply(*names)
        said = {failure.stack: failure.text for failure in caught.value.failures}
        sandbox.apply(*names)
        yield Killed(sandbox=sandbox, killer=killer, kills=tuple(killer.done), said=said, made=made)


def test_every_kill_fell(killed: Killed) -> None:
    """
    There were 25 kills, half of them of Terraform alone, and most before its state was written.
    """
    assert sorted(killed.kills, key=lambda kill: kill.stack) == KILLS
    assert len(KILLS) == 25
    assert {sum(kill.group for kill in KILLS)} <= {12, 13}
    assert sum(kill.call in MADE for kill in KILLS) >= 10


def test_a_kill_is_said(killed: Killed) -> None:
    """
    The run that is killed says so, and what to do.
    """
    assert killed.said.keys() == {kill.stack for kill in KILLS}
    for text in killed.said.values():
        assert text.startswith("Terraform was ended by SIGKILL in the middle")
        assert "Run the step again" in text


def test_no_lock_is_left(killed: Killed) -> None:
    """
    After the next apply there are the states and nothing else.
    """
    s3 = killed.sandbox.session(NONPROD).client("s3")
    keys = {one["Key"] for one in pages(s3, "list_objects_v2", "Contents", Bucket=BUCKET)}

    assert keys == {f"{kill.stack}.tfstate" for kill in KILLS}


def test_aws_holds_what_was_synthesized(killed: Killed) -> None:
    """
    AWS holds each resource of each stack as it is written there.
    """
    sandbox = killed.sandbox
    applied = sandbox.estate.pick([kill.stack for kill in KILLS])
    found = verify(applied, sandbox.estate, sandbox.session, {})

    assert found.differences == ()
    assert found.unread == ()


def test_state_and_aws_agree(killed: Killed) -> None:
    """
    What is in a state is in AWS, and what is in AWS is in a state: nothing is lost.
    """
    in_states: set[tuple[str, str]] = set()
    for kill in KILLS:
        in_states |= ids_in_state(killed.sandbox, kill.stack)

    assert in_states == ids_in_aws(killed.sandbox)


def test_nothing_is_made_twice(killed: Killed) -> None:
    """
    AWS was asked once to make each thing; in two accounts each has its own.
    """
    again = {moment: count for moment, count in killed.made.items() if count != 1}

    assert again == {(name, "CreateRole"): 2 for name in OF_TWO_ACCOUNTS}


@pytest.mark.parametrize("name", [KILLS[0].stack, KILLS[-1].stack])
def test_no_second_plan(killed: Killed, name: str) -> None:
    """
    A plan after the recovery changes nothing, and imports nothing.
    """
    assert killed.sandbox.changes(name) is None


def kill_first_apply(killed: Killed, name: str) -> None:
    """
    Kill the first apply of a stack when AWS has made its role.
    """
    killed.killer.kills[name, "CreateRole"] = Kill(stack=name, call="CreateRole", group=True)
    with pytest.raises(StepFailed, match="Terraform was ended by SIGKILL"):
        killed.sandbox.apply(name)


def test_what_may_be_of_another(killed: Killed) -> None:
    """
    A role that is otherwise than the stack writes it is not imported: the command for it is said.
    """
    sandbox = killed.sandbox
    iam = sandbox.session(NONPROD).client("iam")
    kill_first_apply(killed, CHANGED)
    iam.tag_role(RoleName=CHANGED, Tags=[{"Key": "made-by", "Value": "ann"}])

    with pytest.raises(StepFailed) as caught:
        sandbox.apply(CHANGED)

    (failure,) = caught.value.failures
    assert "EntityAlreadyExists" in failure.text
    assert failure.text.endswith(
        "If it is, import it in the folder of the stack: "
        f"`terraform import aws_iam_role.Role {CHANGED}`."
    )
    iam.untag_role(RoleName=CHANGED, TagKeys=["made-by"])
    sandbox.apply(CHANGED)
    assert sandbox.changes(CHANGED) is None


def test_destroy_after_a_kill(killed: Killed) -> None:
    """
    A destroy also destroys what a killed apply has made and no state knows.
    """
    kill_first_apply(killed, DESTROYED)
    killed.sandbox.destroy(DESTROYED)

    assert not [item for item in killed.sandbox.remaining() if item.stack == DESTROYED]


IDS = {
    "aws_iam_role": "arn",
    "aws_iam_policy": "arn",
    "aws_iam_openid_connect_provider": "arn",
    "aws_ecr_repository": "arn",
}


def ids_in_state(sandbox: Sandbox, name: str) -> set[tuple[str, str]]:
    """
    Return what a state has of the kinds that AWS lists.
    """
    s3 = sandbox.session(NONPROD).client("s3")
    state = json.load(s3.get_object(Bucket=BUCKET, Key=f"{name}.tfstate")["Body"])
    return {
        (resource["type"], instance["attributes"][IDS[resource["type"]]])
        for resource in state["resources"]
        if resource["type"] in IDS
        for instance in resource["instances"]
    }


def ids_in_aws(sandbox: Sandbox) -> set[tuple[str, str]]:
    """
    Return what AWS has of the same kinds, but for what the sandbox itself has made.
    """
    found: set[tuple[str, str]] = set()
    for account in (NONPROD, PROD):
        session = sandbox.session(account)
        iam: Any = session.client("iam")
        ecr: Any = session.client("ecr")
        roles = pages(iam, "list_roles", "Roles")
        found |= {("aws_iam_role", role["Arn"]) for role in roles}
        policies = pages(iam, "list_policies", "Policies", Scope="Local")
        found |= {("aws_iam_policy", policy["Arn"]) for policy in policies}
        providers = iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
        found |= {("aws_iam_openid_connect_provider", one["Arn"]) for one in providers}
        repositories = pages(ecr, "describe_repositories", "repositories")
        found |= {("aws_ecr_repository", one["repositoryArn"]) for one in repositories}
    prerequisites = sandbox.prerequisites.roles
    return {one for one in found if not is_of_sandbox(one[1], prerequisites)}


def is_of_sandbox(arn: str, roles: set[tuple[str, str]]) -> bool:
    """
    Return whether it is a role that the stacks only name.
    """
    return any(arn == f"arn:aws:iam::{account}:role{path}" for account, path in roles) or (
        arn.endswith(f"oidc-provider/{'token.actions.githubusercontent.com'}")
    )
