"""
One role for the applications of an account; each adds what it needs in a stack of its own.

`python main.py read-thumbprint` also has Terraform read the issuer's certificate.
"""

import sys

# The constructs first: they choose the Node that cdktf starts.
# isort: off
from constructs_lib import EcrRepo, EcsDeployPolicy, GithubDeployRole, GithubRepo, OidcProvider
from constructs_lib import constrain_aws_provider
from constructs_lib.provider import AwsProvider
from cdktf import App, LocalBackend, TerraformOutput, TerraformStack
# isort: on

SHARED_ROLE = "github-actions-deploy"
SAMPLE = GithubRepo("acme/sample", owner_id=123456, repo_id=456789)


def new_stack(app: App, name: str) -> TerraformStack:
    """Make a stack with a state of its own."""
    stack = TerraformStack(app, name)
    AwsProvider(stack, "Aws", region="ap-northeast-1", allowed_account_ids=["111122223333"])
    constrain_aws_provider(stack)
    LocalBackend(stack, path=f"../../../terraform.{name}.tfstate")
    return stack


def account(app: App, *, read_thumbprint: bool) -> TerraformStack:
    """Make the resources that an account has once: the provider, and a role without permissions."""
    stack = new_stack(app, "account")
    role = GithubDeployRole(
        stack,
        "Deploy",
        name=SHARED_ROLE,
        oidc_provider=OidcProvider(
            stack, "Github", thumbprints="read" if read_thumbprint else None
        ),
        subjects=[SAMPLE.environment("production")],
    )
    TerraformOutput(stack, "role_arn", value=role.arn)
    return stack


def sample(app: App) -> TerraformStack:
    """Let the shared role deploy one application; this stack knows only the name of the role."""
    stack = new_stack(app, "sample")
    role = GithubDeployRole.from_name(stack, "Deploy", name=SHARED_ROLE)
    EcrRepo(stack, "Image", name="sample").grant_push(role)
    EcsDeployPolicy(
        stack,
        "Ecs",
        role=role,
        cluster="sample_ecs_cluster",
        services=["sample_ecs_service"],
        task_roles=["sample-task"],
        execution_role="ecsTaskExecutionRole",
    )
    return stack


if __name__ == "__main__":
    program = App()
    shared = account(program, read_thumbprint="read-thumbprint" in sys.argv)
    sample(program).add_dependency(shared)
    program.synth()
