"""What a role may do to deploy to ECS: whole policies, and names that never work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from cdktf import TerraformVariable
from synth import ACCOUNT, OTHER_ACCOUNT, REGION, WEB, Json, new_stack, policy, statement, synth

from constructs_lib import CodeDeploy, EcsDeployPolicy, GithubDeployRole, OidcProvider
from constructs_lib.provider import IamRole
from deploy_access.errors import InvalidValue

if TYPE_CHECKING:
    from cdktf import App, TerraformStack

ECS = f"arn:aws:ecs:{REGION}:{ACCOUNT}"
ROLE = f"arn:aws:iam::{ACCOUNT}:role"
CODEDEPLOY = f"arn:aws:codedeploy:{REGION}:{ACCOUNT}"
IN_CLUSTER: Json = {"ArnEquals": {"ecs:cluster": f"{ECS}:cluster/prod"}}
TO_TASKS: Json = {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}

REGISTER = statement("RegisterTaskDefinition", "ecs:RegisterTaskDefinition", "*")
READ = statement(
    "ReadServices", "ecs:DescribeServices", f"{ECS}:service/prod/web", condition=IN_CLUSTER
)
PASS = statement(
    "PassTaskRoles",
    "iam:PassRole",
    [f"{ROLE}/ecsTaskExecutionRole", f"{ROLE}/web-task"],
    condition=TO_TASKS,
)


def update(families: str | list[str], services: str | list[str] = "web") -> Json:
    """Write the statement that points services at revisions of their families."""
    listed = [services] if isinstance(services, str) else services
    arns = [f"{ECS}:service/prod/{service}" for service in listed]
    revisions = [families] if isinstance(families, str) else families
    definitions = [f"{ECS}:task-definition/{family}:*" for family in revisions]
    return statement(
        "UpdateServices",
        "ecs:UpdateService",
        arns if len(arns) > 1 else arns[0],
        condition={
            **IN_CLUSTER,
            "ArnLikeIfExists": {
                "ecs:task-definition": definitions if len(definitions) > 1 else definitions[0]
            },
        },
    )


def make_role(stack: TerraformStack) -> GithubDeployRole:
    """Make the role that deploys."""
    return GithubDeployRole(
        stack,
        "Deploy",
        name="web-deploy",
        oidc_provider=OidcProvider.from_account(stack, "Github"),
        subjects=[WEB.environment("prod")],
    )


def make_policy(stack: TerraformStack, **keywords: Any) -> EcsDeployPolicy:
    """Make the policy of a web service, for an existing role unless told otherwise."""
    defaults: dict[str, Any] = {
        "cluster": "prod",
        "services": ["web"],
        "task_roles": ["web-task"],
        "execution_role": "ecsTaskExecutionRole",
    }
    role = keywords.pop("role", None)
    if role is None:
        role = GithubDeployRole.from_name(stack, "Role", name="web-deploy")
    return EcsDeployPolicy(stack, "Ecs", role=role, **(defaults | keywords))


def test_default(stack: TerraformStack) -> None:
    """Register, update and watch these services, pass these roles, and nothing else."""
    made_policy = make_policy(stack, role=make_role(stack))

    block = synth(stack)["Ecs/Resource"]
    assert block.type == "aws_iam_policy"
    assert block.policy == policy(REGISTER, update("web"), READ, PASS)
    assert {key: value for key, value in block.arguments.items() if key != "policy"} == {
        "name": "web-deploy-ecs-prod",
        "description": "Deploys to Amazon ECS",
    }
    assert made_policy.name == "web-deploy-ecs-prod"
    assert made_policy.arn == f"arn:aws:iam::{ACCOUNT}:policy/web-deploy-ecs-prod"
    assert made_policy.resource.name_input == made_policy.name


RUN = statement(
    "RunTasks",
    "ecs:RunTask",
    [f"{ECS}:task-definition/web-migrate:*", f"{ECS}:task-definition/web-seed:*"],
    condition=IN_CLUSTER,
)
READ_TASKS = statement("ReadTasks", "ecs:DescribeTasks", f"{ECS}:task/prod/*", condition=IN_CLUSTER)


TAG = statement(
    "TagOnCreate",
    "ecs:TagResource",
    f"{ECS}:task-definition/web:*",
    condition={"StringEquals": {"ecs:CreateAction": "RegisterTaskDefinition"}},
)


def codedeploy(application: str, group: str, configuration: str) -> list[Json]:
    """Write the statements that shift traffic."""
    return [
        statement(
            "CreateDeployments",
            [
                "codedeploy:CreateDeployment",
                "codedeploy:GetDeployment",
                "codedeploy:GetDeploymentGroup",
            ],
            f"{CODEDEPLOY}:deploymentgroup:{application}/{group}",
        ),
        statement(
            "ReadDeploymentConfigurations",
            "codedeploy:GetDeploymentConfig",
            f"{CODEDEPLOY}:deploymentconfig:{configuration}",
        ),
        statement(
            "RegisterRevisions",
            "codedeploy:RegisterApplicationRevision",
            f"{CODEDEPLOY}:application:{application}",
        ),
    ]


@pytest.mark.parametrize(
    ("keywords", "statements"),
    [
        pytest.param(
            {"read_task_definition": True},
            [
                REGISTER,
                update("web"),
                READ,
                PASS,
                statement("ReadTaskDefinition", "ecs:DescribeTaskDefinition", "*"),
                TAG,
            ],
            id="definition from AWS",
        ),
        pytest.param(
            {"read_task_definition": True, "tag_on_create": False},
            [
                REGISTER,
                update("web"),
                READ,
                PASS,
                statement("ReadTaskDefinition", "ecs:DescribeTaskDefinition", "*"),
            ],
            id="definition from AWS without tags",
        ),
        pytest.param(
            {"read_task_definition": True, "one_off_tasks": ["web"]},
            [
                REGISTER,
                update("web"),
                READ,
                PASS,
                statement("ReadTaskDefinition", "ecs:DescribeTaskDefinition", "*"),
                {**RUN, "Resource": f"{ECS}:task-definition/web:*"},
                READ_TASKS,
                TAG,
            ],
            id="definition from AWS for a task, which has no tags",
        ),
        pytest.param(
            {"also": ["stop-task", "list-tasks", "list-service-deployments"]},
            [
                REGISTER,
                update("web"),
                READ,
                PASS,
                statement(
                    "ListServiceDeployments",
                    "ecs:ListServiceDeployments",
                    f"{ECS}:service/prod/web",
                    condition=IN_CLUSTER,
                ),
                statement("ListTasks", "ecs:ListTasks", "*", condition=IN_CLUSTER),
                statement("StopTasks", "ecs:StopTask", f"{ECS}:task/prod/*", condition=IN_CLUSTER),
            ],
            id="what other deployers call",
        ),
        pytest.param(
            {"one_off_tasks": ["web-migrate", "web-seed"]},
            [REGISTER, update("web"), READ, PASS, RUN, READ_TASKS],
            id="one-off tasks",
        ),
        pytest.param(
            {"codedeploy": CodeDeploy()},
            [
                REGISTER,
                READ,
                *codedeploy("AppECS-prod-web", "DgpECS-prod-web", "*"),
                PASS,
            ],
            id="CodeDeploy",
        ),
        pytest.param(
            {
                "codedeploy": CodeDeploy(
                    application="shop",
                    deployment_group="shop-prod",
                    deployment_config="CodeDeployDefault.ECSAllAtOnce",
                )
            },
            [
                REGISTER,
                READ,
                *codedeploy("shop", "shop-prod", "CodeDeployDefault.ECSAllAtOnce"),
                PASS,
            ],
            id="CodeDeploy by name",
        ),
        pytest.param(
            {"tag_on_create": True},
            [
                REGISTER,
                update("web"),
                READ,
                PASS,
                TAG,
            ],
            id="tags",
        ),
        pytest.param(
            {"tag_on_create": True, "one_off_tasks": ["web-migrate", "web-seed"]},
            [
                REGISTER,
                update("web"),
                READ,
                PASS,
                RUN,
                READ_TASKS,
                statement(
                    "TagOnCreate",
                    "ecs:TagResource",
                    [
                        f"{ECS}:task-definition/web-migrate:*",
                        f"{ECS}:task-definition/web-seed:*",
                        f"{ECS}:task-definition/web:*",
                        f"{ECS}:task/prod/*",
                    ],
                    condition={
                        "StringEquals": {"ecs:CreateAction": ["RegisterTaskDefinition", "RunTask"]}
                    },
                ),
            ],
            id="tags of tasks",
        ),
        pytest.param(
            {"services": ["web", "api"]},
            [
                REGISTER,
                update(["api", "web"], ["api", "web"]),
                statement(
                    "ReadServices",
                    "ecs:DescribeServices",
                    [f"{ECS}:service/prod/api", f"{ECS}:service/prod/web"],
                    condition=IN_CLUSTER,
                ),
                PASS,
            ],
            id="two services",
        ),
        pytest.param(
            {"families": ["shop", "shop-canary"]},
            [REGISTER, update(["shop-canary", "shop"]), READ, PASS],
            id="families",
        ),
        pytest.param(
            {"execution_role": None},
            [
                REGISTER,
                update("web"),
                READ,
                statement("PassTaskRoles", "iam:PassRole", f"{ROLE}/web-task", condition=TO_TASKS),
            ],
            id="no execution role",
        ),
        pytest.param(
            {"task_roles": [], "execution_role": None},
            [REGISTER, update("web"), READ],
            id="no roles",
        ),
        pytest.param(
            {"task_roles": ["both"], "execution_role": "both"},
            [
                REGISTER,
                update("web"),
                READ,
                statement("PassTaskRoles", "iam:PassRole", f"{ROLE}/both", condition=TO_TASKS),
            ],
            id="one role for both",
        ),
        pytest.param(
            {"task_roles": ["service/web-task"], "execution_role": f"{ROLE}/ecs/execution"},
            [
                REGISTER,
                update("web"),
                READ,
                statement(
                    "PassTaskRoles",
                    "iam:PassRole",
                    [f"{ROLE}/ecs/execution", f"{ROLE}/service/web-task"],
                    condition=TO_TASKS,
                ),
            ],
            id="path and ARN",
        ),
        pytest.param(
            {"services": [], "one_off_tasks": ["web-migrate", "web-seed"]},
            [REGISTER, PASS, RUN, READ_TASKS],
            id="tasks alone",
        ),
    ],
)
def test_options(stack: TerraformStack, keywords: dict[str, Any], statements: list[Json]) -> None:
    """Each option adds its own statements, and nothing wider."""
    make_policy(stack, **keywords)

    assert synth(stack)["Ecs/Resource"].policy == policy(*statements)


def test_codedeploy_of_two_services(stack: TerraformStack) -> None:
    """The console's names of applications and groups hold the service."""
    make_policy(stack, services=["web", "api"], codedeploy=CodeDeploy())

    groups = synth(stack)["Ecs/Resource"].policy["Statement"][2]["Resource"]
    assert groups == [
        f"{CODEDEPLOY}:deploymentgroup:AppECS-prod-api/DgpECS-prod-api",
        f"{CODEDEPLOY}:deploymentgroup:AppECS-prod-web/DgpECS-prod-web",
    ]


def test_partition(app: App) -> None:
    """Every ARN is of the stack's partition."""
    stack = new_stack(app, region="cn-north-1")
    make_policy(stack, codedeploy=CodeDeploy(), one_off_tasks=["migrate"], tag_on_create=True)

    text = synth(stack)["Ecs/Resource"].arguments["policy"]
    assert "arn:aws-cn:" in text
    assert "arn:aws:" not in text


def test_arguments(stack: TerraformStack) -> None:
    """Name and tags are those that were given; the description never changes."""
    make_policy(stack, name="deploys-web", tags={"team": "web"}, services=["web", "api"])

    arguments = dict(synth(stack)["Ecs/Resource"].arguments)
    arguments.pop("policy")
    assert arguments == {
        "name": "deploys-web",
        "description": "Deploys to Amazon ECS",
        "tags": {"team": "web"},
    }


def test_metadata(stack: TerraformStack) -> None:
    """The policy says whose it is and what a workflow has to fill in."""
    make_policy(stack)

    made = synth(stack)
    assert made["Ecs/Resource"].facts == {
        "format": 1,
        "construct": "EcsDeployPolicy",
        "role": "web-deploy",
        "cluster": "prod",
        "services": ["web"],
        "families": ["web"],
        "task_definition": "file",
    }
    assert made["Ecs/Attachment"].facts == {}


def test_metadata_of_options(stack: TerraformStack) -> None:
    """Options that a workflow has to follow are in the metadata as well."""
    make_policy(
        stack,
        families=["shop"],
        read_task_definition=True,
        one_off_tasks=["migrate"],
        codedeploy=CodeDeploy(),
    )

    assert synth(stack)["Ecs/Resource"].facts == {
        "format": 1,
        "construct": "EcsDeployPolicy",
        "role": "web-deploy",
        "cluster": "prod",
        "services": ["web"],
        "families": ["shop"],
        "task_definition": "aws",
        "one_off_tasks": ["migrate"],
        "codedeploy": True,
    }


def test_attached_to_a_role_made_here(stack: TerraformStack) -> None:
    """The attachment refers to both resources, so that Terraform makes them first."""
    make_policy(stack, role=make_role(stack))

    made = synth(stack)
    assert made["Ecs/Attachment"].type == "aws_iam_role_policy_attachment"
    assert made["Ecs/Attachment"].arguments == {
        "role": f"${{{made['Deploy/Resource'].address}.name}}",
        "policy_arn": f"${{{made['Ecs/Resource'].address}.arn}}",
    }


def test_attached_to_an_existing_role(stack: TerraformStack) -> None:
    """A role that exists is named by text, without its path."""
    role = GithubDeployRole.from_name(stack, "Role", name="web-deploy", path="/ci/")
    make_policy(stack, role=role)

    made = synth(stack)
    assert made["Ecs/Attachment"].arguments == {
        "role": "web-deploy",
        "policy_arn": f"${{{made['Ecs/Resource'].address}.arn}}",
    }


@pytest.mark.parametrize(
    ("attribute", "path"),
    [
        pytest.param("arn", "", id="arn"),
        pytest.param("id", "", id="id"),
        pytest.param("unique_id", "", id="unique id"),
        pytest.param("id", "service/", id="id after a path"),
    ],
)
@pytest.mark.parametrize("keyword", ["task_roles", "execution_role"])
def test_reference_refused(stack: TerraformStack, keyword: str, attribute: str, path: str) -> None:
    """An ARN or id that is known after apply would hide the policy, or match nothing."""
    task = IamRole(stack, "Task", name="web-task", assume_role_policy="{}")
    given = f"{path}{getattr(task, attribute)}"

    with pytest.raises(InvalidValue, match="A role is passed by its name") as caught:
        make_policy(stack, **{keyword: [given] if keyword == "task_roles" else given})

    (problem,) = caught.value.problems
    assert problem.given == f"{path}${{aws_iam_role.Task.{attribute}}}"


def test_variable_that_holds_an_arn(stack: TerraformStack) -> None:
    """A variable that is called an ARN would be written behind another one."""
    arn = TerraformVariable(stack, "task_role_arn", type="string").string_value

    with pytest.raises(InvalidValue, match="A role is passed by its name"):
        make_policy(stack, task_roles=[arn])


def test_name_by_reference(stack: TerraformStack) -> None:
    """A role's name is known in a plan, so a reference to it passes, also after a path."""
    task = IamRole(stack, "Task", name="web-task", assume_role_policy="{}")
    make_policy(stack, task_roles=[task.name, f"service/{task.name}"], execution_role=None)

    assert synth(stack)["Ecs/Resource"].policy["Statement"][-1]["Resource"] == [
        f"{ROLE}/${{aws_iam_role.Task.name}}",
        f"{ROLE}/service/${{aws_iam_role.Task.name}}",
    ]


def test_names_by_reference(stack: TerraformStack) -> None:
    """Names of clusters, services and families may be references too."""
    cluster = TerraformVariable(stack, "cluster", type="string").string_value
    make_policy(stack, cluster=cluster, services=[f"{cluster}-web"], name="deploys-web")

    update_services = synth(stack)["Ecs/Resource"].policy["Statement"][1]
    assert update_services["Resource"] == f"{ECS}:service/${{var.cluster}}/${{var.cluster}}-web"


@pytest.mark.parametrize(
    ("keywords", "message"),
    [
        pytest.param({"cluster": ""}, "A cluster is named by", id="no cluster"),
        pytest.param({"cluster": f"{ECS}:cluster/prod"}, "not its ARN", id="ARN of a cluster"),
        pytest.param({"cluster": "a" * 256}, "1 to 255", id="long cluster"),
        pytest.param({"services": []}, "`services` names at least one", id="no service"),
        pytest.param({"services": "web"}, "`services` is a list of texts", id="one text"),
        pytest.param({"services": ["web", "web"]}, "`services` names each once", id="twice"),
        pytest.param({"services": ["*"]}, "A service is named by", id="every service"),
        pytest.param({"services": ["prod/web"]}, "A service is named by", id="slash"),
        pytest.param({"families": []}, "`families` names at least one", id="no family"),
        pytest.param({"families": ["web:1"]}, "A family is named by", id="revision"),
        pytest.param({"one_off_tasks": ["*"]}, "A family is named by", id="every task"),
        pytest.param({"one_off_tasks": "seed"}, "`one_off_tasks` is a list", id="one task"),
        pytest.param({"task_roles": "web-task"}, "`task_roles` is a list", id="one role"),
        pytest.param({"task_roles": ["x", "x"]}, "`task_roles` names each once", id="role twice"),
        pytest.param({"task_roles": ["*"]}, "`name`, `path/name` or ARN", id="every role"),
        pytest.param({"task_roles": ["service/*"]}, "`name`, `path/name` or", id="roles of a path"),
        pytest.param({"task_roles": ["/web"]}, "`name`, `path/name` or ARN", id="leading slash"),
        pytest.param(
            {"task_roles": [f"arn:aws:iam::{ACCOUNT}:user/web"]}, "or ARN", id="ARN of a user"
        ),
        pytest.param({"task_roles": [f"{ROLE}/*"]}, "or ARN", id="ARN with a wildcard"),
        pytest.param({"execution_role": ""}, "`name`, `path/name` or ARN", id="no name"),
        pytest.param(
            {"execution_role": f"arn:aws:iam::{OTHER_ACCOUNT}:role/x"},
            "roles of its own account only",
            id="role of another account",
        ),
        pytest.param(
            {"task_roles": [f"arn:aws-cn:iam::{ACCOUNT}:role/x"]},
            "of another partition",
            id="role of another partition",
        ),
        pytest.param({"name": ""}, "name of a policy has 1 to 128", id="no policy name"),
        pytest.param({"name": "a" * 129}, "name of a policy has 1 to 128", id="long name"),
        pytest.param({"name": "a/b"}, "name of a policy has 1 to 128", id="slash in name"),
        pytest.param({"tags": {"aws:x": "y"}}, "A tag has a key", id="tag"),
        pytest.param(
            {"services": ["web", "api"], "codedeploy": CodeDeploy(application="shop")},
            "deploy one service",
            id="one application for two services",
        ),
        pytest.param(
            {"services": [], "one_off_tasks": ["seed"], "codedeploy": CodeDeploy()},
            "`codedeploy` is about services",
            id="CodeDeploy without services",
        ),
        pytest.param(
            {"services": [], "one_off_tasks": ["seed"], "families": ["web"]},
            "`families` is about services",
            id="families without services",
        ),
    ],
)
def test_refused(stack: TerraformStack, keywords: dict[str, Any], message: str) -> None:
    """Names that AWS refuses or that match nothing are refused, as one problem."""
    with pytest.raises(InvalidValue, match=message) as caught:
        make_policy(stack, **keywords)

    assert len(caught.value.problems) == 1


@pytest.mark.parametrize("name", ["", "a b", "a" * 101, "arn:aws:codedeploy:x"])
def test_codedeploy_refused(name: str) -> None:
    """A name that CodeDeploy refuses is refused when it is given."""
    with pytest.raises(InvalidValue, match="CodeDeploy's names have 1 to 100"):
        CodeDeploy(application=name)


def test_everything_wrong_at_once(stack: TerraformStack) -> None:
    """Mistakes in several keywords come in one error."""
    with pytest.raises(InvalidValue) as caught:
        make_policy(stack, cluster="a b", services=["x y"], task_roles=["*"], name="a/b")

    assert len(caught.value.problems) == 4


def test_long_default_name(stack: TerraformStack) -> None:
    """A default name that IAM refuses is refused with the way out."""
    with pytest.raises(InvalidValue, match="name of a policy has 1 to 128"):
        make_policy(stack, cluster="c" * 120)


def test_role_of_another_account(stack: TerraformStack) -> None:
    """A policy cannot be attached to a role of another account."""
    role = GithubDeployRole.from_name(stack, "Role", name="web-deploy", account=OTHER_ACCOUNT)

    with pytest.raises(InvalidValue, match="is in another account than the cluster"):
        make_policy(stack, role=role)


def test_role_of_another_stack_and_account(app: App) -> None:
    """Nor to one that another stack makes there."""
    role = make_role(new_stack(app, "other", account=OTHER_ACCOUNT))

    with pytest.raises(InvalidValue, match="is in another account than the cluster"):
        make_policy(new_stack(app), role=role)


def test_size(app: App) -> None:
    """A policy over 6,144 characters is refused, with the way out."""
    services = [f"service-with-a-long-name-{number:02}" for number in range(24)]
    make_policy(new_stack(app), services=services[:16])

    with pytest.raises(InvalidValue, match="IAM takes 6144") as caught:
        make_policy(new_stack(app, "long"), services=services, name="long")

    assert "24 services" in str(caught.value)


def test_order_of_services(app: App) -> None:
    """The order of services and roles means nothing."""
    one, two = new_stack(app, "one"), new_stack(app, "two")
    make_policy(one, services=["web", "api"], task_roles=["a", "b"], name="one")
    make_policy(two, services=["api", "web"], task_roles=["b", "a"], name="two")

    assert synth(one)["Ecs/Resource"].policy == synth(two)["Ecs/Resource"].policy
