"""Deploying goes in waves, with one role an account, and every run waits for the one before."""

from __future__ import annotations

import re

from workflow_files import WORKFLOWS, step, steps, workflow

from deploy_access.workflow.waiting import NEWEST

DEPLOY = workflow("deploy.yml")
STACK = workflow("deploy-wave.yml")["jobs"]["stack"]
PLAN = DEPLOY["jobs"]["plan"]
WAVES = {name: job for name, job in DEPLOY["jobs"].items() if name != "plan"}


def test_each_wave_waits_for_the_one_before() -> None:
    """A wave needs the wave before; GitHub skips it when that one failed, with all after it."""
    before = [["plan"], *(["plan", f"wave-{number}"] for number in range(1, len(WAVES)))]
    needs = [[job["needs"]] if job["needs"] == "plan" else job["needs"] for job in WAVES.values()]
    assert needs == before


def test_a_wave_without_stacks_is_skipped() -> None:
    """GitHub fails on an empty matrix, so each wave asks first; waves are empty from the end on."""
    assert [(name, job["if"]) for name, job in WAVES.items()] == [
        (f"wave-{number}", f"needs.plan.outputs.has_wave_{number} == 'true'")
        for number in range(1, len(WAVES) + 1)
    ]


def test_each_wave_has_its_own_matrix() -> None:
    """No wave is left out between the command and the jobs."""
    numbers = range(1, len(WAVES) + 1)
    assert [job["with"] for job in WAVES.values()] == [
        {"wave": f"${{{{ needs.plan.outputs.wave_{number} }}}}"} for number in numbers
    ]
    expected = [f"{kind}_{number}" for number in numbers for kind in ("has_wave", "wave")]
    assert PLAN["outputs"] == {name: f"${{{{ steps.waves.outputs.{name} }}}}" for name in expected}
    assert f"--waves {len(WAVES)} " in step(DEPLOY, "Order the stacks that changed")["run"]


def test_a_deploy_is_never_cancelled() -> None:
    """Runs wait for the one at work, and so do jobs of one stack; of those the newest counts."""
    waits = {"cancel-in-progress": False}
    assert DEPLOY["concurrency"] == {"group": "deploy", **waits}
    assert STACK["concurrency"] == {"group": "stack-${{ matrix.stack }}", **waits}


def test_what_waits_is_said_as_in_the_workflows_that_are_made() -> None:
    """What becomes of runs that wait is decided once, and said in the same words."""
    text = (WORKFLOWS / "deploy.yml").read_text("utf-8")
    assert "".join(f"# {line}\n" for line in NEWEST.why) in text


def test_only_the_job_of_a_stack_may_take_a_role() -> None:
    """What plans has no access to AWS; what deploys has nothing else, and an environment."""
    assert PLAN["permissions"] == {"actions": "read", "contents": "read"}
    assert [job["permissions"] for job in [*WAVES.values(), STACK]] == [{"id-token": "write"}] * (
        len(WAVES) + 1
    )
    assert STACK["environment"] == "${{ matrix.environment }}"


def test_the_role_is_taken_in_the_account_of_the_stack_only() -> None:
    """The action refuses another account, and the session ends after an hour."""
    [login] = [found for found in steps({"jobs": {"stack": STACK}}) if "aws-actions/" in str(found)]
    assert login["with"] == {
        "role-to-assume": "${{ vars.DEPLOY_ROLE_ARN }}",
        "role-session-name": "deploy-${{ github.run_id }}-${{ github.run_attempt }}",
        "role-duration-seconds": 3600,
        "aws-region": "${{ matrix.region || vars.AWS_REGION }}",
        "allowed-account-ids": "${{ matrix.account }}",
    }


def test_no_code_of_ours_runs_beside_the_role() -> None:
    """The job of a stack checks nothing out: Terraform applies the JSON of the plan job."""
    assert not any("checkout" in found.get("uses", "") for found in STACK["steps"])
    check, apply = [found["run"] for found in STACK["steps"] if "run" in found]
    assert [found.get("run") for found in STACK["steps"]].index(check) == 1
    assert set(re.findall(r"^ +(\w+)", apply, re.MULTILINE)) <= {"deploy", "destroy"}


def test_the_job_that_deploys_nothing_is_the_one_that_is_passed_over() -> None:
    """The name by which failed runs are told apart is the name of the job that plans."""
    assert step(DEPLOY, "Find the deployed commit")["with"] == {
        "workflow": "deploy.yml",
        "harmless-job": PLAN["name"],
    }
