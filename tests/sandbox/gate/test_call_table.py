"""
The table of calls, held against AWS's own data, and what each row works out.
"""

from __future__ import annotations

import json
import re
import warnings
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from botocore.session import Session  # pyright: ignore[reportMissingTypeStubs]
from gate_world import REGION
from sandbox_estates import NONPROD

from sandbox.gate.call import ApiCall
from sandbox.gate.call_table import TABLE
from sandbox.gate.need import ANY, CallTarget

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.gate.need import Need

# Parliament leaves its data files to the garbage collector when it is imported.
with warnings.catch_warnings():
    warnings.simplefilter("ignore", ResourceWarning)
    import parliament  # pyright: ignore[reportMissingTypeStubs]

PLACE = CallTarget(partition="aws", region=REGION, account=NONPROD)
ECS = f"arn:aws:ecs:{REGION}:{NONPROD}"
CODEDEPLOY = f"arn:aws:codedeploy:{REGION}:{NONPROD}"
ROLES = f"arn:aws:iam::{NONPROD}:role"
BOUNDARY = f"arn:aws:iam::{NONPROD}:policy/boundary"
KMS_KEY = f"arn:aws:kms:{REGION}:{NONPROD}:key/00000000-0000-0000-0000-000000000001"
TASKS, SERVICE = "ecs-tasks.amazonaws.com", "ecs.amazonaws.com"


class Known:
    """A lookup that knows one task definition and one deployment."""

    def task_definition(self, name: str) -> Mapping[str, Any]:
        """Know the family `web`."""
        arn = f"{ECS}:task-definition/web:7"
        return {"taskDefinitionArn": arn, "taskRoleArn": f"{ROLES}/web"} if "web" in name else {}

    def deployment(self, number: str) -> Mapping[str, Any]:
        """Know `d-1`."""
        found = {"applicationName": "App", "deploymentGroupName": "Group"}
        return found if number == "d-1" else {}

    def deployment_group(self, application: str, group: str) -> Mapping[str, Any]:
        """Know the group `Group`."""
        del application
        return {"deploymentConfigName": "Mine"} if group == "Group" else {}

    def role(self, name: str) -> Mapping[str, Any]:
        """Know the role `web`, which has a path and a boundary."""
        found = {"PermissionsBoundaryArn": BOUNDARY}
        arn = f"{ROLES}/ci/web"
        return {"Arn": arn, "PermissionsBoundary": found} if name == "web" else {}

    def owns_bucket(self, bucket: str) -> bool:
        """Know the bucket `state`."""
        return bucket == "state"

    def bucket_encryption(self, bucket: str) -> Mapping[str, Any]:
        """Know that the bucket `encrypted` has a key."""
        default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KMS_KEY}
        found = {"ApplyServerSideEncryptionByDefault": default}
        return found if bucket == "encrypted" else {}

    def stored(self, bucket: str, key: str) -> Mapping[str, Any]:
        """Know no object."""
        del bucket, key
        return {}

    def kms_key(self, name: str) -> str | None:
        """Know every key by its ARN, and one by an alias."""
        return KMS_KEY if name == "alias/state" else name if name.startswith("arn:") else None


def needs(service: str, operation: str, /, **parameters: Any) -> list[Need]:
    """Work out what a call needs."""
    row = TABLE[service, operation]
    assert row.needs is not None
    call = ApiCall(service=service, operation=operation, parameters=parameters)
    return [*row.needs(call, PLACE, Known())]  # pyright: ignore[reportArgumentType]


def pairs(found: list[Need]) -> list[tuple[str, str]]:
    """Leave the context out."""
    return [(need.action, need.resource) for need in found]


@cache
def published() -> dict[str, list[str]]:
    """Read AWS's list from parliament: each action with the kinds of its resources."""
    path = Path(str(parliament.__file__)).with_name("iam_definition.json")
    return {
        f"{service['prefix']}:{action['privilege']}": [
            kind["resource_type"] for kind in action["resource_types"]
        ]
        for service in json.loads(path.read_text("utf-8"))
        for action in service["privileges"]
    }


SAMPLE: dict[str, Any] = {
    "repositoryName": "web",
    "cluster": "dev",
    "service": "web",
    "services": ["web"],
    "tasks": ["1"],
    "taskDefinition": "web",
    "family": "web",
    "taskRoleArn": "web",
    # ECR writes these names with a capital, ECS without one.
    "tags": [{"key": "a", "value": "b", "Key": "a", "Value": "b"}],
    "applicationName": "App",
    "deploymentGroupName": "Group",
    "deploymentConfigName": "Mine",
    "deploymentId": "d-1",
    "repositoryNames": ["web"],
    "resourceArn": f"arn:aws:ecr:{REGION}:{NONPROD}:repository/web",
    "RoleName": "web",
    "RoleArn": f"{ROLES}/web",
    "PolicyName": "web",
    "PolicyArn": f"arn:aws:iam::{NONPROD}:policy/web",
    "Url": "https://issuer.example",
    "OpenIDConnectProviderArn": f"arn:aws:iam::{NONPROD}:oidc-provider/issuer.example",
    "Tags.member.1.Key": "a",
    "Bucket": "state",
    "SecretId": "web",
    "Name": "/web/key",
}
WITH_NEEDS = [key for key, row in TABLE.items() if row.needs is not None]
# AWS's data has the task definition, its refusals say `*`: the gate asks for the wider one.
DISPUTED = {"ecs:RegisterTaskDefinition"}


def only_of(service: str, operation: str) -> dict[str, str]:
    """Return the parameters that only an operation on an object of S3 has."""
    on_object = service == "s3" and operation.endswith("Object")
    return {"Key": "web.tfstate", "ACL": "private"} if on_object else {}


def kind_of(resource: str) -> str:
    """Name the kind of a resource, which S3 does not write into its ARNs."""
    _, _, service, _, _, name = resource.split(":", 5)
    if service == "s3":
        return "object" if "/" in name else "bucket"
    return re.split("[:/]", name)[0]


@pytest.mark.parametrize("key", WITH_NEEDS, ids=":".join)
def test_resources_are_of_the_kind_that_aws_lists(key: tuple[str, str]) -> None:
    """Each action of a row is on AWS's list, with a resource of the kind that the list has."""
    known = published()
    for need in needs(*key, **SAMPLE, **only_of(*key)):
        kinds = {kind.rstrip("*").lower() for kind in known[need.action] if kind}
        if need.resource == ANY:
            assert not kinds or need.action in DISPUTED
        else:
            assert kind_of(need.resource) in kinds


@pytest.mark.parametrize("key", TABLE, ids=":".join)
def test_every_row_is_a_call_of_the_api(key: tuple[str, str]) -> None:
    """Each row has the name that the SDK knows, and a source."""
    service, operation = key
    model: Any = Session().get_service_model(service)  # pyright: ignore[reportUnknownMemberType]

    assert operation in model.operation_names
    action = TABLE[key].source.rpartition("-")[2]
    # The page is of the action, which S3 calls otherwise than some of its operations.
    assert action == operation or f"{service}:{action}" in {
        need.action for need in needs(*key, **SAMPLE, **only_of(*key))
    }


def test_registering_with_everything() -> None:
    """A task definition needs its action, each role for each service, and to be tagged."""
    found = needs(
        "ecs",
        "RegisterTaskDefinition",
        family="web",
        taskRoleArn="task",
        executionRoleArn=f"{ROLES}/path/execution",
        cpu="256",
        requiresCompatibilities=["FARGATE"],
        containerDefinitions=[{"name": "app", "privileged": True}],
        tags=[{"key": "team", "value": "web"}],
    )

    assert pairs(found) == [
        ("ecs:RegisterTaskDefinition", "*"),
        ("iam:PassRole", f"{ROLES}/path/execution"),
        ("iam:PassRole", f"{ROLES}/task"),
        ("ecs:TagResource", f"{ECS}:task-definition/web:*"),
    ]
    assert found[0].context == {
        "ecs:privileged": "true",
        "ecs:compute-compatibility": ("FARGATE",),
        "ecs:task-cpu": "256",
        "aws:TagKeys": ("team",),
        "aws:RequestTag/team": "web",
    }
    assert found[1].context == {"iam:PassedToService": TASKS}
    assert found[3].context == {
        "ecs:CreateAction": "RegisterTaskDefinition",
        "aws:TagKeys": ("team",),
        "aws:RequestTag/team": "web",
    }


@pytest.mark.parametrize(
    ("given", "definition"),
    [
        pytest.param("web", f"{ECS}:task-definition/web:7", id="a family"),
        pytest.param("web:3", f"{ECS}:task-definition/web:7", id="as AWS answers"),
        pytest.param("gone:1", f"{ECS}:task-definition/gone:1", id="one that is not there"),
        pytest.param(f"{ECS}:task-definition/no:1", f"{ECS}:task-definition/no:1", id="an ARN"),
    ],
)
def test_task_definition_of_a_service(given: str, definition: str) -> None:
    """The revision is resolved before the call is judged."""
    (need,) = needs("ecs", "UpdateService", cluster="dev", service="web", taskDefinition=given)

    assert need.resource == f"{ECS}:service/dev/web"
    assert need.context == {
        "ecs:cluster": f"{ECS}:cluster/dev",
        "ecs:task-definition": definition,
    }


def test_volumes_need_their_role() -> None:
    """A role that is hidden deep in a call is passed to ECS itself."""
    volume = {"name": "data", "managedEBSVolume": {"roleArn": f"{ROLES}/ebs"}}
    found = needs(
        "ecs", "UpdateService", cluster="dev", service="web", volumeConfigurations=[volume]
    )

    assert pairs(found)[1:] == [("iam:PassRole", f"{ROLES}/ebs")]
    assert found[1].context == {"iam:PassedToService": SERVICE}


def test_each_service_is_judged() -> None:
    """Who asks for two services needs both."""
    found = needs("ecs", "DescribeServices", cluster="dev", services=["web", "worker"])

    assert pairs(found) == [
        ("ecs:DescribeServices", f"{ECS}:service/dev/web"),
        ("ecs:DescribeServices", f"{ECS}:service/dev/worker"),
    ]


def test_tasks_are_of_their_cluster() -> None:
    """A task is named by its id or its ARN."""
    arn = f"{ECS}:task/dev/2"
    found = needs("ecs", "DescribeTasks", cluster="dev", tasks=["1", arn])

    assert pairs(found) == [
        ("ecs:DescribeTasks", f"{ECS}:task/dev/1"),
        ("ecs:DescribeTasks", arn),
    ]
    assert found[0].context == {"ecs:cluster": f"{ECS}:cluster/dev"}


def test_running_a_task() -> None:
    """The definition's roles are passed, an override in place of its own, and tags are judged."""
    found = needs(
        "ecs",
        "RunTask",
        taskDefinition="web",
        overrides={"executionRoleArn": "execution", "taskRoleArn": "other"},
        propagateTags="TASK_DEFINITION",
    )

    assert pairs(found) == [
        ("ecs:RunTask", f"{ECS}:task-definition/web:7"),
        ("iam:PassRole", f"{ROLES}/execution"),
        ("iam:PassRole", f"{ROLES}/other"),
        ("ecs:TagResource", f"{ECS}:task/default/*"),
    ]


@pytest.mark.parametrize(
    ("operation", "parameters", "expected"),
    [
        pytest.param(
            "CreateDeployment",
            {"applicationName": "App", "deploymentGroupName": "Group"},
            [
                ("codedeploy:CreateDeployment", f"{CODEDEPLOY}:deploymentgroup:App/Group"),
                ("codedeploy:GetDeploymentConfig", f"{CODEDEPLOY}:deploymentconfig:Mine"),
                ("codedeploy:RegisterApplicationRevision", f"{CODEDEPLOY}:application:App"),
            ],
            id="a deployment",
        ),
        pytest.param(
            "GetDeployment",
            {"deploymentId": "d-1"},
            [("codedeploy:GetDeployment", f"{CODEDEPLOY}:deploymentgroup:App/Group")],
            id="its group is looked up",
        ),
        pytest.param(
            "GetDeployment",
            {"deploymentId": "d-2"},
            [("codedeploy:GetDeployment", f"{CODEDEPLOY}:deploymentgroup:*/*")],
            id="a deployment that is not there",
        ),
        pytest.param(
            "GetDeploymentConfig",
            {"deploymentConfigName": "CodeDeployDefault.ECSAllAtOnce"},
            [
                (
                    "codedeploy:GetDeploymentConfig",
                    f"{CODEDEPLOY}:deploymentconfig:CodeDeployDefault.ECSAllAtOnce",
                )
            ],
            id="a configuration",
        ),
    ],
)
def test_codedeploy(operation: str, parameters: Any, expected: list[tuple[str, str]]) -> None:
    """CodeDeploy's ARNs have a colon after the type, and a deployment asks for two more actions."""
    assert pairs(needs("codedeploy", operation, **parameters)) == expected


def test_a_repository_of_another_account() -> None:
    """The registry that is named is the account of the repository."""
    (need,) = needs("ecr", "BatchGetImage", repositoryName="a/b", registryId="444455556666")

    assert need.resource == f"arn:aws:ecr:{REGION}:444455556666:repository/a/b"
