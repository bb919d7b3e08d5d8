"""Deployment groups that stacks make: how long they wait, and what becomes of the job."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from proof_stacks import PLACE, REGISTER, UPDATE, allow, write_stacks

from deploy_access.errors import InvalidValue
from deploy_access.workflow.deployer_reader import read_deployers
from deploy_access.workflow.durations import ASSUMED, duration_of
from deploy_access.workflow.options import Options

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

    from deploy_access.workflow.deployer import Deployer

Json = dict[str, Any]

NAMES = ("AppECS-main-web", "DgpECS-main-web")
GROUP = f"arn:aws:codedeploy:{PLACE}:deploymentgroup:{'/'.join(NAMES)}"
SHIFT = [
    *(
        REGISTER,
        UPDATE,
        allow(["codedeploy:CreateDeployment", "codedeploy:GetDeploymentGroup"], GROUP),
    ),
    allow("codedeploy:GetDeployment", GROUP),
]


def waiting(ready: Json | None, ends: Json | None, **more: Any) -> Json:
    """Make the resource of the group, with its two waits."""
    blocks = {
        "deployment_ready_option": ready,
        "terminate_blue_instances_on_deployment_success": ends,
    }
    return {
        "app_name": "${aws_codedeploy_app.Web.name}",
        "deployment_group_name": NAMES[1],
        "blue_green_deployment_config": {k: v for k, v in blocks.items() if v is not None},
        **more,
    }


def deployer(folder: Path, *groups: Json, **role: Any) -> Deployer:
    """Read the role of stacks with deployment groups."""
    made = {f"Group{number}": group for number, group in enumerate(groups)}
    more = {
        "aws_codedeploy_app": {"Web": {"name": NAMES[0]}},
        "aws_codedeploy_deployment_group": made,
    }
    (found,) = read_deployers(write_stacks(folder, *SHIFT, role=role, more=more)).deployers
    return found


def minutes_of(found: Deployer) -> int | None:
    """Return how long the group of its one service waits."""
    (service,) = found.targets[0].services
    assert service.codedeploy is not None
    return service.codedeploy.minutes


AT_ONCE: Json = {"action_on_timeout": "CONTINUE_DEPLOYMENT"}
BY_HAND: Json = {"action_on_timeout": "STOP_DEPLOYMENT", "wait_time_in_minutes": 30}


def after(minutes: object) -> Json:
    """End the old tasks after some minutes."""
    return {"action": "TERMINATE", "termination_wait_time_in_minutes": minutes}


KNOWN = waiting(AT_ONCE, after(5))


@pytest.mark.parametrize(
    ("groups", "minutes"),
    [
        pytest.param([KNOWN], 5, id="at once"),
        pytest.param([waiting(BY_HAND, after(5))], 35, id="by hand"),
        pytest.param([waiting(BY_HAND, after("5"))], 35, id="digits as text"),
        pytest.param([waiting(AT_ONCE, after(0))], 0, id="nothing"),
        pytest.param([waiting(AT_ONCE, after("${var.minutes}"))], None, id="a variable"),
        pytest.param([waiting(AT_ONCE, None)], None, id="no time for the old tasks"),
        pytest.param([waiting(None, after(5))], None, id="no time for the new ones"),
        pytest.param(
            [waiting({**BY_HAND, "wait_time_in_minutes": None}, after(5))], None, id="null"
        ),
        pytest.param([{**KNOWN, "count": 1}], None, id="count"),
        pytest.param([{**KNOWN, "provider": "aws.other"}], None, id="another account"),
        pytest.param([{**KNOWN, "deployment_group_name": "other"}], None, id="another group"),
        pytest.param([{**KNOWN, "app_name": "other"}], None, id="another application"),
        pytest.param([KNOWN, waiting(AT_ONCE, after(6))], None, id="two that differ"),
        pytest.param([KNOWN, {**KNOWN, "deployment_group_name": "b"}], 5, id="another beside it"),
        pytest.param([], None, id="none"),
    ],
)
def test_waits(tmp_path: Path, groups: list[Json], minutes: int | None) -> None:
    """Both times count when they are certain; without them nothing is known."""
    assert minutes_of(deployer(tmp_path, *groups)) == minutes


@pytest.mark.parametrize(
    ("groups", "session", "minutes"),
    [
        pytest.param([KNOWN], 3600, 35, id="its own time"),
        pytest.param([waiting(BY_HAND, after(20))], 3600, 60, id="no longer than the session"),
        pytest.param([waiting(AT_ONCE, after(90))], 14400, 120, id="more than an hour"),
        pytest.param([], 14400, 30 + ASSUMED, id="an hour is assumed"),
    ],
)
def test_the_job(tmp_path: Path, groups: list[Json], session: int, minutes: int) -> None:
    """The job has time for what the group waits, as far as its session lasts."""
    found = deployer(tmp_path, *groups, max_session_duration=session)

    assert duration_of(found, Options()).minutes == minutes


@pytest.mark.parametrize(
    ("ends", "session", "timeout", "given"),
    [
        pytest.param(60, 3600, None, "60 minutes; the job 60 minutes", id="session"),
        pytest.param(40, 7200, 40, "40 minutes; the job 40 minutes", id="option"),
        pytest.param(360, 43200, None, "360 minutes; the job 390 minutes", id="action"),
    ],
)
def test_a_job_that_ends_before(
    tmp_path: Path, ends: int, session: int, timeout: int | None, given: str
) -> None:
    """A job that would be cut off while the group waits is refused, and the way out is said."""
    found = deployer(tmp_path, waiting(AT_ONCE, after(ends)), max_session_duration=session)

    with pytest.raises(InvalidValue) as caught:
        duration_of(found, Options.of(minutes=timeout))

    assert str(caught.value) == (
        "A job of role 'web-prod-deploy' ends before CodeDeploy does. Got "
        f"AppECS-main-web/DgpECS-main-web {given}. It waits until the old tasks have ended, so "
        "each deploy would look failed. Give the deployment group shorter waiting times, or the "
        "job more: `max_session_duration` of the role, and `--timeout`. The action waits 360 "
        "minutes at most."
    )


def test_an_assumption_is_said(run: Callable[..., Result], tmp_path: Path) -> None:
    """The command names a group that no stack makes, and what is counted for it."""
    said = "counts 60 minutes for the waiting\n  times of deployment group 'DgpECS-main-web'"
    deployer(tmp_path / "known", KNOWN)

    assert said in run("--repo", "acme/shifting", "--write", str(tmp_path / "github")).stderr
    assert (
        "deployment group"
        not in run("--write", str(tmp_path / "other"), out=tmp_path / "known").stderr
    )
