"""Roles for the exchange of a token of GitHub, of GitLab and of Bitbucket."""

# The constructs first: they choose the Node that cdktf starts.
# isort: off
from constructs_lib import GithubDeployRole, GithubOwner, GithubRepo, OidcProvider, Subject
from constructs_lib import constrain_aws_provider
from constructs_lib.provider import AwsProvider
from cdktf import App, LocalBackend, TerraformStack
# isort: on

ONE = GithubRepo("yutaro1985/github-actions-oidc-test", owner_id=123456, repo_id=456789)
ALL = GithubOwner("hogehoge", owner_id=234567)
GITLAB = "https://gitlab.com"
# Bitbucket shows these under "Repository settings, OpenID Connect". Its `sub` is
# `{repository}:{environment}:{step}`, and each run of a step has an id of its own.
BITBUCKET = "https://api.bitbucket.org/2.0/workspaces/hogehoge/pipelines-config/identity/oidc"
WORKSPACE = "ari:cloud:bitbucket::workspace/0f3a7c1e-4b2d-4a56-9c1f-2f6f0d7b8e11"
PRODUCTION = "{6d1d5c0a-7a5e-4f3b-8d25-0b6f5f0c9a37}:{b2e4c7d8-1f60-4c39-a7e5-93d0c1a2b4f6}:*"


def new_stack(app: App, name: str) -> TerraformStack:
    """Make a stack that deploys to one account, and keeps its state beside `cdktf.out`."""
    stack = TerraformStack(app, name)
    AwsProvider(stack, "Aws", region="us-east-1", allowed_account_ids=["012345678901"])
    constrain_aws_provider(stack)
    LocalBackend(stack, path=f"../../../terraform.{name}.tfstate")
    return stack


def github(stack: TerraformStack) -> None:
    """Trust one branch for up to two hours, and an organization for a call without permissions."""
    provider = OidcProvider(stack, "Github")
    GithubDeployRole(
        stack,
        "Example",
        name="ExampleGithubRole",
        oidc_provider=provider,
        subjects=[ONE.branch("main")],
        max_session_duration=2 * 60 * 60,
    )
    GithubDeployRole(
        stack,
        "WhoAmI",
        name="github-who-am-i",
        oidc_provider=provider,
        subjects=[ALL.any_repo()],
        accept={"org-wide": "only calls sts:GetCallerIdentity, which needs no permission"},
    )


def others(stack: TerraformStack) -> None:
    """Trust pipelines elsewhere; their subjects have forms of their own, so they are text."""
    gitlab = OidcProvider(stack, "Gitlab", issuer=GITLAB, audiences=[GITLAB])
    main = Subject.custom("project_path:hogehoge/web:ref_type:branch:ref:main")
    GithubDeployRole(
        stack, "FromGitlab", name="gitlab-deploy", oidc_provider=gitlab, subjects=[main]
    )
    bitbucket = OidcProvider(stack, "Bitbucket", issuer=BITBUCKET, audiences=[WORKSPACE])
    production = Subject.custom_pattern(PRODUCTION)
    GithubDeployRole(
        stack,
        "FromBitbucket",
        name="bitbucket-deploy",
        oidc_provider=bitbucket,
        subjects=[production],
    )


if __name__ == "__main__":
    program = App()
    github(new_stack(program, "github"))
    others(new_stack(program, "other-issuers"))
    program.synth()
