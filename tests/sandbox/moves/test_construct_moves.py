"""
A stack of somebody's own, whose constructs get other ids, and whose provider goes to the account.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from constructs_lib.provider import AwsProvider  # isort: skip - before cdktf: it makes Node start fast
import pytest
from cdktf import App, LocalBackend, TerraformStack
from move_runs import MAIN
from sandbox_estates import NONPROD

from constructs_lib import (
    EcrRepo,
    GithubDeployRole,
    GithubRepo,
    OidcProvider,
    OidcProviderBase,
    forget,
    renamed_from,
)

if TYPE_CHECKING:
    from move_walk import Walk

ROLE, IMAGES = "web-deploy", "web"
WEB = GithubRepo("acme/web", owner_id=1, repo_id=2)
PROVIDER = "aws_iam_openid_connect_provider.Github_67AA2193"
SUBJECT = f"repo:acme@1/web@2{MAIN}"
NOTHING = "0 added, 0 changed, 0 destroyed"


def new_stack(app: App, name: str) -> TerraformStack:
    """
    Make a stack of the account.
    """
    stack = TerraformStack(app, name)
    AwsProvider(stack, "Aws", region="eu-central-1", allowed_account_ids=[NONPROD])
    LocalBackend(stack, path=f"../../../terraform.{name}.tfstate")
    return stack


def before(app: App) -> None:
    """
    Make everything in one stack.
    """
    web = new_stack(app, "web")
    make_access(web, OidcProvider(web, "Github"), "")


def during(app: App) -> None:
    """
    Let the account have the provider, and give the rest other ids.
    """
    OidcProvider(new_stack(app, "account-dev"), "Github", import_existing=True)
    web = new_stack(app, "web")
    forget(web, PROVIDER)
    role, image = make_access(web, OidcProvider.from_account(web, "Github"), "Web")
    renamed_from(role, "Deploy")
    renamed_from(image, "Image")


def after(app: App) -> None:
    """
    Take away what was for the move.
    """
    OidcProvider(new_stack(app, "account-dev"), "Github")
    web = new_stack(app, "web")
    make_access(web, OidcProvider.from_account(web, "Github"), "Web")


def make_access(
    stack: TerraformStack, github: OidcProviderBase, prefix: str
) -> tuple[GithubDeployRole, EcrRepo]:
    """
    Make a role that pushes to a repository.
    """
    role = GithubDeployRole(
        stack,
        f"{prefix}Deploy",
        name=ROLE,
        oidc_provider=github,
        subjects=[WEB.branch("main")],
    )
    image = EcrRepo(stack, f"{prefix}Image", name=IMAGES)
    image.grant_push(role)
    return role, image


@dataclass(frozen=True, kw_only=True)
class Seen:
    """
    What is seen after a step: Terraform's counts, whether the role pushes, and what AWS has.
    """

    done: dict[str, str]
    pushes: bool
    ids: dict[str, object]


@pytest.fixture(scope="module")
def seen(walk: Walk, tmp_path_factory: pytest.TempPathFactory) -> list[Seen]:
    """
    Take all steps.
    """
    found: list[Seen] = []
    for step, build in enumerate((before, during, after)):
        app = App(outdir=str(tmp_path_factory.mktemp("step") / "cdktf.out"))
        build(app)
        app.synth()
        done = walk.apply(Path(app.outdir))
        pushes = walk.push(ROLE, SUBJECT, IMAGES, f"step-{step}")
        found.append(Seen(done=done, pushes=pushes, ids=walk.ids()))
    return found


@pytest.mark.terraform
def test_the_role_goes_on(seen: list[Seen], walk: Walk) -> None:
    """
    After each step the run gets in and pushes, and a stranger does not get in.
    """
    assert [one.pushes for one in seen] == [True, True, True]
    assert walk.images(IMAGES) == ["step-0", "step-1", "step-2"]
    assert walk.enter(ROLE, f"repo:acme@1/web@3{MAIN}") is None


@pytest.mark.terraform
def test_nothing_is_made_anew(seen: list[Seen]) -> None:
    """
    Provider, role and repository are the ones that were there, and no step adds another.
    """
    assert [one.ids for one in seen] == [seen[0].ids] * len(seen)


@pytest.mark.terraform
def test_what_terraform_does(seen: list[Seen]) -> None:
    """
    It takes the provider over, moves the rest, and changes nothing in AWS.
    """
    assert [one.done for one in seen[1:]] == [
        {"account-dev": f"1 imported, {NOTHING}", "web": NOTHING},
        {"account-dev": NOTHING, "web": NOTHING},
    ]
