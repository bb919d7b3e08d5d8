"""
Push an image, read the running task definition, put the image in, update the service.

The outputs have the names of the variables that the workflow and its composite action read.
"""

# The constructs first: they choose the Node that cdktf starts.
# isort: off
from constructs_lib import EcrRepo, EcsDeployPolicy, GithubDeployRole, GithubRepo, OidcProvider
from constructs_lib import constrain_aws_provider
from constructs_lib.provider import AwsProvider
from cdktf import App, LocalBackend, TerraformOutput, TerraformStack
# isort: on

API = GithubRepo("acme/api", owner_id=123456, repo_id=567890)
NAMES = {
    "ECS_CLUSTER_NAME": "api-prod-cluster",
    "ECS_SERVICE_NAME": "api-prod-service",
    "TASK_DEFINITION_NAME": "api-prod-task",
    "CONTAINER_NAME": "api",
}


def new_stack(app: App, name: str) -> TerraformStack:
    """Make a stack that deploys to one account, and keeps its state beside `cdktf.out`."""
    stack = TerraformStack(app, name)
    AwsProvider(stack, "Aws", region="ap-northeast-1", allowed_account_ids=["210987654321"])
    constrain_aws_provider(stack)
    LocalBackend(stack, path=f"../../../terraform.{name}.tfstate")
    return stack


def deploy_api(app: App) -> None:
    """Let a push to `main`, which is what a merge makes, deploy the service."""
    stack = new_stack(app, "deploy-api")
    image = EcrRepo(stack, "Image", name="api")
    role = GithubDeployRole(
        stack,
        "Deploy",
        name="deploy-to-ecs-github-actions",
        oidc_provider=OidcProvider(stack, "Github"),
        subjects=[API.branch("main")],
    )
    image.grant_push(role)
    EcsDeployPolicy(
        stack,
        "Ecs",
        role=role,
        cluster=NAMES["ECS_CLUSTER_NAME"],
        services=[NAMES["ECS_SERVICE_NAME"]],
        families=[NAMES["TASK_DEFINITION_NAME"]],
        task_roles=["api-prod-task-role"],
        execution_role="ecsTaskExecutionRole",
        read_task_definition=True,
    )
    for name, value in {"ROLE_ARN": role.arn, "ECR_REPOSITORY_URI": image.url, **NAMES}.items():
        TerraformOutput(stack, name, value=value)


if __name__ == "__main__":
    program = App()
    deploy_api(program)
    program.synth()
