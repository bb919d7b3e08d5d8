"""Tasks that run at times: their workflow, who may have one, and what they run on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from rendering import plan
from workflow_files import parse

from deploy_access.errors import InvalidValue
from deploy_access.workflow.calls import calls_of
from deploy_access.workflow.option_values import why_no_schedule
from deploy_access.workflow.options import Options
from deploy_access.workflow.plan import plan_workflows
from deploy_access.workflow.setting_checks import check_hints

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

    from deploy_access.workflow.deployer_reader import DeployerEstate


def test_tasks_alone_have_a_workflow_at_times(run: Callable[..., Result]) -> None:
    """Nothing but the time starts it."""
    text = run("--repo", "acme/nightly").stdout

    assert parse(text)["on"] == {"schedule": [{"cron": "0 3 * * *"}]}


def test_an_option_wins(run: Callable[..., Result]) -> None:
    """What is asked for on the command line counts, and one of two that exclude each other."""
    words = ["--schedule", "5 4 * * 0", "--launch-type", "EC2"]
    text = run("--repo", "acme/nightly", *words).stdout

    assert "cron: 5 4 * * 0" in text
    assert "run-task-launch-type: EC2" in text
    assert "run-task-capacity-provider-strategy" not in text


def test_both_options(run: Callable[..., Result]) -> None:
    """ECS takes a launch type or a capacity provider."""
    refused = run("--repo", "acme/once", "--launch-type", "EC2", "--capacity-provider", "x")

    assert refused.exit_code == 1
    assert "has a launch type and a capacity provider" in " ".join(refused.stderr.split())


@pytest.mark.parametrize("repository", ["push", "migrating", "check"])
def test_a_schedule_of_others(run: Callable[..., Result], repository: str) -> None:
    """Whoever pushes, deploys or only looks has no schedule."""
    assert run("--repo", f"acme/{repository}", "--schedule", "0 3 * * *").exit_code == 2


def test_a_hint_of_a_role_that_deploys(read: DeployerEstate) -> None:
    """A role that would deploy at that time is refused."""
    hinted = [replace(one, hints={"schedule": "0 3 * * *"}) for one in read.deployers]

    with pytest.raises(InvalidValue, match="has a schedule, and does more than run tasks"):
        plan_workflows(hinted, Options(repo="acme/migrating"))


def test_two_times(read: DeployerEstate) -> None:
    """Roles with times of their own have workflows of their own."""
    (once,) = [one for one in read.deployers if one.name == "once-deploy"]
    names = {"once-dev": "0 1 * * *", "once-prod": "0 2 * * *"}
    made = [
        replace(once, role=replace(once.role, name=name), hints={"schedule": time})
        for name, time in names.items()
    ]
    planned = plan_workflows(made, Options(repo="acme/once"))

    assert {one.triggers.schedule for one in planned} == {"0 1 * * *", "0 2 * * *"}
    assert len({one.file for one in planned}) == 2


@pytest.mark.parametrize(("repository", "may_have"), [("nightly", True), ("once", False)])
def test_a_condition_on_the_capacity_provider(
    read: DeployerEstate, repository: str, *, may_have: bool
) -> None:
    """A call without a capacity provider does not have the key; one with it may have any value."""
    (workflow,) = plan(read, repository)

    (ran,) = [call for call in calls_of(workflow.jobs[0]) if call.operation == "RunTask"]
    assert ("ecs:capacity-provider" not in ran.lacks) == may_have


@pytest.mark.parametrize(
    "text", ["0 3 * * *", "*/15 8-18 * * 1-5", "0 0,12 1 */2 *", "17 3 * JAN-JUN SUN"]
)
def test_schedules(text: str) -> None:
    """Five fields with numbers, names, ranges, lists and steps."""
    assert why_no_schedule(text) is None
    assert list(check_hints({"schedule": text})) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "daily",
        "@daily",
        "0 3 * *",
        "0 3 * * * *",
        "0  3 * * *",
        "0 3 * * ${{ x }}",
        "? * * * *",
    ],
)
def test_no_schedules(text: str) -> None:
    """Anything else is none of GitHub's."""
    assert why_no_schedule(text) is not None
    assert list(check_hints({"schedule": text})) != []
