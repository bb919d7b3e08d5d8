"""Stacks of two accounts that their repository plans and applies, made with `InfraRoles`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from constructs_lib.provider import AwsProvider, AwsProviderAssumeRole  # isort: skip - before cdktf
from cdktf import App, S3Backend, S3BackendAssumeRoleConfig, TerraformStack

from constructs_lib import (
    EcrRepo,
    GithubDeployRole,
    GithubRepo,
    InfraRoles,
    OidcProvider,
    TerraformState,
    constrain_aws_provider,
)

if TYPE_CHECKING:
    from pathlib import Path

ACCOUNTS = {"dev": "111122223333", "prod": "444455556666"}
REGION = "eu-central-1"
INFRA = GithubRepo("acme/infra", owner_id=123456, repo_id=1004)
WEB = GithubRepo("acme/web", owner_id=123456, repo_id=456789)
BUCKET = "acme-state-{}"


def terraform_role(account: str) -> str:
    """Return the ARN of the role that Terraform assumes."""
    return f"arn:aws:iam::{ACCOUNTS[account]}:role/terraform"


def synthesize_infra(
    folder: Path, *, audiences: tuple[str, ...] = ("sts.amazonaws.com",) * 2, **roles: Any
) -> Path:
    """
    Synthesize an account's stack and a service in each account; *roles* go to `InfraRoles`.

    The provider of each account takes all *audiences*, and its roles the one in its own place.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    app = App(outdir=str(folder))
    for account, audience in zip(ACCOUNTS, audiences, strict=True):
        stack = _stack(app, f"account-{account}", account)
        github = OidcProvider(stack, "Github", audiences=[*dict.fromkeys(audiences)])
        given: dict[str, Any] = {
            "oidc_provider": github,
            "plan_subjects": [INFRA.pull_request(), INFRA.branch("main")],
            "apply_subjects": [INFRA.environment(account)],
            "terraform_role": "terraform",
            "audience": audience,
            "state": TerraformState(bucket=BUCKET.format(account), key_prefix="deploy-access/"),
        }
        InfraRoles(stack, "Infra", **{**given, **roles})
        service = _stack(app, f"web-{account}", account)
        image = EcrRepo(service, "Image", name="web")
        role = GithubDeployRole(
            service,
            "Deploy",
            name=f"web-{account}-deploy",
            oidc_provider=OidcProvider.from_account(service, "Github"),
            subjects=[WEB.branch("main")],
        )
        image.grant_push(role)
        if account == "prod":
            EcrRepo(service, "FarImage", name="web", provider=_far(service, account))
    app.synth()
    return folder


def _far(stack: TerraformStack, account: str) -> AwsProvider:
    role = AwsProviderAssumeRole(role_arn=terraform_role(account))
    only = [ACCOUNTS[account]]
    return AwsProvider(
        stack,
        "Far",
        alias="far",
        region="us-east-1",
        allowed_account_ids=only,
        assume_role=[role],
    )


def _stack(app: App, name: str, account: str) -> TerraformStack:
    stack = TerraformStack(app, name)
    arn = terraform_role(account)
    AwsProvider(
        stack,
        "Aws",
        region=REGION,
        allowed_account_ids=[ACCOUNTS[account]],
        assume_role=[AwsProviderAssumeRole(role_arn=arn)],
    )
    constrain_aws_provider(stack)
    S3Backend(
        stack,
        bucket=BUCKET.format(account),
        region=REGION,
        key=f"deploy-access/{name}.tfstate",
        encrypt=True,
        assume_role=S3BackendAssumeRoleConfig(role_arn=arn),
    )
    stack.add_override("terraform.backend.s3.use_lockfile", value=True)
    return stack
