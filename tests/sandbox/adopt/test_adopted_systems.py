"""The five systems and a large account, made by hand, and taken over with real Terraform."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from account_exports import read_account
from adopted_estate import summary_of
from hand_made import GITHUB, RETIRED, SYSTEMS
from large_account import LARGE, OURS, READERS, SERVICES, foreign_part
from walk import ALL, DOCUMENTED, Walk

from sandbox.server.child_process import Processes
from sandbox.server.moto_server import start_server
from sandbox.server.working_folder import WorkingFolder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hand_made import HandMade

    from deploy_access.resource_diff.model import ResourceChange

pytestmark = pytest.mark.terraform

PAGE = Path(__file__).parents[3] / "docs" / "adopt.md"
BLOCK = re.compile(r"^```(?:text|toml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
STAYS = re.compile(
    r"^Role (\S+) \(account (\d+)\).*\n(?:  .*\n)*?  stays, unmanaged: (\S+)\.", re.MULTILINE
)
DOCUMENTS = {"assume_role_policy", "policy"}
# An argument that only says what Terraform may do, and the same tags again.
OF_TERRAFORM = {"force_delete", "tags_all"}


@pytest.fixture(scope="module")
def walk(missing_tool: str | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    """Go all the way, in a server that sandboxes join."""
    assert missing_tool is None
    box = WorkingFolder(tmp_path_factory.mktemp("box") / "sandbox")
    box.create()
    processes = Processes()
    moto = start_server(box, processes).endpoint
    walk = Walk(moto=moto, folder=tmp_path_factory.mktemp("walk"), box=box.root)
    try:
        walk.go()
        yield walk
    finally:
        processes.end_all()


def test_nothing_is_destroyed(walk: Walk) -> None:
    """Whatever is there stays: it is taken over as it is, or changed in its place."""
    found = [change for system in walk.planned.values() for change in system.values()]

    assert {one.actions for one in found} == {("no-op",), ("create",), ("update",)}


@pytest.mark.parametrize("system", ALL, ids=str)
def test_the_changes_are_those_that_are_listed(walk: Walk, system: HandMade) -> None:
    """Terraform plans what the command has listed: no more, no less, and the same arguments."""
    listed, planned = walk.listed[str(system)], walk.planned[str(system)]
    settings = {place: one.differing - DOCUMENTS - OF_TERRAFORM for place, one in planned.items()}

    assert (listed.destroyed, listed.unknown, listed.states) == ((), (), ())
    assert {(one.stack, one.address) for one in listed.made} == {
        place for place, one in planned.items() if one.actions == ("create",)
    }
    assert {(one.stack, one.address): arguments(one) for one in listed.settings} == {
        place: differing for place, differing in settings.items() if differing
    }
    assert {(one.stack, one.address) for one in listed.rewritten} == {
        place for place, one in planned.items() if one.differing & DOCUMENTS
    }
    assert listed.unchanged == sum(
        one.imported is not None and one.differing <= OF_TERRAFORM for one in planned.values()
    )


def arguments(change: ResourceChange) -> set[str]:
    """Name the arguments that change."""
    return {re.split(r"[.\[]", one.name)[0] for one in change.attributes}


def test_the_next_plan_is_clean(walk: Walk) -> None:
    """What was applied is what the entries say, and a role keeps what is said to stay with it."""
    stays = [found for said in walk.said.values() for found in STAYS.findall(said)]

    assert {role for role, _account, _policy in stays} == {f"{name}-role" for name in READERS}
    assert set(walk.taken.differences) == {
        f"role '{role}' in account {account} has the inline policy '{policy}', "
        "and no stack gives it."
        for role, account, policy in stays
    }
    assert walk.taken.unread == ()
    assert walk.narrowed.differences == ()


@pytest.mark.parametrize(
    ("system", "told"),
    [
        pytest.param("000", "no token carries `repo:Test-User/techblue-dev:ref:main`", id="ref"),
        pytest.param("001", ":service/sample_ecs_service` lacks its cluster", id="service"),
        pytest.param("003", "never: It may call nothing of ECS", id="no permission"),
        pytest.param(
            "004", f"left alone: arn:aws:iam::012345678901:oidc-provider/{RETIRED}", id="issuer"
        ),
        pytest.param("large", "left alone: 25 roles, 10 repositories, 2 OIDC providers", id="half"),
    ],
)
def test_what_could_never_work_is_told(walk: Walk, system: str, told: str) -> None:
    """What no workflow could do before, and what is no concern of ours, is told and counted."""
    assert told in walk.said[system]


def test_the_workflows_get_through(walk: Walk) -> None:
    """Each job is let in by the role that was there, and does all that it has to do."""
    assert walk.ended == {
        "000": {"Githubactions-to-ECR-role": ""},
        "001": {"github-actions-deploy": ""},
        "002": {"dev-github-actions": ""},
        "003": {"deploy-to-ecs-github-actions": ""},
        "004": {
            "ExampleGithubRole": "",
            "arn:aws:iam::012345678901:role/github-who-am-i": (
                "It trusts no repository by its name."
            ),
        },
    }


def test_the_retired_issuer_is_left_alone(walk: Walk) -> None:
    """The provider of 2021 stays as it is, and the one of today stands beside it."""
    system = SYSTEMS[-1]
    iam = walk.session(system.account).client("iam")
    arns = [f"arn:aws:iam::{system.account}:oidc-provider/{host}" for host in (GITHUB, RETIRED)]
    now = {one["Arn"] for one in iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]}
    retired = "provider." + re.sub(r"\W", "_", arns[1])

    assert now == set(arns)
    assert read_account(walk.session(system.account))[retired] == walk.before["004"][retired]


def test_everything_of_ours_is_taken_over(walk: Walk) -> None:
    """Of 50 roles and 20 repositories those that GitHub reaches are found, and nothing is made."""
    changes = walk.planned[str(LARGE)].values()
    taken = {(one.type, one.imported) for one in changes}

    assert {one.actions for one in changes} <= {("no-op",), ("update",)}
    assert {name for type_, name in taken if type_ == "aws_iam_role"} == set(OURS)
    assert {name for type_, name in taken if type_ == "aws_ecr_repository"} == {
        f"acme/{name}" for name in SERVICES
    }


def test_nothing_foreign_is_touched(walk: Walk) -> None:
    """Whatever GitHub does not reach is as it was."""
    before, after = walk.before[str(LARGE)], read_account(walk.session(LARGE.account))

    assert foreign_part(after) == foreign_part(before)
    # It is half of the account.
    assert {kind: len(found) for kind, found in foreign_part(before).items()} == {
        "roles": 25,
        "repositories": 10,
        "providers": 2,
    }


def test_the_page_shows_what_happens(walk: Walk) -> None:
    """docs/adopt.md has what was said and planned on the way of its example, word by word."""
    stacks = ("account-main", "techblue-dev-dev")
    planned = walk.planned[DOCUMENTED]
    plans = {
        name: summary_of(change for (stack, _), change in planned.items() if stack == name)
        for name in stacks
    }
    clean = dict.fromkeys(stacks, "No changes. Your infrastructure matches the configuration.")

    assert BLOCK.findall(PAGE.read_text("utf-8")) == [
        walk.said[DOCUMENTED],
        walk.texts[DOCUMENTED],
        walk.said_of_changes,
        *(
            "".join(f"{name:16}  {line}\n" for name, line in each.items())
            for each in (plans, clean)
        ),
    ]
