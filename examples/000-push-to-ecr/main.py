"""
One branch pushes images to one repository.

`python main.py` makes the account's OIDC provider. Where one was made by hand already,
`python main.py adopt` takes it over, and `python main.py existing` only checks that it is there.
"""

import sys

# The constructs first: they choose the Node that cdktf starts.
# isort: off
from constructs_lib import EcrRepo, GithubDeployRole, GithubRepo, OidcProvider, OidcProviderBase
from constructs_lib import constrain_aws_provider
from constructs_lib.provider import AwsProvider
from cdktf import App, LocalBackend, TerraformOutput, TerraformStack
# isort: on

# The event in CloudTrail shows the form of its tokens. A repository made since 2026-07-15 has
# the other one: give `owner_id` and `repo_id` in place of `subject_format`.
APP = GithubRepo("Test-User/techblue-dev", subject_format="legacy")


def new_stack(app: App, name: str) -> TerraformStack:
    """Make a stack that deploys to one account, and keeps its state beside `cdktf.out`."""
    stack = TerraformStack(app, name)
    AwsProvider(stack, "Aws", region="ap-northeast-1", allowed_account_ids=["000123456789"])
    constrain_aws_provider(stack)
    LocalBackend(stack, path=f"../../../terraform.{name}.tfstate")
    return stack


def find_github(stack: TerraformStack, how: str) -> OidcProviderBase:
    """Make the OIDC provider, adopt the one made by hand, or leave that as it is."""
    if how == "existing":
        return OidcProvider.from_lookup(stack, "Github")
    github = OidcProvider(stack, "Github")
    if how == "adopt":
        github.resource.import_from(github.arn)
    return github


def push_to_ecr(app: App, how: str) -> None:
    """Let the branch `main` push."""
    stack = new_stack(app, "push-to-ecr")
    image = EcrRepo(stack, "Image", name="techblue-dev")
    role = GithubDeployRole(
        stack,
        "Deploy",
        name="Githubactions-to-ECR-role",
        oidc_provider=find_github(stack, how),
        subjects=[APP.branch("main")],
    )
    image.grant_push(role)
    TerraformOutput(stack, "role_arn", value=role.arn)
    TerraformOutput(stack, "repository_url", value=image.url)


if __name__ == "__main__":
    program = App()
    push_to_ecr(program, how=" ".join(sys.argv[1:]))
    program.synth()
