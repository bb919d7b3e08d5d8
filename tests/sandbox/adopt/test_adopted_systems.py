"""The five systems, made by hand in the sandbox, and taken over with real Terraform."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from account_exports import read_account
from adopted_estate import Change, changes_of, plan_all, synthesize_estates
from hand_made import GITHUB, RETIRED, SYSTEMS, Account
from job_runs import JobRuns
from large_account import LARGE, NUMBER, OURS, READERS, SERVICES, foreign_part
from one_stack import join_stacks

from sandbox import Sandbox
from sandbox.attempts.generated_job import read_generated
from sandbox.attempts.job_prerequisite import furnish_jobs
from sandbox.server.aws_session import sign_in
from sandbox.server.child_process import Processes
from sandbox.server.moto_server import start_server
from sandbox.server.working_folder import WorkingFolder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from account_exports import Answers

    from sandbox.verify.verification import Verification

pytestmark = pytest.mark.terraform

ENTRIES = Path(__file__).with_name("entries")
ALL = (*SYSTEMS, LARGE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """
    All systems, from what was there to a second plan.

    Attributes:
        sandbox: Where they are.
        before: What each account held.
        changes: What Terraform planned: by system and address.
        after: What was made, read back and compared; every stack was planned again.
        ended: For each role where its job ended, or nothing when it did all its calls.
    """

    sandbox: Sandbox
    before: dict[str, Answers]
    changes: dict[str, dict[str, Change]]
    after: Verification
    ended: dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def box(missing_tool: str | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Make all systems by hand, in a server that a sandbox can join, and return its folder."""
    assert missing_tool is None
    folder = WorkingFolder(tmp_path_factory.mktemp("box") / "sandbox")
    folder.create()
    processes = Processes()
    server = start_server(folder, processes)
    for system in ALL:
        session = sign_in(server.endpoint, system.account, system.region)
        system.make(Account(session, system.account))
    yield folder.root
    processes.end_all()


@pytest.fixture(scope="module")
def walk(box: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    """Take all of them over: plan, apply, and plan again."""
    folder = tmp_path_factory.mktemp("adopted")
    texts = {str(one): (ENTRIES / f"{one}.toml").read_text("utf-8") for one in ALL}
    outs = synthesize_estates(texts, folder)
    sandbox = Sandbox(join_stacks(outs, folder / "joined"), folder=box)
    try:
        sandbox.join()
        before = {str(one): read_account(sandbox.session(one.account)) for one in ALL}
        changes = {name: changes_of(plan) for name, plan in plan_all(sandbox).items()}
        sandbox.apply()
        yield Walk(
            sandbox=sandbox,
            before=before,
            changes=changes,
            after=sandbox.verify(),
            ended={str(one): run_jobs(sandbox, outs[str(one)]) for one in SYSTEMS},
        )
    finally:
        sandbox.close()


def run_jobs(sandbox: Sandbox, out: Path) -> dict[str, str]:
    """Run the jobs of the workflows that the command writes for the stacks, by their roles."""
    generated = read_generated(out)
    furnish_jobs(generated.jobs, sandbox.session)
    runs = JobRuns(moto=sandbox.server.endpoint, session=sandbox.session)
    ended = dict(zip((one.role for one in generated.jobs), runs.run(*generated.jobs), strict=True))
    return {**ended, **generated.left_out}


def test_nothing_is_destroyed(walk: Walk) -> None:
    """Whatever is there stays: it is taken over as it is, or changed in its place."""
    found = [change for system in walk.changes.values() for change in system.values()]

    assert {one.actions for one in found} == {("no-op",), ("create",), ("update",)}


def test_the_next_plan_is_clean(walk: Walk) -> None:
    """What was applied is what the entries say, and what a role has beside stays with it."""
    assert set(walk.after.differences) == {
        f"role '{name}-role' in account {NUMBER} has the inline policy 'reads', "
        "and no stack gives it."
        for name in READERS
    }
    assert walk.after.unread == ()


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
    iam = walk.sandbox.session(system.account).client("iam")
    arns = [f"arn:aws:iam::{system.account}:oidc-provider/{host}" for host in (GITHUB, RETIRED)]
    now = {one["Arn"] for one in iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]}
    retired = f"oidc-provider-{RETIRED}"

    assert now == set(arns)
    assert (
        read_account(walk.sandbox.session(system.account))[retired] == walk.before["004"][retired]
    )


def test_everything_of_ours_is_taken_over(walk: Walk) -> None:
    """Of 50 roles and 20 repositories those that GitHub reaches are found, and nothing is made."""
    changes = walk.changes[str(LARGE)].values()
    taken = {(one.type, one.imported) for one in changes}

    assert {one.actions for one in changes} <= {("no-op",), ("update",)}
    assert {name for type_, name in taken if type_ == "aws_iam_role"} == set(OURS)
    assert {name for type_, name in taken if type_ == "aws_ecr_repository"} == {
        f"acme/{name}" for name in SERVICES
    }


def test_nothing_foreign_is_touched(walk: Walk) -> None:
    """Whatever GitHub does not reach is as it was."""
    before, after = walk.before[str(LARGE)], read_account(walk.sandbox.session(LARGE.account))

    assert foreign_part(after) == foreign_part(before)
    # It is half of the account.
    assert {kind: len(found) for kind, found in foreign_part(before).items()} == {
        "roles": 25,
        "repositories": 10,
        "providers": 2,
    }
