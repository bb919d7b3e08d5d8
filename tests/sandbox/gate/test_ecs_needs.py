"""
Calls of ECS and CodeDeploy through the gate: what they need beside their own action.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from gate_world import (
    CONTAINER,
    REGION,
    World,
    allow,
    denied,
    document,
    make_infrastructure,
    refusal,
)
from sandbox_estates import NONPROD

if TYPE_CHECKING:
    from sandbox_estates import Json

ECS = f"arn:aws:ecs:{REGION}:{NONPROD}"
ECR = f"arn:aws:ecr:{REGION}:{NONPROD}:repository"
TASK = f"arn:aws:iam::{NONPROD}:role/task"
TASKS_TRUST = document(
    {
        "Effect": "Allow",
        "Principal": {"Service": "ecs-tasks.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
)
CLUSTER = {"ArnEquals": {"ecs:cluster": f"{ECS}:cluster/dev"}}


@pytest.fixture(scope="module", autouse=True)
def _infrastructure(world: World) -> None:
    """
    Make what the calls are about.
    """
    make_infrastructure(world)


@pytest.mark.parametrize(
    ("asked", "refused"),
    [
        pytest.param({"cluster": "dev", "service": "web"}, None, id="granted"),
        pytest.param({"cluster": "dev", "service": f"{ECS}:service/dev/web"}, None, id="by ARN"),
        pytest.param(
            {"cluster": f"{ECS}:cluster/dev", "service": "web"}, None, id="cluster by ARN"
        ),
        pytest.param(
            {"cluster": "dev", "service": "web", "taskDefinition": "web"}, None, id="its family"
        ),
        pytest.param(
            {"cluster": "dev", "service": "other"}, "service/dev/other", id="another service"
        ),
        pytest.param(
            {"cluster": "prod", "service": f"{ECS}:service/dev/web"},
            "service/prod/web",
            id="another cluster under a granted name",
        ),
        pytest.param({"service": "web"}, "service/default/web", id="the default cluster"),
        pytest.param(
            {"cluster": "dev", "service": "web", "taskDefinition": "other"},
            "service/dev/web",
            id="another family",
        ),
        pytest.param(
            {
                "cluster": "dev",
                "service": "web",
                "taskDefinition": f"{ECS}:task-definition/other:1",
            },
            "service/dev/web",
            id="another family by ARN",
        ),
    ],
)
def test_update_service(world: World, asked: Json, refused: str | None) -> None:
    """The service, its cluster and the task definition that it gets are judged."""
    family = {"ArnLikeIfExists": {"ecs:task-definition": f"{ECS}:task-definition/web:*"}}
    name = world.fresh("updater")
    on = f"{ECS}:service/dev/web"
    role = world.role(name, allow("ecs:UpdateService", on=on, when={**CLUSTER, **family}))
    ecs = world.enter(role).client("ecs")

    if refused is None:
        assert ecs.update_service(**asked)["service"]["serviceName"] == "web"
    else:
        assert refusal(ecs.update_service, **asked) == denied(
            name, "ecs:UpdateService", f"{ECS}:{refused}"
        )


def test_the_family_is_resolved_to_its_revision(world: World) -> None:
    """A policy on the bare family matches no more, since ECS resolves the revision first."""
    bare = {"ArnEquals": {"ecs:task-definition": f"{ECS}:task-definition/web"}}
    role = world.role("bare", allow("ecs:UpdateService", when=bare))
    ecs = world.enter(role).client("ecs")

    answer = refusal(ecs.update_service, cluster="dev", service="web", taskDefinition="web")

    assert answer == denied("bare", "ecs:UpdateService", f"{ECS}:service/dev/web")


PASSES = [
    allow("ecs:RegisterTaskDefinition"),
    allow(
        "iam:PassRole",
        on=TASK,
        when={"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
    ),
]


@pytest.mark.parametrize(
    ("given", "action", "resource"),
    [
        pytest.param({"taskRoleArn": TASK}, None, "", id="its task role"),
        pytest.param({"taskRoleArn": "task"}, None, "", id="by name"),
        pytest.param({"executionRoleArn": TASK}, None, "", id="as execution role"),
        pytest.param(
            {"taskRoleArn": f"arn:aws:iam::{NONPROD}:role/Admin"},
            "iam:PassRole",
            f"arn:aws:iam::{NONPROD}:role/Admin",
            id="another role",
        ),
        pytest.param(
            {"taskRoleArn": TASK, "executionRoleArn": "Admin"},
            "iam:PassRole",
            f"arn:aws:iam::{NONPROD}:role/Admin",
            id="another execution role",
        ),
        pytest.param(
            {"tags": [{"key": "team", "value": "web"}]},
            "ecs:TagResource",
            f"{ECS}:task-definition/web:*",
            id="tags",
        ),
    ],
)
def test_register_task_definition(
    world: World, given: Json, action: str | None, resource: str
) -> None:
    """Each role that a task definition names has to be passed, and tags need their own right."""
    name = world.fresh("registrar")
    ecs = world.enter(world.role(name, *PASSES)).client("ecs")
    asked = {"family": "web", "containerDefinitions": [CONTAINER], **given}

    if action is None:
        assert ecs.register_task_definition(**asked)["taskDefinition"]["family"] == "web"
    else:
        answer = refusal(ecs.register_task_definition, **asked)
        assert answer == denied(name, action, resource)


def test_a_refused_call_changes_nothing(world: World) -> None:
    """What is refused for one of its needs never reaches moto."""
    ecs = world.enter(world.role("halfway", PASSES[0])).client("ecs")
    given = {"family": "never", "containerDefinitions": [CONTAINER], "taskRoleArn": TASK}

    assert refusal(ecs.register_task_definition, **given)[1] == "AccessDeniedException"

    found = world.session(NONPROD).client("ecs").list_task_definitions(familyPrefix="never")
    assert found["taskDefinitionArns"] == []


def test_tags_on_create(world: World) -> None:
    """The right to tag may be bound to the call that creates."""
    tag = allow(
        "ecs:TagResource", when={"StringEquals": {"ecs:CreateAction": "RegisterTaskDefinition"}}
    )
    ecs = world.enter(world.role("tagger", PASSES[0], tag)).client("ecs")
    tags = [{"key": "team", "value": "web"}]

    answer = ecs.register_task_definition(
        family="tagged", containerDefinitions=[CONTAINER], tags=tags
    )

    assert answer["taskDefinition"]["family"] == "tagged"


def test_run_task_passes_the_roles_of_its_definition(world: World) -> None:
    """Who may start a task also needs to pass the roles that the task gets."""
    family = world.session(NONPROD).client("ecs")
    world.role("task", trust=TASKS_TRUST)
    family.register_task_definition(
        family="job", containerDefinitions=[CONTAINER], taskRoleArn=TASK
    )
    run = allow("ecs:RunTask", on=f"{ECS}:task-definition/job:*", when=CLUSTER)
    asked = {"cluster": "dev", "taskDefinition": "job", "launchType": "FARGATE"}

    with_role = world.enter(world.role("runner", run, PASSES[1])).client("ecs")
    without = world.enter(world.role("walker", run)).client("ecs")
    other = {"overrides": {"taskRoleArn": "Admin"}}

    assert with_role.run_task(**asked)["tasks"]
    assert refusal(without.run_task, **asked) == denied("walker", "iam:PassRole", TASK)
    assert refusal(with_role.run_task, **asked, **other) == denied(
        "runner", "iam:PassRole", f"arn:aws:iam::{NONPROD}:role/Admin"
    )


APPLICATION = {"applicationName": "App", "deploymentGroupName": "Group"}
GROUP = f"arn:aws:codedeploy:{REGION}:{NONPROD}:deploymentgroup:App/Group"


@pytest.fixture(scope="module")
def deployment_group(world: World) -> str:
    """
    Make a deployment group, and return the configuration that its deployments follow.
    """
    codedeploy = world.session(NONPROD).client("codedeploy")
    codedeploy.create_application(applicationName="App", computePlatform="ECS")
    codedeploy.create_deployment_group(**APPLICATION, serviceRoleArn=TASK)
    return f"arn:aws:codedeploy:{REGION}:{NONPROD}:deploymentconfig:CodeDeployDefault.OneAtATime"


def test_a_deployment_of_codedeploy(world: World, deployment_group: str) -> None:
    """Who creates a deployment needs its group, its configuration and its application."""
    actions = ("codedeploy:CreateDeployment", "codedeploy:GetDeployment")
    configuration = allow("codedeploy:GetDeploymentConfig", on=deployment_group)
    revision = allow(
        "codedeploy:RegisterApplicationRevision",
        on=f"arn:aws:codedeploy:{REGION}:{NONPROD}:application:App",
    )
    poor = world.enter(world.role("half-deployer", allow(*actions, on=GROUP)))
    role = world.role("deployer", allow(*actions, on=GROUP), configuration, revision)
    codedeploy = world.enter(role).client("codedeploy")
    number = codedeploy.create_deployment(**APPLICATION)["deploymentId"]

    assert codedeploy.get_deployment(deploymentId=number)["deploymentInfo"]
    assert refusal(poor.client("codedeploy").create_deployment, **APPLICATION) == denied(
        "half-deployer", "codedeploy:GetDeploymentConfig", deployment_group
    )


def test_another_deployment_group(world: World, deployment_group: str) -> None:
    """A grant on one deployment group reaches no other."""
    assert deployment_group
    role = world.role("group-reader", allow("codedeploy:GetDeploymentGroup", on=GROUP))
    codedeploy = world.enter(role).client("codedeploy")
    asked = {"applicationName": "App", "deploymentGroupName": "Other"}

    assert codedeploy.get_deployment_group(**APPLICATION)["deploymentGroupInfo"]
    assert refusal(codedeploy.get_deployment_group, **asked) == denied(
        "group-reader", "codedeploy:GetDeploymentGroup", GROUP.replace("Group", "Other")
    )
