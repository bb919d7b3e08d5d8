"""One stack for each environment; its outputs are what the workflow has to know."""

# The constructs first: they choose the Node that cdktf starts.
# isort: off
from constructs_lib import EcrRepo, EcsDeployPolicy, GithubDeployRole, GithubRepo, OidcProvider
from constructs_lib import Subject, constrain_aws_provider
from constructs_lib.provider import AwsProvider
from cdktf import App, LocalBackend, TerraformOutput, TerraformStack
# isort: on

# Only reads images and the results of their scans; it stands where AmazonECS_FullAccess was.
READ_IMAGES = "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly"
REPO = GithubRepo("mycompany-inc/my-repo", owner_id=123456, repo_id=456789, subject_format="both")
ENVIRONMENTS = {
    "dev": REPO.branch("develop"),
    "stg": REPO.environment("stg"),
    "prod": REPO.environment("prod"),
}


def new_stack(app: App, name: str) -> TerraformStack:
    """Make a stack; the account stands here and nowhere else."""
    stack = TerraformStack(app, name)
    AwsProvider(stack, "Aws", region="ap-northeast-1", allowed_account_ids=["123456789012"])
    constrain_aws_provider(stack)
    LocalBackend(stack, path=f"../../../terraform.{name}.tfstate")
    return stack


def environment(app: App, env: str, subject: Subject, github: OidcProvider) -> None:
    """Make one environment, to which the runs that *subject* names deploy."""
    stack = new_stack(app, env)
    image = EcrRepo(stack, "Image", name=f"my-ecr-repo-{env}", prevent_destroy=env == "prod")
    role = GithubDeployRole(
        stack,
        "Deploy",
        name=f"{env}-github-actions",
        oidc_provider=github,
        subjects=[subject],
        managed_policies=[READ_IMAGES],
    )
    image.grant_push(role)
    EcsDeployPolicy(
        stack,
        "Ecs",
        role=role,
        cluster=env,
        services=["my-service"],
        task_roles=[f"{env}-my-service-task"],
        execution_role="ecsTaskExecutionRole",
    )
    TerraformOutput(stack, "role_arn", value=role.arn)
    TerraformOutput(stack, "repository_name", value=image.name)


if __name__ == "__main__":
    program = App()
    # An account has room for one provider an issuer: the environments share it.
    shared = OidcProvider(new_stack(program, "account"), "Github")
    for name, trusted in ENVIRONMENTS.items():
        environment(program, name, trusted, shared)
    program.synth()
