"""Resources that Terraform takes over: the id of each, as the provider's pages have it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from synth import ACCOUNT, GITHUB, OTHER_ACCOUNT, WEB, synth

from constructs_lib import EcrRepo, EcsDeployPolicy, GithubDeployRole, OidcProvider, Statement

if TYPE_CHECKING:
    from cdktf import TerraformStack


def make_everything(stack: TerraformStack, existing: Any) -> None:
    """Make each construct that can take something over."""
    flag = bool(existing)
    github = OidcProvider(stack, "Github", import_existing=flag)
    role = GithubDeployRole(
        stack,
        "Deploy",
        name="web-deploy",
        path="/ci/",
        oidc_provider=github,
        subjects=[WEB.branch("main")],
        managed_policies=["arn:aws:iam::aws:policy/ReadOnlyAccess"],
        statements=[
            Statement(sid="Own", actions=["s3:ListBucket"], resources=["arn:aws:s3:::acme-web"])
        ],
        statements_name="by-hand",
        import_existing=["role", "managed_policies", "statements"] if flag else False,
    )
    image = EcrRepo(stack, "Image", name="team/web", import_existing=existing)
    image.allow_pull_from(OTHER_ACCOUNT)
    image.grant_push(role, policy_name="push", import_existing=flag)
    image.grant_pull(role, import_existing=flag)
    image.grant_read(role, import_existing=flag)
    EcsDeployPolicy(
        stack,
        "Ecs",
        role=role,
        cluster="main",
        services=["web"],
        task_roles=[],
        execution_role=None,
        description="",
        import_existing=["policy", "attachment"] if flag else False,
    )


def imported(stack: TerraformStack) -> dict[str, str]:
    """Read the ids by the path of the resource."""
    made = synth(stack)
    paths = {address: path for path, address in made.addresses.items()}
    return {paths[one["to"]]: one["id"] for one in made.config.get("import", [])}


def test_ids(stack: TerraformStack) -> None:
    """Each is imported by the id that the provider wants."""
    make_everything(stack, existing=True)

    assert imported(stack) == {
        "Deploy/Managed-ReadOnlyAccess": "web-deploy/arn:aws:iam::aws:policy/ReadOnlyAccess",
        "Deploy/Statements": "web-deploy:by-hand",
        "Deploy/Pull-team+web": "web-deploy:ecr-pull-team+web",
        "Deploy/Push-team+web": "web-deploy:push",
        "Deploy/Read-team+web": "web-deploy:ecr-read-team+web",
        "Deploy/Resource": "web-deploy",
        "Ecs/Attachment": f"web-deploy/arn:aws:iam::{ACCOUNT}:policy/web-deploy-ecs-main",
        "Ecs/Resource": f"arn:aws:iam::{ACCOUNT}:policy/web-deploy-ecs-main",
        "Github/Resource": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{GITHUB}",
        "Image/Lifecycle": "team/web",
        "Image/Policy": "team/web",
        "Image/Resource": "team/web",
    }


def test_nothing_is_taken_over_unasked(stack: TerraformStack) -> None:
    """Left out, everything is made."""
    make_everything(stack, existing=False)

    assert imported(stack) == {}


@pytest.mark.parametrize(
    ("part", "path"),
    [("repository", "Resource"), ("lifecycle", "Lifecycle"), ("policy", "Policy")],
)
def test_parts_of_a_repository(stack: TerraformStack, part: Any, path: str) -> None:
    """Some of it may be there, and some not."""
    EcrRepo(stack, "Image", name="web", import_existing=[part]).allow_pull_from(OTHER_ACCOUNT)

    assert imported(stack) == {f"Image/{path}": "web"}


@pytest.mark.parametrize(
    ("given", "description"),
    [
        ({}, "Deploys to Amazon ECS"),
        ({"description": "by hand"}, "by hand"),
        ({"description": ""}, None),
    ],
)
def test_a_policy_keeps_its_description(
    stack: TerraformStack, given: Any, description: str | None
) -> None:
    """Another one would replace it, and one made on the console often has none."""
    role = GithubDeployRole.from_name(stack, "Deploy", name="web-deploy")
    EcsDeployPolicy(
        stack,
        "Ecs",
        role=role,
        cluster="main",
        services=["web"],
        task_roles=[],
        execution_role=None,
        import_existing=True,
        **given,
    )
    (policy,) = synth(stack).config["resource"]["aws_iam_policy"].values()

    assert policy.get("description") == description
