"""The ten lines that the README begins with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdktf import TerraformStack
from synth import ACCOUNT, REGION, synth

from constructs_lib import EcrRepo, EcsDeployPolicy, GithubDeployRole, GithubRepo, OidcProvider
from constructs_lib.provider import AwsProvider

if TYPE_CHECKING:
    from cdktf import App
    from constructs import Construct


class Web(TerraformStack):
    """A stack of a user's own."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        AwsProvider(self, "Aws", region=REGION, allowed_account_ids=[ACCOUNT])
        web = GithubRepo("acme/web", owner_id=123456, repo_id=456789)

        github = OidcProvider(self, "Github")
        image = EcrRepo(self, "Image", name="web")
        role = GithubDeployRole(
            self,
            "Deploy",
            name="web-prod-deploy",
            oidc_provider=github,
            subjects=[web.environment("prod"), web.tag_pattern("v*")],
        )
        image.grant_push(role)
        EcsDeployPolicy(
            self,
            "Ecs",
            role=role,
            cluster="prod",
            services=["web"],
            task_roles=["web-task"],
            execution_role="ecsTaskExecutionRole",
        )


def test_ten_lines(app: App) -> None:
    """They make these resources, without a warning."""
    made = synth(Web(app, "web-prod"))

    assert made.addresses == {
        "Deploy/Push-web": "aws_iam_role_policy.Deploy_Push-web_425A74E8",
        "Deploy/Resource": "aws_iam_role.Deploy_7B206E61",
        "Ecs/Attachment": "aws_iam_role_policy_attachment.Ecs_Attachment_77859948",
        "Ecs/Resource": "aws_iam_policy.Ecs_E8DC93DB",
        "Github/Resource": "aws_iam_openid_connect_provider.Github_67AA2193",
        "Image/Lifecycle": "aws_ecr_lifecycle_policy.Image_Lifecycle_7148C5F2",
        "Image/Resource": "aws_ecr_repository.Image_9D742C96",
    }
    assert made.warnings == []


def test_no_outputs(app: App) -> None:
    """Constructs make no outputs: they would stand in the stack of somebody else."""
    assert "output" not in synth(Web(app, "web-prod")).config
