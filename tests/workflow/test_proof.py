"""A workflow is written when its role allows each call that its jobs always make."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from proof_stacks import (
    CLUSTER,
    DEPLOY,
    ELSEWHERE,
    EXECUTION_ROLE,
    FIVE,
    LOG_IN,
    OTHER_ACCOUNT,
    PASS,
    PLACE,
    PUSH,
    REGISTER,
    REPOSITORY,
    ROLE,
    SERVICE,
    TAG,
    TASK_ROLE,
    UPDATE,
    Json,
    allow,
    deny,
    policy,
    proven,
    write_stacks,
)
from rendering import REPOSITORIES, plan

from deploy_access.workflow.proof import prove

if TYPE_CHECKING:
    from pathlib import Path

    from deploy_access.workflow.deployer_reader import DeployerEstate
    from deploy_access.workflow.proof import CallProof


def refused(calls: list[CallProof]) -> dict[str, str]:
    """List the calls that AWS would refuse, by action, with the sort of denial."""
    return {one.call.action: one.decision.verdict.value for one in calls if one.is_refused}


def opened(calls: list[CallProof]) -> dict[str, str]:
    """List the calls that may fail, by action, with what is decided about them."""
    return {one.call.action: one.decision.verdict.value for one in calls if one.is_open}


NONE: dict[str, str] = {}
EXPLICITLY = "denied explicitly"
IMPLICITLY = "denied implicitly"
IN_CLUSTER = {"ArnEquals": {"ecs:cluster": CLUSTER}}
OF_FAMILY = {"ArnLike": {"ecs:task-definition": f"arn:aws:ecs:{PLACE}:task-definition/web:*"}}
HERE = {"StringEquals": {"aws:RequestedRegion": "eu-central-1"}}
NOT_HERE = {"StringNotEquals": {"aws:RequestedRegion": "eu-central-1"}}


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        pytest.param(PUSH, {}, id="push"),
        pytest.param([LOG_IN, allow(FIVE, REPOSITORY)], {}, id="five actions"),
        pytest.param([LOG_IN, allow("ecr:*", REPOSITORY)], {}, id="star"),
        pytest.param([LOG_IN, allow("ECR:*image", REPOSITORY), *PUSH], {}, id="other case"),
        pytest.param(
            [LOG_IN, {"Effect": "Allow", "NotAction": "iam:*", "Resource": REPOSITORY}],
            {},
            id="NotAction",
        ),
        pytest.param([*PUSH, deny("ecr:PutImage")], {"ecr:PutImage": EXPLICITLY}, id="Deny"),
        pytest.param([*PUSH, deny("ecr:put*")], {"ecr:PutImage": EXPLICITLY}, id="Deny by pattern"),
        pytest.param(
            [*PUSH, deny("ecr:PutImage", REPOSITORY.replace("web", "api"))],
            {},
            id="Deny on another repository",
        ),
        pytest.param(
            [*PUSH, {"Effect": "Deny", "NotAction": "ecr:Get*", "Resource": "*"}],
            dict.fromkeys(FIVE, EXPLICITLY),
            id="Deny of all but",
        ),
        pytest.param(
            [*PUSH, {"Effect": "Deny", "Action": "ecr:PutImage", "NotResource": REPOSITORY}],
            {},
            id="Deny on all but the repository",
        ),
        pytest.param([*PUSH, deny("*", Condition=NOT_HERE)], {}, id="Deny in other regions"),
        pytest.param(
            [*PUSH, deny("ecr:PutImage", Condition=HERE)],
            {"ecr:PutImage": EXPLICITLY},
            id="Deny in this region",
        ),
        pytest.param(
            [LOG_IN, allow(FIVE, REPOSITORY, Condition=NOT_HERE)],
            dict.fromkeys(FIVE, IMPLICITLY),
            id="Allow in other regions",
        ),
        pytest.param(
            [allow(FIVE, REPOSITORY)], {"ecr:GetAuthorizationToken": IMPLICITLY}, id="no login"
        ),
        pytest.param(
            [allow(["ecr:GetAuthorizationToken", *FIVE], REPOSITORY)],
            {"ecr:GetAuthorizationToken": IMPLICITLY},
            id="login on the repository",
        ),
        pytest.param(
            [LOG_IN, allow("ecr:PutImage", REPOSITORY)],
            {action: IMPLICITLY for action in FIVE if action != "ecr:PutImage"},
            id="no upload",
        ),
    ],
)
def test_a_push(tmp_path: Path, statements: list[Json], expected: dict[str, str]) -> None:
    """A job that pushes needs the login and five actions, and no Deny on any of them."""
    assert refused(proven(write_stacks(tmp_path, *statements))) == expected


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        pytest.param(DEPLOY, {}, id="deploy"),
        pytest.param([allow("ecs:*", SERVICE), allow("ecs:*"), PASS], {}, id="star"),
        pytest.param(
            [*DEPLOY, deny("ecs:UpdateService")], {"ecs:UpdateService": EXPLICITLY}, id="Deny"
        ),
        pytest.param(
            [*DEPLOY, deny("ecs:*", Condition={"ArnNotEquals": {"ecs:cluster": CLUSTER}})],
            {"ecs:RegisterTaskDefinition": EXPLICITLY},
            id="Deny in other clusters, or in none",
        ),
        pytest.param(
            [allow(["ecs:DescribeServices", "ecs:RegisterTaskDefinition"], SERVICE), PASS],
            {"ecs:RegisterTaskDefinition": IMPLICITLY, "ecs:UpdateService": IMPLICITLY},
            id="all on the service",
        ),
        pytest.param(
            [allow("ecs:*", Condition=IN_CLUSTER), allow("ecs:UpdateService", SERVICE), PASS],
            {"ecs:RegisterTaskDefinition": IMPLICITLY},
            id="all in the cluster",
        ),
        pytest.param(
            [UPDATE, TAG, PASS, allow("ecs:RegisterTaskDefinition", Condition=IN_CLUSTER)],
            {"ecs:RegisterTaskDefinition": IMPLICITLY},
            id="registration asks for the cluster",
        ),
        pytest.param(
            [REGISTER, TAG, PASS, {**UPDATE, "Condition": {"ArnLike": {"ecs:cluster": "*:b"}}}],
            {"ecs:DescribeServices": IMPLICITLY, "ecs:UpdateService": IMPLICITLY},
            id="another cluster",
        ),
        pytest.param(
            [*(REGISTER, TAG, PASS), {**UPDATE, "Condition": OF_FAMILY}],
            {"ecs:DescribeServices": IMPLICITLY},
            id="reading asks for the definition",
        ),
    ],
)
def test_a_deploy(tmp_path: Path, statements: list[Json], expected: dict[str, str]) -> None:
    """A job that deploys needs to register, to read and to update its service."""
    assert refused(proven(write_stacks(tmp_path, *statements))) == expected


def definition(**roles: str) -> Json:
    """Make the task definition that the service runs."""
    return {"aws_ecs_task_definition": {"Web": {"family": "web", **roles}}}


READ_DEFINITION = allow("ecs:DescribeTaskDefinition")
BOTH = definition(task_role_arn=TASK_ROLE, execution_role_arn="${aws_iam_role.Execution.arn}")
BOTH["aws_iam_role"] = {"Execution": {"name": "ecsTaskExecutionRole"}}


@pytest.mark.parametrize(
    ("passed", "expected"),
    [
        pytest.param([TASK_ROLE, EXECUTION_ROLE], {}, id="both roles"),
        pytest.param([EXECUTION_ROLE], {TASK_ROLE: IMPLICITLY}, id="not the task role"),
        pytest.param([TASK_ROLE], {EXECUTION_ROLE: IMPLICITLY}, id="not the execution role"),
        pytest.param([f"{TASK_ROLE}*", EXECUTION_ROLE], {}, id="by a pattern"),
    ],
)
def test_the_roles_of_a_definition(
    tmp_path: Path, passed: list[str], expected: dict[str, str]
) -> None:
    """Whoever registers the definition of a stack anew passes each of its roles."""
    may = [REGISTER, UPDATE, TAG, READ_DEFINITION, {**PASS, "Resource": passed}]

    calls = proven(write_stacks(tmp_path, *may, more=BOTH))

    assert {
        one.call.resource: one.decision.verdict.value for one in calls if one.is_refused
    } == expected
    assert opened(calls) == {}


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(
            {"Web": {"family": "web", "task_role_arn": TASK_ROLE, "count": 1}}, id="count"
        ),
        pytest.param({"Web": {"family": "api", "task_role_arn": TASK_ROLE}}, id="another family"),
        pytest.param(
            {"Web": {"family": "web", "task_role_arn": TASK_ROLE, "provider": "aws.other"}},
            id="another account",
        ),
        pytest.param({"A": {"family": "web"}, "B": {"family": "web"}}, id="two of them"),
    ],
)
def test_a_definition_that_is_not_known(tmp_path: Path, made: Json) -> None:
    """Where nothing says which roles a definition has, none is demanded."""
    may = [REGISTER, UPDATE, TAG, READ_DEFINITION, {**PASS, "Resource": [EXECUTION_ROLE]}]

    calls = proven(write_stacks(tmp_path, *may, more={"aws_ecs_task_definition": made}))

    assert (refused(calls), opened(calls)) == ({}, {"iam:PassRole": "unknown"})


@pytest.mark.parametrize(
    ("more", "boundary", "expected"),
    [
        pytest.param([], allow("*"), {}, id="everything"),
        pytest.param([], allow("ecr:*"), {}, id="of ECR"),
        pytest.param(
            [],
            allow(["s3:*", "ecr:Get*"]),
            dict.fromkeys(FIVE, IMPLICITLY),
            id="without ECR",
        ),
        pytest.param(
            [allow("ecr:*")], deny("ecr:PutImage"), {"ecr:PutImage": EXPLICITLY}, id="a Deny"
        ),
    ],
)
def test_a_boundary(
    tmp_path: Path, more: list[Json], boundary: Json, expected: dict[str, str]
) -> None:
    """A permissions boundary has to allow each call too, and its Deny counts."""
    bound = policy(boundary, *more)
    made = {"aws_iam_policy": {"Boundary": {"name": "b", "policy": bound}}}
    by = {"permissions_boundary": "${aws_iam_policy.Boundary.arn}"}

    assert refused(proven(write_stacks(tmp_path, *PUSH, role=by, more=made))) == expected


def test_a_boundary_that_is_not_read(tmp_path: Path) -> None:
    """What a boundary allows that stands elsewhere is not known, so nothing is refused for it."""
    by = {"permissions_boundary": "arn:aws:iam::111122223333:policy/company"}

    calls = proven(write_stacks(tmp_path, *PUSH, role=by))

    assert refused(calls) == {}
    assert set(opened(calls).values()) == {"unknown"}


@pytest.mark.parametrize(
    ("arn", "expected"),
    [
        pytest.param("aws:policy/AmazonEC2ContainerRegistryFullAccess", {}, id="known to allow"),
        pytest.param(
            "aws:policy/AmazonEC2ContainerRegistryPowerUser",
            {"ecr:GetAuthorizationToken": "unknown"},
            id="of AWS",
        ),
        pytest.param(
            "111122223333:policy/shared",
            {"ecr:GetAuthorizationToken": "unknown"},
            id="of one's own",
        ),
    ],
)
def test_a_policy_that_is_not_read(tmp_path: Path, arn: str, expected: dict[str, str]) -> None:
    """What an attached policy allows is known or not; a call that it may allow is not refused."""
    by = {"managed_policy_arns": [f"arn:aws:iam::{arn}"]}

    calls = proven(write_stacks(tmp_path, allow([*FIVE, "ecr:BatchGetImage"], REPOSITORY), role=by))

    assert refused(calls) == {}
    assert opened(calls) == expected


def test_an_unread_policy_does_not_undo_a_deny(tmp_path: Path) -> None:
    """A Deny that was read counts, whatever else the role has."""
    by = {"managed_policy_arns": ["arn:aws:iam::111122223333:policy/shared"]}

    calls = proven(write_stacks(tmp_path, *PUSH, deny("ecr:PutImage"), role=by))

    assert refused(calls) == {"ecr:PutImage": EXPLICITLY}


def repository(account: str, *statements: Json) -> Json:
    """Make the repository in an account, with a policy when it has statements."""
    provider = {} if account == ROLE.split(":")[4] else {"provider": "aws.other"}
    made: Json = {"aws_ecr_repository": {"Image": {"name": "web", **provider}}}
    if statements:
        name = "${aws_ecr_repository.Image.name}"
        given = {"repository": name, "policy": policy(*statements), **provider}
        made["aws_ecr_repository_policy"] = {"Image": given}
    return made


def of_role(statement: Json) -> Json:
    """Write a statement of a repository's policy about the role."""
    return {**statement, "Principal": {"AWS": ROLE}}


ALL_SIX = [*FIVE, "ecr:BatchGetImage"]
TO_OTHER = [LOG_IN, allow(ALL_SIX, ELSEWHERE)]


@pytest.mark.parametrize(
    ("may", "made", "expected"),
    [
        pytest.param(PUSH, repository("111122223333"), (NONE, NONE), id="own account"),
        pytest.param(
            PUSH,
            repository("111122223333", of_role(deny("ecr:PutImage"))),
            ({"ecr:PutImage": EXPLICITLY}, NONE),
            id="its Deny",
        ),
        pytest.param(
            TO_OTHER,
            repository(OTHER_ACCOUNT, of_role(allow(ALL_SIX))),
            (NONE, NONE),
            id="elsewhere, let in",
        ),
        pytest.param(
            TO_OTHER,
            repository(OTHER_ACCOUNT),
            (dict.fromkeys(FIVE, IMPLICITLY), {"ecr:BatchGetImage": IMPLICITLY}),
            id="elsewhere, without a policy",
        ),
        pytest.param(
            TO_OTHER, {}, (NONE, dict.fromkeys(ALL_SIX, "unknown")), id="elsewhere, not read"
        ),
        pytest.param(
            [*TO_OTHER, deny("ecr:PutImage")],
            {},
            (
                {"ecr:PutImage": EXPLICITLY},
                {one: "unknown" for one in ALL_SIX if one != "ecr:PutImage"},
            ),
            id="elsewhere, not read, and a Deny",
        ),
    ],
)
def test_the_policy_of_a_repository(
    tmp_path: Path, may: list[Json], made: Json, expected: tuple[dict[str, str], dict[str, str]]
) -> None:
    """A repository of another account has to let the role in; its own policy may deny."""
    calls = proven(write_stacks(tmp_path, *may, more=made))

    assert (refused(calls), opened(calls)) == expected


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        pytest.param(
            [LOG_IN, allow(FIVE, REPOSITORY)], {"ecr:BatchGetImage": IMPLICITLY}, id="sometimes"
        ),
        pytest.param(
            [*PUSH, deny("ecr:PutImage", Condition={"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}})],
            {"ecr:PutImage": "unknown"},
            id="Deny by the address",
        ),
        pytest.param(
            [*PUSH, deny("ecr:PutImage", "${data.x.y.arn}")],
            {"ecr:PutImage": "unknown"},
            id="Deny on what Terraform fills in",
        ),
        pytest.param(
            [
                LOG_IN,
                allow(FIVE[3:], REPOSITORY),
                allow("ecr:*", f"{REPOSITORY[:-3]}${{var.name}}"),
            ],
            dict.fromkeys([*FIVE[:3], "ecr:BatchGetImage"], "unknown"),
            id="Allow on what Terraform fills in",
        ),
        pytest.param(
            [*DEPLOY],
            {"iam:PassRole": "unknown"},
            id="roles of a file",
        ),
        pytest.param(
            [REGISTER, UPDATE],
            {"iam:PassRole": IMPLICITLY, "ecs:TagResource": IMPLICITLY},
            id="neither roles nor tags",
        ),
        pytest.param(
            [UPDATE, TAG, allow("iam:PassRole"), allow("ecs:Register*", TAG["Resource"])],
            {"ecs:RegisterTaskDefinition": "unknown"},
            id="AWS's pages differ",
        ),
        pytest.param(
            [
                *(REGISTER, TAG, allow("iam:PassRole")),
                {
                    **UPDATE,
                    "Condition": {
                        "ArnEqualsIfExists": {
                            "ecs:task-definition": f"arn:aws:ecs:{PLACE}:task-definition/web:7"
                        }
                    },
                },
            ],
            {"ecs:UpdateService": "unknown"},
            id="one revision",
        ),
    ],
)
def test_what_is_a_remark(tmp_path: Path, statements: list[Json], expected: dict[str, str]) -> None:
    """A call that is sometimes made, or that nothing decides, is no reason to refuse."""
    calls = proven(write_stacks(tmp_path, *statements))

    assert refused(calls) == {}
    assert opened(calls) == expected


@pytest.mark.parametrize("repository", REPOSITORIES)
def test_every_kind_is_proved(read: DeployerEstate, repository: str) -> None:
    """What the constructs grant is enough for each job that comes of it."""
    workflows = plan(read, repository)

    calls = [call for proof in prove(workflows, read.estate) for call in proof.calls]

    assert calls or repository in {"check", "reads"}
    assert refused(calls) == {}
    assert opened(calls).keys() <= {
        *("codedeploy:GetDeploymentConfig", "ecs:TagResource", "iam:PassRole"),
    }
