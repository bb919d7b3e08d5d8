"""The scripts of the infra workflows with real Terraform, against an AWS on this machine."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from infra_estate import ACCOUNTS, BUCKET, synthesize_infra
from machine import Machine
from with_terraform import give_up

from deploy_access.workflow import infra_scripts as scripts
from deploy_access.workflow.infra_steps import QUIET
from sandbox import MissingTool, Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.terraform

READS_ONLY = {"GUARD": "--no-assume-role"}
LOCK = ".terraform.lock.hcl"
# In the body of the request, as the log has it; the policies of the stacks name the action too.
ASSUMES = "Action=AssumeRole&"
# A lock is waited for five minutes, which a test need not.
APPLY = scripts.APPLY_STACK.replace("-lock-timeout=5m", "-lock-timeout=1s")


@pytest.fixture(name="box", scope="module")
def _box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """Start an AWS that has what the stacks need, and nothing of what they make."""
    out = synthesize_infra(tmp_path_factory.mktemp("infra") / "out")
    try:
        with Sandbox(out) as box:
            box.furnish()
            yield box
    except MissingTool as error:
        give_up(str(error))


@pytest.fixture(name="lock", scope="module")
def _lock(box: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the lock file that a repository commits, as docs/infra.md says."""
    machine = _machine(box, tmp_path_factory.mktemp("lock"))
    stack = machine.folder / "account-dev"
    shutil.copytree(box.out / "stacks/account-dev", stack)
    made = machine.run("cd account-dev && terraform init")
    assert made.returncode == 0, made.stderr
    return stack / LOCK


@pytest.fixture(name="job")
def _job(box: Sandbox, lock: Path, tmp_path: Path) -> Callable[[str], Machine]:
    """Return what starts a job that has the synthesized stacks and the lock files beside them."""

    def start(name: str) -> Machine:
        (tmp_path / name).mkdir()
        machine = _machine(box, tmp_path / name)
        shutil.copytree(box.out, machine.folder / "synthesized/head")
        for stack in (machine.folder / "synthesized/head/stacks").iterdir():
            shutil.copyfile(lock, stack / LOCK)
        return machine

    return start


def _machine(box: Sandbox, folder: Path) -> Machine:
    log = {"TF_LOG": "DEBUG", "TF_LOG_PATH": str(folder / "debug.log")}
    machine = Machine(folder=folder, env={**box.environment(), **dict(QUIET), **log})
    # The sandbox's own script finds the keys of an account by the folder that it is called in.
    machine.program("terraform", f'exec {box.environment()["TERRAFORM_BINARY_NAME"]} "$@"')
    return machine


def _of(stack: str, action: str = "deploy") -> dict[str, str]:
    return {"ACTION": action, "DIRECTORY": f"stacks/{stack}", "STACK": stack}


def _done(machine: Machine, script: str, **env: str) -> str:
    run = machine.run(script, **env)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def _apply(job: Callable[[str], Machine], stack: str) -> None:
    """Plan, approve and apply a stack, in two jobs."""
    approved, applying = _approved(job, stack), job(f"apply-{stack}")
    _hand_over(approved, applying)
    _done(applying, APPLY, **_of(stack))


def _approved(job: Callable[[str], Machine], stack: str, name: str = "approved") -> Machine:
    machine = job(name)
    _done(machine, scripts.GUARD, **READS_ONLY)
    _done(machine, scripts.PLAN_STACK, **_of(stack))
    return machine


def _hand_over(approved: Machine, applying: Machine) -> None:
    shutil.copytree(approved.folder / "plans", applying.folder / "approved")
    _done(applying, scripts.GUARD)


def _objects(box: Sandbox, account: str) -> set[str]:
    found = (
        box.session(ACCOUNTS[account]).client("s3").list_objects_v2(Bucket=BUCKET.format(account))
    )
    return {one["Key"] for one in found.get("Contents", [])}


def test_a_plan_assumes_no_role_and_writes_nothing(
    box: Sandbox, job: Callable[[str], Machine]
) -> None:
    """Each stack is planned as the session that is there, in each region, without a lock."""
    machine = job("plan")
    before = _objects(box, "prod")

    _done(machine, scripts.GUARD, **READS_ONLY)
    _done(machine, scripts.PLAN, ACCOUNT=ACCOUNTS["prod"])
    _done(machine, scripts.SHOW_PLAN, ACCOUNT=ACCOUNTS["prod"], ENVIRONMENT="prod")

    plans = {
        path.stem: json.loads(path.read_text("utf-8")) for path in machine.folder.glob("plans/*")
    }
    assert plans.keys() == {"account-prod", "web-prod"}
    images = [
        change
        for change in plans["web-prod"]["resource_changes"]
        if change["type"] == "aws_ecr_repository"
    ]
    assert [one["change"]["actions"] for one in images] == [["create"], ["create"]]
    assert ASSUMES not in machine.text("debug.log")
    assert _objects(box, "prod") == before
    assert "infra-apply" in machine.text("summary.md")


def test_what_was_approved_is_applied(box: Sandbox, job: Callable[[str], Machine]) -> None:
    """The job that applies becomes the role of Terraform, and makes what the plan has shown."""
    _apply(job, "account-dev")

    iam = box.session(ACCOUNTS["dev"]).client("iam")
    assert iam.get_role(RoleName="infra-plan")["Role"]["RoleName"] == "infra-plan"
    assert "deploy-access/account-dev.tfstate" in _objects(box, "dev")


def test_the_job_that_applies_becomes_another_role(job: Callable[[str], Machine]) -> None:
    """So the test above, which looks for that in a log, can fail."""
    approved, applying = _approved(job, "account-prod"), job("apply")
    _hand_over(approved, applying)

    _done(applying, APPLY, **_of("account-prod"))

    assert ASSUMES in applying.text("debug.log")
    assert ASSUMES not in approved.text("debug.log")


def test_another_plan_is_not_applied(box: Sandbox, job: Callable[[str], Machine]) -> None:
    """When AWS changes between approval and apply, the difference is shown and nothing is done."""
    _apply(job, "web-dev")
    iam = box.session(ACCOUNTS["dev"]).client("iam")
    approved, applying = job("again"), job("stops")
    _done(approved, scripts.GUARD, **READS_ONLY)
    _done(approved, scripts.PLAN_STACK, **_of("web-dev"))
    _hand_over(approved, applying)
    iam.update_role(
        RoleName="web-dev-deploy", Description="changed by hand", MaxSessionDuration=7200
    )

    run = applying.run(APPLY, **_of("web-dev"))

    assert run.returncode == 1
    assert "differs: aws_iam_role.Deploy" in run.stdout
    assert "approved  no change" in run.stdout
    assert "::error::web-dev: this is not what was approved" in run.stdout
    role = iam.get_role(RoleName="web-dev-deploy")["Role"]
    assert role["MaxSessionDuration"] == 7200
    _looks_for_drift(job)


def _looks_for_drift(job: Callable[[str], Machine]) -> None:
    """Find what was changed by hand in the report, by its stack."""
    machine = job("drift")
    _done(machine, scripts.GUARD, **READS_ONLY)

    _done(machine, scripts.DRIFT, ACCOUNT=ACCOUNTS["dev"], ENVIRONMENT="dev")

    report = machine.text("drift/dev.md")
    assert re.search(
        r"\*\*web-dev\*\*\n```\n~ .*, update: description, max_session_duration\n```\n", report
    )
    assert ASSUMES not in machine.text("debug.log")


def test_the_holder_of_a_lock_is_told(box: Sandbox, job: Callable[[str], Machine]) -> None:
    """Who, for how long, and with which command it is taken away."""
    held: dict[str, Any] = {
        "ID": "5b2a8a0e-6a0e-4b8e-9d0e-0e6a0e4b8e9d",
        "Operation": "OperationTypeApply",
        "Info": "",
        "Who": "runner@fv-az1",
        "Version": "1.11.4",
        "Created": "2020-01-02T03:04:05.678901234Z",
        "Path": f"{BUCKET.format('prod')}/deploy-access/web-prod.tfstate",
    }
    approved, applying = _approved(job, "web-prod"), job("locked")
    _hand_over(approved, applying)
    box.session(ACCOUNTS["prod"]).client("s3").put_object(
        Bucket=BUCKET.format("prod"),
        Key="deploy-access/web-prod.tfstate.tflock",
        Body=json.dumps(held).encode(),
    )

    run = applying.run(APPLY, **_of("web-prod"))
    told = _done(applying, scripts.LOCKED, **_of("web-prod"))

    assert run.returncode == 1
    lines = told.splitlines()
    assert lines[0].startswith("::error::The state of web-prod is locked by runner@fv-az1, for ")
    assert lines[0].endswith(" minutes (2020-01-02 03:04:05 UTC).")
    assert lines[-1].split() == [
        "terraform",
        "-chdir=cdktf.out/stacks/web-prod",
        "force-unlock",
        held["ID"],
    ]


def test_no_provider_is_installed_beside_the_lock_file(job: Callable[[str], Machine]) -> None:
    """Without a lock file a plan stops, and no file is written in its place."""
    machine = job("unlocked")
    (machine.folder / "synthesized/head/stacks/web-dev" / LOCK).unlink()
    _done(machine, scripts.GUARD, **READS_ONLY)

    run = machine.run(scripts.PLAN_STACK, **_of("web-dev"))

    assert run.returncode != 0
    assert "read-only" in run.stderr
    assert not (machine.folder / "checked/head/stacks/web-dev" / LOCK).exists()
