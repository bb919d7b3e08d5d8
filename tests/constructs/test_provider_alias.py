"""Everything that a construct makes with an aliased AWS provider carries it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from synth import ACCOUNT, OTHER_ACCOUNT, WEB, Synthesized, new_stack, synth

from constructs_lib import (
    EcrRepo,
    EcsDeployPolicy,
    GithubDeployRole,
    OidcProvider,
    Statement,
)
from constructs_lib.provider import AwsProvider

if TYPE_CHECKING:
    from cdktf import App


@pytest.fixture
def everything(app: App) -> Synthesized:
    """Make one of each with an aliased provider that says neither region nor account."""
    stack = new_stack(app)
    far = AwsProvider(stack, "Far", alias="far")
    OidcProvider.from_lookup(stack, "Existing", issuer="https://gitlab.com", provider=far)
    role = GithubDeployRole(
        stack,
        "Deploy",
        name="web-deploy",
        oidc_provider=OidcProvider(stack, "Github", thumbprints="read", provider=far),
        subjects=[WEB.environment("prod")],
        managed_policies=["arn:aws:iam::aws:policy/ReadOnlyAccess"],
        statements=[
            Statement(
                sid="Read",
                actions=["ssm:GetParameter"],
                resources=["arn:aws:ssm:*:*:parameter/web"],
            )
        ],
        provider=far,
    )
    image = EcrRepo(stack, "Image", name="web", provider=far)
    image.grant_push(role)
    image.grant_pull(GithubDeployRole.from_name(stack, "Named", name="other", provider=far))
    image.allow_pull_from(OTHER_ACCOUNT)
    EcsDeployPolicy(
        stack,
        "Ecs",
        role=role,
        cluster="prod",
        services=["web"],
        task_roles=[],
        execution_role=None,
        provider=far,
    )
    return synth(stack)


def test_every_block(everything: Synthesized) -> None:
    """Every resource and data source carries the alias, and only Terraform's tls its own."""
    providers = {path: block.arguments.get("provider") for path, block in everything.blocks.items()}

    assert providers == {
        "Deploy/Managed-ReadOnlyAccess": "aws.far",
        "Deploy/Push-web": "aws.far",
        "Deploy/Resource": "aws.far",
        "Deploy/Statements": "aws.far",
        "DeployAccessAccount-far": "aws.far",
        "DeployAccessPartition-far": "aws.far",
        "DeployAccessRegion-far": "aws.far",
        "Ecs/Attachment": "aws.far",
        "Ecs/Resource": "aws.far",
        "Existing/Lookup": "aws.far",
        "Github/Certificate": "tls",
        "Github/Resource": "aws.far",
        "Image/Lifecycle": "aws.far",
        "Image/Policy": "aws.far",
        "Image/Resource": "aws.far",
        "Named/Pull-web": "aws.far",
    }


def test_every_policy(everything: Synthesized) -> None:
    """Every ARN is of the account and region of the aliased provider."""
    assert ACCOUNT not in "".join(
        block.arguments["policy"]
        for block in everything.blocks.values()
        if "policy" in block.arguments
    )


def test_without_alias(app: App) -> None:
    """Without one nothing carries a provider, so the stack's own is used."""
    stack = new_stack(app)
    EcrRepo(stack, "Image", name="web")

    assert not [p for p, b in synth(stack).blocks.items() if "provider" in b.arguments]


def test_another_region(app: App) -> None:
    """A repository of another region of the account is one that the role reaches alone."""
    stack = new_stack(app)
    far = AwsProvider(stack, "Far", region="us-east-1", allowed_account_ids=[ACCOUNT], alias="far")
    image = EcrRepo(stack, "Image", name="web", provider=far)
    image.grant_push(GithubDeployRole.from_name(stack, "Deploy", name="web-deploy"))

    made = synth(stack)
    assert "provider" not in made[f"Deploy/Push-{ACCOUNT}-us-east-1-web"].arguments
    assert made.paths("aws_ecr_repository_policy") == []


def test_another_account(app: App) -> None:
    """A repository of another account gets a policy, with the alias of that account."""
    stack = new_stack(app)
    tools = AwsProvider(
        stack,
        "Tools",
        region="eu-central-1",
        allowed_account_ids=[OTHER_ACCOUNT],
        alias="tools",
    )
    image = EcrRepo(stack, "Image", name="web", provider=tools)
    image.grant_push(GithubDeployRole.from_name(stack, "Deploy", name="web-deploy"))

    made = synth(stack)
    (push,) = made.paths("aws_iam_role_policy")
    assert push == f"Deploy/Push-{OTHER_ACCOUNT}-eu-central-1-web"
    assert made["Image/Policy"].arguments["provider"] == "aws.tools"
    assert "provider" not in made[push].arguments
