"""
One stack of the benchmark: ten resources and a provider, made by our constructs.

Names come from the stack's name alone: the Node programs repeat the resources of one stack under
the names of the others.
"""

# isort: off
from constructs_lib import EcrRepo, EcsDeployPolicy, GithubDeployRole, GithubRepo, OidcProvider
from constructs_lib.provider import AwsProvider
from cdktf import TerraformStack
# isort: on

ACCOUNT = "111111111111"
PARTNER = "222222222222"


def fill(stack: TerraformStack, name: str) -> None:
    """Give one service its deploy role, two image repositories and its deploy permissions."""
    AwsProvider(stack, "aws", region="eu-west-1", allowed_account_ids=[ACCOUNT])
    role = _role(stack, name)
    for image in ("web", "worker"):
        repository = EcrRepo(stack, image.title(), name=f"{name}/{image}")
        repository.grant_push(role)
        repository.allow_pull_from(PARTNER)
    EcsDeployPolicy(
        stack,
        "Ecs",
        role=role,
        cluster="main",
        services=[name],
        task_roles=[f"{name}-task"],
        execution_role="ecsTaskExecutionRole",
    )


def _role(stack: TerraformStack, name: str) -> GithubDeployRole:
    source = GithubRepo("acme/services", owner_id=123456, repo_id=456789)
    return GithubDeployRole(
        stack,
        "Deploy",
        name=f"{name}-deploy",
        oidc_provider=OidcProvider.from_account(stack, "Github"),
        subjects=[source.environment(f"{name}-production"), source.tag_pattern("v*")],
    )
