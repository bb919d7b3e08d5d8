"""
The roles of tasks: ECS has to be able to assume what it is passed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from gate_world import (
    ANYTHING,
    CONTAINER,
    MAIN,
    REGION,
    World,
    document,
    make_infrastructure,
    refusal,
)
from sandbox_estates import NONPROD, PROD, trust_policy

if TYPE_CHECKING:
    from sandbox_estates import Json

ROLES = f"arn:aws:iam::{NONPROD}:role"
# The two keys of AWS's own example.
GUARDED = {
    "StringEquals": {"aws:SourceAccount": NONPROD},
    "ArnLike": {"aws:SourceArn": f"arn:aws:ecs:{REGION}:{NONPROD}:*"},
}


def trusting(service: str, when: Json | None = None) -> str:
    """Return the trust policy of a role for a service."""
    statement: Json = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sts:AssumeRole",
    }
    return document({**statement, "Condition": when} if when else statement)


@pytest.mark.parametrize("key", ["taskRoleArn", "executionRoleArn"])
@pytest.mark.parametrize(
    ("trust", "is_right"),
    [
        pytest.param(trusting("ecs-tasks.amazonaws.com"), True, id="tasks"),
        pytest.param(trusting("ecs-tasks.amazonaws.com", GUARDED), True, id="of this account"),
        pytest.param(trusting("ecs.amazonaws.com"), False, id="the service beside it"),
        pytest.param(trust_policy(NONPROD, MAIN.subject), False, id="a workflow"),
        pytest.param(
            trusting("ecs-tasks.amazonaws.com", {"StringEquals": {"aws:SourceAccount": PROD}}),
            False,
            id="tasks of another account",
        ),
        pytest.param(
            trusting("ecs-tasks.amazonaws.com", {"StringEquals": {"aws:SourceOrgID": "o-1"}}),
            False,
            id="a condition that only AWS could judge",
        ),
    ],
)
def test_a_role_of_tasks(world: World, key: str, trust: str, *, is_right: bool) -> None:
    """A task is started with a role that trusts tasks, and refused in AWS's words with another."""
    make_infrastructure(world)
    family = world.fresh("family")
    role = world.role(world.fresh("of-tasks"), trust=trust)
    world.session(NONPROD).client("ecs").register_task_definition(
        family=family, containerDefinitions=[CONTAINER], **{key: role}
    )
    ecs = world.enter(world.role(world.fresh("runner"), ANYTHING)).client("ecs")
    run = {"cluster": "dev", "taskDefinition": family, "launchType": "FARGATE"}
    update = {"cluster": "dev", "service": "web", "taskDefinition": family}

    for call, asked in ((ecs.run_task, run), (ecs.update_service, update)):
        if is_right:
            assert call(**asked)
        else:
            _, code, text = refusal(call, **asked)
            assert code == "ClientException"
            assert f"unable to assume the role '{role}'" in text


def test_a_role_that_is_not_there(world: World) -> None:
    """It is refused alike, also where it only takes the place of the right one."""
    make_infrastructure(world)
    family = world.fresh("family")
    right = world.role(world.fresh("right"), trust=trusting("ecs-tasks.amazonaws.com"))
    world.session(NONPROD).client("ecs").register_task_definition(
        family=family, containerDefinitions=[CONTAINER], taskRoleArn=right
    )
    ecs = world.enter(world.role(world.fresh("runner"), ANYTHING)).client("ecs")
    asked: Json = {"cluster": "dev", "taskDefinition": family, "launchType": "FARGATE"}

    assert ecs.run_task(**asked)
    found = refusal(ecs.run_task, **asked, overrides={"taskRoleArn": f"{ROLES}/nobody"})
    assert found[1] == "ClientException"
