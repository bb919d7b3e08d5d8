"""A role that is made elsewhere: by its name, or by its ARN."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from synth import ACCOUNT, OTHER_ACCOUNT, WEB, new_stack, synth

from constructs_lib import DeployRoleBase, EcrRepo, GithubDeployRole, OidcProvider, Statement
from deploy_access.audit.refused import AccessRefused
from deploy_access.errors import DuplicateResource, InvalidValue

if TYPE_CHECKING:
    from cdktf import App, TerraformStack

    from deploy_access.github.subject import Subject


def make_role(stack: TerraformStack, name: str, *subjects: Subject) -> GithubDeployRole:
    """Make a role in *stack*."""
    return GithubDeployRole(
        stack,
        "Made",
        name=name,
        oidc_provider=OidcProvider.from_account(stack, "Github"),
        subjects=subjects or [WEB.environment("prod")],
    )


def test_from_name(stack: TerraformStack) -> None:
    """A role that exists is named, and nothing is made."""
    role = GithubDeployRole.from_name(stack, "Deploy", name="web-deploy", path="/ci/")

    assert (role.name, role.path) == ("web-deploy", "/ci/")
    assert role.arn == f"arn:aws:iam::{ACCOUNT}:role/ci/web-deploy"
    assert synth(stack).paths() == []


def test_from_name_in_another_account(stack: TerraformStack) -> None:
    """A role of another account has that account's ARN."""
    role = GithubDeployRole.from_name(stack, "Deploy", name="web-deploy", account=OTHER_ACCOUNT)

    assert role.arn == f"arn:aws:iam::{OTHER_ACCOUNT}:role/web-deploy"


@pytest.mark.parametrize(
    ("arn", "name", "path"),
    [
        pytest.param(f"arn:aws:iam::{OTHER_ACCOUNT}:role/web", "web", "/", id="plain"),
        pytest.param(f"arn:aws:iam::{OTHER_ACCOUNT}:role/ci/x/web", "web", "/ci/x/", id="path"),
    ],
)
def test_from_arn(stack: TerraformStack, arn: str, name: str, path: str) -> None:
    """Name, path and account are read from the ARN."""
    role = GithubDeployRole.from_arn(stack, "Deploy", arn=arn)

    assert (role.name, role.path, role.arn) == (name, path, arn)


@pytest.mark.parametrize(
    "arn",
    [
        pytest.param("web-deploy", id="name"),
        pytest.param(f"arn:aws:iam::{ACCOUNT}:user/web", id="user"),
        pytest.param("arn:aws:iam::1:role/web", id="short account"),
        pytest.param(f"arn:aws:iam::{ACCOUNT}:role/", id="no name"),
        pytest.param(f"arn:aws:sts::{ACCOUNT}:assumed-role/web/session", id="session"),
        pytest.param(f"arn:aws:iam::{ACCOUNT}:role/we b", id="impossible name"),
        pytest.param("${aws_iam_role.Deploy.arn}", id="reference"),
        pytest.param(f"arn:aws-cn:iam::{ACCOUNT}:role/web", id="other partition"),
    ],
)
def test_from_arn_refused(stack: TerraformStack, arn: str) -> None:
    """What is not the ARN of a role of this partition is refused."""
    with pytest.raises(
        InvalidValue, match=r"`arn` is that of a role|name of a role|another partition"
    ):
        GithubDeployRole.from_arn(stack, "Deploy", arn=arn)


@pytest.mark.parametrize(
    ("keywords", "message"),
    [
        pytest.param({"name": "we b"}, "name of a role", id="name"),
        pytest.param({"name": "web", "path": "ci"}, "A path begins", id="path"),
        pytest.param({"name": "web", "account": "1"}, "has twelve digits", id="account"),
    ],
)
def test_from_name_refused(stack: TerraformStack, keywords: dict[str, Any], message: str) -> None:
    """What IAM cannot have is refused."""
    with pytest.raises(InvalidValue, match=message):
        GithubDeployRole.from_name(stack, "Deploy", **keywords)


def test_kinds(stack: TerraformStack) -> None:
    """Only what is made here has a resource."""
    made = GithubDeployRole(
        stack,
        "Deploy",
        name="web-deploy",
        oidc_provider=OidcProvider.from_account(stack, "Github"),
        subjects=[WEB.environment("prod")],
    )
    existing = GithubDeployRole.from_name(stack, "Existing", name="existing")

    assert isinstance(made, DeployRoleBase)
    assert made.resource.name_input == "web-deploy"
    assert not isinstance(existing, GithubDeployRole)
    assert not hasattr(existing, "resource")


@pytest.mark.parametrize("grant", ["push", "pull"])
def test_existing_role_by_its_name(stack: TerraformStack, grant: str) -> None:
    """A policy of an existing role names it by text."""
    image = EcrRepo(stack, "Image", name="web")
    role = GithubDeployRole.from_name(stack, "Deploy", name="web-deploy")
    (image.grant_push if grant == "push" else image.grant_pull)(role)

    made = synth(stack)
    (path,) = made.paths("aws_iam_role_policy")
    assert made[path].arguments["role"] == "web-deploy"


def test_made_by_another_stack(app: App) -> None:
    """A role that another stack of the app makes is deployed first, and named as text."""
    there, here = new_stack(app, "account"), new_stack(app, "web")
    make_role(there, "account-deploy")

    role = GithubDeployRole.from_name(here, "Deploy", name="account-deploy")
    EcrRepo(here, "Image", name="web").grant_push(role)

    found = synth(here)
    assert found.manifest["dependencies"] == ["account"]
    assert found["Deploy/Push-web"].arguments["role"] == "account-deploy"


def test_made_in_this_stack(stack: TerraformStack) -> None:
    """A role of the same stack is referred to, so that Terraform makes it first."""
    made = make_role(stack, "web-deploy")

    role = GithubDeployRole.from_name(stack, "Again", name=made.name)
    EcrRepo(stack, "Image", name="web").grant_push(role)

    assert synth(stack)["Again/Push-web"].arguments["role"] == made.name_reference


def test_trust_of_a_role_by_its_name(app: App) -> None:
    """What a role that trusts pull requests may not be given, it is not given by name either."""
    there, here = new_stack(app, "account"), new_stack(app, "web")
    make_role(there, "account-deploy", WEB.pull_request())
    role = GithubDeployRole.from_name(here, "Deploy", name="account-deploy")

    with pytest.raises(AccessRefused, match="pull-request-write"):
        EcrRepo(here, "Image", name="web").grant_push(role)


def test_one_policy_given_twice(app: App) -> None:
    """Two stacks that would write the same inline policy of a role are refused."""
    there, here = new_stack(app, "account"), new_stack(app, "web")
    EcrRepo(there, "Image", name="web").grant_push(make_role(there, "account-deploy"))
    role = GithubDeployRole.from_name(here, "Deploy", name="account-deploy")

    with pytest.raises(DuplicateResource, match="'account-deploy/ecr-push-web' is made twice"):
        EcrRepo.from_name(here, "Image", name="web").grant_push(role)


def test_made_after_it_was_named(app: App) -> None:
    """A role that is made after something named it is refused: its trust was not known there."""
    there, here = new_stack(app, "account"), new_stack(app, "web")
    role = GithubDeployRole.from_name(here, "Deploy", name="account-deploy")
    EcrRepo(here, "Image", name="web").grant_push(role)

    with pytest.raises(InvalidValue, match="is made after 'web/Deploy' has named it"):
        make_role(there, "account-deploy", WEB.pull_request())


def test_totals_of_a_role_by_its_name(app: App) -> None:
    """What a role is given by its name counts with what it has: 10,240 characters in all."""
    there, here = new_stack(app, "account"), new_stack(app, "web")
    made = make_role(there, "account-deploy")
    long = f"arn:aws:ssm:eu-central-1:{ACCOUNT}:parameter/" + "a" * 8_000
    made.add_statement(Statement(sid="Read", actions=["ssm:GetParameter"], resources=[long]))
    role = GithubDeployRole.from_name(here, "Deploy", name="account-deploy")
    for number in range(6):
        EcrRepo(here, f"Image{number}", name=f"web-{number}").grant_push(role)

    with pytest.raises(RuntimeError, match="inline policies of role 'account-deploy' have 1"):
        synth(here)
