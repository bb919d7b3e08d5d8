"""What a role is there for is guessed from its policies, however they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from proof_stacks import (
    CLUSTER,
    OTHER_ACCOUNT,
    PLACE,
    REGISTER,
    REPOSITORY,
    SERVICE,
    TASK_ROLE,
    Json,
    allow,
    deny,
    write_stacks,
)

from deploy_access.workflow.deployer_reader import read_deployers

if TYPE_CHECKING:
    from pathlib import Path

    from deploy_access.workflow.deployer import Deployer, EcsTarget


def deployer(folder: Path, *statements: Json) -> Deployer:
    """Read the role that may do this."""
    (one,) = read_deployers(write_stacks(folder, *statements)).deployers
    return one


def target(folder: Path, *statements: Json) -> EcsTarget:
    """Read the one cluster that a role deploys to."""
    (one,) = deployer(folder, *statements).targets
    return one


API = REPOSITORY.replace("web", "api")


@pytest.mark.parametrize(
    ("statement", "pushed"),
    [
        pytest.param(allow("ecr:PutImage", REPOSITORY), ["web"], id="as AWS writes it"),
        pytest.param(allow("ecr:putimage", REPOSITORY), ["web"], id="in other letters"),
        pytest.param(allow("ecr:*", REPOSITORY), ["web"], id="every action of ECR"),
        pytest.param(allow("ecr:Put*", REPOSITORY), ["web"], id="a pattern"),
        pytest.param(allow("*", [REPOSITORY, API]), ["web", "api"], id="every action"),
        pytest.param(
            {"Effect": "Allow", "NotAction": "iam:*", "Resource": REPOSITORY}, ["web"], id="all but"
        ),
        pytest.param(
            {"Effect": "Allow", "NotAction": "ecr:Put*", "Resource": REPOSITORY}, [], id="but this"
        ),
        pytest.param(allow("ecr:Get*", REPOSITORY), [], id="another action"),
        pytest.param(allow("*"), [], id="everything names nothing"),
        pytest.param(allow("ecr:*", REPOSITORY[:-1] + "*"), [], id="a pattern of repositories"),
        pytest.param(allow("*", SERVICE), [], id="a resource of another kind"),
        pytest.param(deny("ecr:PutImage", REPOSITORY), [], id="a Deny"),
    ],
)
def test_what_is_pushed(tmp_path: Path, statement: Json, pushed: list[str]) -> None:
    """A role that may put images into a repository that its policy names pushes to it."""
    assert [image.name for image in deployer(tmp_path, statement).images] == pushed


@pytest.mark.parametrize(
    ("statement", "reads"),
    [
        pytest.param(allow("ecr:*", REPOSITORY), True, id="every action"),
        pytest.param(allow("ecr:getdownloadurlforlayer"), True, id="on every resource"),
        pytest.param(
            allow("ecr:GetDownloadUrlForLayer", f"{REPOSITORY[:-1]}?"), True, id="pattern"
        ),
        pytest.param(allow("ecr:GetDownloadUrlForLayer", API), False, id="another repository"),
    ],
)
def test_who_reads_layers(tmp_path: Path, statement: Json, *, reads: bool) -> None:
    """A cache needs to read layers of the repository, by whichever statement."""
    (image,) = deployer(tmp_path, allow("ecr:PutImage", REPOSITORY), statement).images

    assert image.reads_layers is reads


UPDATE = allow("ecs:UpdateService", SERVICE)
READ = allow("ecs:DescribeServices", SERVICE)


@pytest.mark.parametrize(
    ("statements", "deployed"),
    [
        pytest.param([UPDATE, READ], ["web"], id="both"),
        pytest.param([UPDATE], ["web"], id="update alone"),
        pytest.param([READ, REGISTER], ["web"], id="no update yet"),
        pytest.param([allow("ecs:*", SERVICE)], ["web"], id="every action"),
        pytest.param([allow("ECS:describe*", SERVICE)], [], id="only looks"),
        pytest.param([allow("ecs:*")], [], id="names no service"),
        pytest.param([allow("ecs:*", CLUSTER)], [], id="a cluster"),
    ],
)
def test_what_is_deployed(tmp_path: Path, statements: list[Json], deployed: list[str]) -> None:
    """A role that changes a service deploys it; one that only looks at it does not."""
    targets = deployer(tmp_path, *statements).targets

    assert [service.name for one in targets for service in one.services] == deployed


DEFINITION = f"arn:aws:ecs:{PLACE}:task-definition/web:*"


@pytest.mark.parametrize(
    ("statement", "field", "value"),
    [
        pytest.param(
            allow("ecs:describetaskdefinition", SERVICE),
            "reads_definition",
            True,
            id="read, by name",
        ),
        pytest.param(allow("ecs:Describe*"), "reads_definition", True, id="read, by pattern"),
        pytest.param(
            allow("ecs:*", Condition={"ArnEquals": {"ecs:cluster": CLUSTER}}),
            "reads_definition",
            False,
            id="read, by pattern under a condition",
        ),
        pytest.param(allow("ecs:*", SERVICE), "reads_definition", False, id="read on a service"),
        pytest.param(allow("ecs:run*", DEFINITION), "one_off", ("web",), id="run"),
        pytest.param(
            allow("ecs:RunTask", f"{DEFINITION[:-1]}7"), "one_off", ("web",), id="run one"
        ),
        pytest.param(allow("ecs:RunTask"), "one_off", (), id="run any"),
        pytest.param(allow("iam:*", TASK_ROLE), "passed", (TASK_ROLE,), id="pass"),
        pytest.param(allow("ecs:tagresource", DEFINITION), "tags", True, id="tag definitions"),
        pytest.param(allow("ecs:TagResource", DEFINITION), "tags_tasks", False, id="not tasks"),
        pytest.param(
            allow("ecs:Tag*", f"arn:aws:ecs:{PLACE}:task/main/*"),
            "tags_tasks",
            True,
            id="tag tasks",
        ),
        pytest.param(allow("ecs:TagResource", SERVICE), "tags", False, id="tag services"),
    ],
)
def test_what_else_is_done(tmp_path: Path, statement: Json, field: str, value: Any) -> None:
    """How a service is deployed follows from the actions on resources of their kind."""
    assert getattr(target(tmp_path, UPDATE, READ, statement), field) == value


RUN = allow("ecs:RunTask", DEFINITION)
OF_CLUSTER = {**RUN, "Condition": {"ArnEquals": {"ecs:cluster": CLUSTER}}}
WATCH = allow("ecs:DescribeTasks", f"arn:aws:ecs:{PLACE}:task/main/*")
ANY_CLUSTER = {**RUN, "Condition": {"ArnLike": {"ecs:cluster": f"{CLUSTER[:-4]}*"}}}


@pytest.mark.parametrize(
    ("statements", "clusters"),
    [
        pytest.param([REGISTER, OF_CLUSTER], ["main"], id="by the condition"),
        pytest.param([REGISTER, RUN, WATCH], ["main"], id="by the tasks"),
        pytest.param([REGISTER, RUN, allow("ecs:DescribeTasks")], [], id="any cluster"),
        pytest.param([REGISTER, ANY_CLUSTER], [], id="a pattern"),
        pytest.param([REGISTER, WATCH], [], id="only watches"),
        pytest.param([OF_CLUSTER], [], id="registers nothing"),
    ],
)
def test_a_role_that_only_runs_tasks(
    tmp_path: Path, statements: list[Json], clusters: list[str]
) -> None:
    """A role without services runs its families in the cluster that its policy names."""
    targets = deployer(tmp_path, *statements).targets

    assert [one.cluster for one in targets] == clusters
    assert all((one.services, one.one_off) == ((), ("web",)) for one in targets)


def test_the_family_is_read_without_its_revision(tmp_path: Path) -> None:
    """A condition on one revision names the family."""
    only = {"ArnLike": {"ecs:task-definition": f"{DEFINITION[:-1]}7".replace("web", "family")}}

    (service,) = target(tmp_path, READ, {**UPDATE, "Condition": only}).services

    assert service.family == "family"


@pytest.mark.parametrize(
    ("actions", "group"),
    [
        pytest.param("codedeploy:*", "blue", id="every action"),
        pytest.param("codedeploy:createdeployment", "blue", id="in other letters"),
        pytest.param("codedeploy:Get*", None, id="only looks"),
    ],
)
def test_the_group_of_codedeploy(tmp_path: Path, actions: str, group: str | None) -> None:
    """A role that may deploy with a group of CodeDeploy does."""
    shift = allow(actions, f"arn:aws:codedeploy:{PLACE}:deploymentgroup:web/blue")

    (service,) = target(tmp_path, READ, REGISTER, shift).services

    assert (service.codedeploy.group if service.codedeploy else None) == group


def test_a_repository_elsewhere(tmp_path: Path) -> None:
    """Account and region are those of the repository."""
    arn = f"arn:aws:ecr:us-east-1:{OTHER_ACCOUNT}:repository/team/web"

    (image,) = deployer(tmp_path, allow("ecr:*", arn)).images

    assert (image.account, image.region, image.name) == (OTHER_ACCOUNT, "us-east-1", "team/web")
