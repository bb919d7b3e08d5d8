"""What a deploy may do: whole policies, judged by parliament's copy of AWS's list."""

from __future__ import annotations

import pytest
from judges import identity as parliament

from deploy_access.audit.permission_rules import writes
from deploy_access.iam.capabilities import (
    ALSO,
    EcsDeployment,
    deploy_service,
    deploy_with_codedeploy,
    pass_task_roles,
    read_services,
    read_task_definition,
    register_task_definition,
    run_task,
    tag_on_create,
)
from deploy_access.iam.documents import read_policy
from deploy_access.iam.ecr_capabilities import (
    IMPORT_ACTIONS,
    PULL_ACTIONS,
    PUSH_ACTIONS,
    REPLICATION_ACTIONS,
    pull_images,
    push_images,
    read_images,
)
from deploy_access.iam.statement import PolicyDocument, Statement

HERE = "eu-central-1:111122223333"
REPOSITORY = f"arn:aws:ecr:{HERE}:repository/web"
CLUSTER = f"arn:aws:ecs:{HERE}:cluster/prod"
SERVICES = [f"arn:aws:ecs:{HERE}:service/prod/web", f"arn:aws:ecs:{HERE}:service/prod/api"]
FAMILIES = [f"arn:aws:ecs:{HERE}:task-definition/web:*"]
ROLES = ["arn:aws:iam::111122223333:role/web-task", "arn:aws:iam::111122223333:role/ecs/execution"]
TASKS = f"arn:aws:ecs:{HERE}:task/prod/*"
ECS = EcsDeployment(
    cluster=CLUSTER, services=SERVICES, task_definitions=FAMILIES, task_roles=ROLES, tasks=TASKS
)
IN_CLUSTER = {"ArnEquals": {"ecs:cluster": CLUSTER}}
LOG_IN: dict[str, object] = {
    "Sid": "LogInToRegistry",
    "Effect": "Allow",
    "Action": "ecr:GetAuthorizationToken",
    "Resource": "*",
}
REGISTER: dict[str, object] = {
    "Sid": "RegisterTaskDefinition",
    "Effect": "Allow",
    "Action": "ecs:RegisterTaskDefinition",
    "Resource": "*",
}
READ_SERVICES: dict[str, object] = {
    "Sid": "ReadServices",
    "Effect": "Allow",
    "Action": "ecs:DescribeServices",
    "Resource": sorted(SERVICES),
    "Condition": IN_CLUSTER,
}

POLICIES: dict[str, tuple[list[Statement], list[dict[str, object]]]] = {
    "push": (
        push_images(REPOSITORY),
        [
            LOG_IN,
            {
                "Sid": "PushImages",
                "Effect": "Allow",
                "Action": [
                    "ecr:BatchCheckLayerAvailability",
                    "ecr:BatchGetImage",
                    "ecr:CompleteLayerUpload",
                    "ecr:InitiateLayerUpload",
                    "ecr:PutImage",
                    "ecr:UploadLayerPart",
                ],
                "Resource": REPOSITORY,
            },
        ],
    ),
    "push with a cache": (
        push_images(REPOSITORY, cache=True),
        [
            LOG_IN,
            {
                "Sid": "PushImages",
                "Effect": "Allow",
                "Action": [
                    "ecr:BatchCheckLayerAvailability",
                    "ecr:BatchGetImage",
                    "ecr:CompleteLayerUpload",
                    "ecr:GetDownloadUrlForLayer",
                    "ecr:InitiateLayerUpload",
                    "ecr:PutImage",
                    "ecr:UploadLayerPart",
                ],
                "Resource": REPOSITORY,
            },
        ],
    ),
    "pull": (
        pull_images(REPOSITORY),
        [
            LOG_IN,
            {
                "Sid": "PullImages",
                "Effect": "Allow",
                "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
                "Resource": REPOSITORY,
            },
        ],
    ),
    "read images": (
        read_images(REPOSITORY),
        [
            {
                "Sid": "ReadImages",
                "Effect": "Allow",
                "Action": [
                    "ecr:DescribeImageScanFindings",
                    "ecr:DescribeImages",
                    "ecr:DescribeRepositories",
                    "ecr:ListImages",
                ],
                "Resource": REPOSITORY,
            },
        ],
    ),
    "deploy": (
        [*deploy_service(ECS), pass_task_roles(ECS)],
        [
            REGISTER,
            {
                "Sid": "UpdateServices",
                "Effect": "Allow",
                "Action": "ecs:UpdateService",
                "Resource": sorted(SERVICES),
                "Condition": {
                    **IN_CLUSTER,
                    "ArnLikeIfExists": {"ecs:task-definition": FAMILIES[0]},
                },
            },
            READ_SERVICES,
            {
                "Sid": "PassTaskRoles",
                "Effect": "Allow",
                "Action": "iam:PassRole",
                "Resource": sorted(ROLES),
                "Condition": {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
            },
        ],
    ),
    "one-off tasks": (
        run_task(ECS, FAMILIES),
        [
            {
                "Sid": "RunTasks",
                "Effect": "Allow",
                "Action": "ecs:RunTask",
                "Resource": FAMILIES[0],
                "Condition": IN_CLUSTER,
            },
            {
                "Sid": "ReadTasks",
                "Effect": "Allow",
                "Action": "ecs:DescribeTasks",
                "Resource": TASKS,
                "Condition": IN_CLUSTER,
            },
        ],
    ),
    "read task definitions": (
        [read_task_definition()],
        [
            {
                "Sid": "ReadTaskDefinition",
                "Effect": "Allow",
                "Action": "ecs:DescribeTaskDefinition",
                "Resource": "*",
            }
        ],
    ),
    "tags": (
        [tag_on_create([*FAMILIES, TASKS], ["RunTask", "RegisterTaskDefinition"])],
        [
            {
                "Sid": "TagOnCreate",
                "Effect": "Allow",
                "Action": "ecs:TagResource",
                "Resource": sorted([*FAMILIES, TASKS]),
                "Condition": {
                    "StringEquals": {"ecs:CreateAction": ["RegisterTaskDefinition", "RunTask"]}
                },
            }
        ],
    ),
    "blue and green": (
        [
            register_task_definition(),
            read_services(ECS),
            *deploy_with_codedeploy(
                applications=[f"arn:aws:codedeploy:{HERE}:application:web"],
                groups=[f"arn:aws:codedeploy:{HERE}:deploymentgroup:web/web"],
                configurations=[
                    f"arn:aws:codedeploy:{HERE}:deploymentconfig:CodeDeployDefault.ECSAllAtOnce"
                ],
            ),
        ],
        [
            REGISTER,
            READ_SERVICES,
            {
                "Sid": "CreateDeployments",
                "Effect": "Allow",
                "Action": [
                    "codedeploy:CreateDeployment",
                    "codedeploy:GetDeployment",
                    "codedeploy:GetDeploymentGroup",
                ],
                "Resource": f"arn:aws:codedeploy:{HERE}:deploymentgroup:web/web",
            },
            {
                "Sid": "ReadDeploymentConfigurations",
                "Effect": "Allow",
                "Action": "codedeploy:GetDeploymentConfig",
                "Resource": (
                    f"arn:aws:codedeploy:{HERE}:deploymentconfig:CodeDeployDefault.ECSAllAtOnce"
                ),
            },
            {
                "Sid": "RegisterRevisions",
                "Effect": "Allow",
                "Action": "codedeploy:RegisterApplicationRevision",
                "Resource": f"arn:aws:codedeploy:{HERE}:application:web",
            },
        ],
    ),
}
POLICIES["other deployers"] = (
    [one(ECS) for one in ALSO.values()],
    [
        {
            "Sid": "ListServiceDeployments",
            "Effect": "Allow",
            "Action": "ecs:ListServiceDeployments",
            "Resource": sorted(SERVICES),
            "Condition": IN_CLUSTER,
        },
        {
            "Sid": "ListTasks",
            "Effect": "Allow",
            "Action": "ecs:ListTasks",
            "Resource": "*",
            "Condition": IN_CLUSTER,
        },
        {
            "Sid": "StopTasks",
            "Effect": "Allow",
            "Action": "ecs:StopTask",
            "Resource": TASKS,
            "Condition": IN_CLUSTER,
        },
    ],
)

ACCEPTED = [
    # A container instance, which a task on Fargate has not: see `list_tasks`.
    ("RESOURCE_STAR", "ecs:ListTasks"),
    # AWS's list and the calls that it denies disagree: see `register_task_definition`.
    ("RESOURCE_STAR", "ecs:RegisterTaskDefinition"),
]


@pytest.mark.parametrize("name", POLICIES)
def test_whole_policies(name: str) -> None:
    """Each capability is these statements and nothing besides."""
    statements, expected = POLICIES[name]

    assert PolicyDocument(tuple(statements)).to_dict()["Statement"] == expected


@pytest.mark.parametrize("name", POLICIES)
def test_parliament_accepts_every_capability(name: str) -> None:
    """Every action exists, takes these resources and has these condition keys."""
    document = PolicyDocument(tuple(POLICIES[name][0]))

    assert parliament.findings(document, accepted=ACCEPTED) == []


@pytest.mark.parametrize(
    ("broken", "finding"),
    [
        pytest.param(
            Statement(sid="A", actions=["ecs:UpdateServices"], resources=SERVICES),
            "UNKNOWN_ACTION",
            id="misspelt action",
        ),
        pytest.param(
            Statement(sid="A", actions=["ecs:UpdateService"], resources=[CLUSTER]),
            "RESOURCE_MISMATCH",
            id="resource of another kind",
        ),
        pytest.param(
            Statement(
                sid="A",
                actions=["ecs:UpdateService"],
                resources=SERVICES,
                conditions={"ArnEquals": {"ecs:task-definitions": FAMILIES}},
            ),
            "UNKNOWN_CONDITION_FOR_ACTION",
            id="misspelt condition key",
        ),
        pytest.param(
            Statement(sid="A", actions=["ecs:UpdateService"], resources=["*"]),
            "RESOURCE_STAR",
            id="star",
        ),
    ],
)
def test_parliament_can_fail(broken: Statement, finding: str) -> None:
    """The judge is awake: it finds what is wrong with a policy that looks right."""
    (found,) = parliament.findings(PolicyDocument((broken,)), accepted=ACCEPTED)

    assert found.startswith(f"{finding}: ")


@pytest.mark.parametrize("actions", [IMPORT_ACTIONS, REPLICATION_ACTIONS])
def test_actions_of_a_registry(actions: tuple[str, ...]) -> None:
    """AWS has the actions of a registry's policy, and they are about repositories."""
    statement = Statement(sid="A", actions=actions, resources=[REPOSITORY])
    # Parliament's copy of the list is older than the resource of this action.
    older = ("RESOURCE_MISMATCH", "ecr:BatchImportUpstreamImage")

    assert parliament.findings(PolicyDocument((statement,)), accepted=[older]) == []


def test_a_cache_adds_what_a_pull_needs() -> None:
    """To read a cache is to pull, so the union of both lists covers it."""
    assert set(push_images(REPOSITORY, cache=True)[1].actions) == {*PUSH_ACTIONS, *PULL_ACTIONS}


def test_only_pulling_and_reading_reads_only() -> None:
    """Whoever pushes or deploys is no reader, so a pull request may not get it."""
    readers = {
        name
        for name, (made, _) in POLICIES.items()
        if not writes(read_policy(PolicyDocument(tuple(made)).to_json()).policy)
    }

    assert readers == {"pull", "read images", "read task definitions"}
