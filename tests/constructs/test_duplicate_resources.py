"""The same physical thing made twice by the stacks of one app."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cdktf import App, TerraformVariable
from constructs import Construct
from synth import ACCOUNT, OTHER_ACCOUNT, REGION, WEB, new_stack, synth

from constructs_lib import (
    EcrRegistry,
    EcrRepo,
    EcsDeployPolicy,
    GithubDeployRole,
    Issuer,
    OidcProvider,
    Scanning,
)
from constructs_lib.provider import AwsProvider
from deploy_access.errors import DuplicateResource

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cdktf import TerraformStack

    Make = Callable[[Construct], Construct]


def provider(scope: Construct) -> Construct:
    """Make the provider for github.com."""
    return OidcProvider(scope, "Github")


def role(scope: Construct) -> Construct:
    """Make a role."""
    return GithubDeployRole(
        scope,
        "Deploy",
        name="web-deploy",
        oidc_provider=OidcProvider.from_account(scope, "Existing"),
        subjects=[WEB.environment("prod")],
    )


def role_in_capitals(scope: Construct) -> Construct:
    """Make a role whose name differs from the other's in case and path only."""
    return GithubDeployRole(
        scope,
        "Loud",
        name="WEB-Deploy",
        path="/ci/",
        oidc_provider=OidcProvider.from_account(scope, "Quiet"),
        subjects=[WEB.environment("prod")],
    )


def repository(scope: Construct) -> Construct:
    """Make a repository."""
    return EcrRepo(scope, "Image", name="web")


def registry(scope: Construct) -> Construct:
    """Make a registry."""
    return EcrRegistry(scope, "Registry", scanning=Scanning.basic())


def ecs_policy(scope: Construct) -> Construct:
    """Make a policy."""
    return EcsDeployPolicy(
        scope,
        "Ecs",
        role=GithubDeployRole.from_name(scope, "Role", name="web-deploy"),
        cluster="prod",
        services=["web"],
        task_roles=[],
        execution_role=None,
    )


TWICE = [
    pytest.param(provider, provider, "OIDC provider", id="provider"),
    pytest.param(role, role, "role", id="role"),
    pytest.param(role, role_in_capitals, "role", id="role in capitals"),
    pytest.param(repository, repository, "repository", id="repository"),
    pytest.param(registry, registry, "registry", id="registry"),
    pytest.param(ecs_policy, ecs_policy, "policy", id="policy"),
]


@pytest.mark.parametrize(("first", "second", "kind"), TWICE)
def test_two_stacks_of_one_account(app: App, first: Make, second: Make, kind: str) -> None:
    """The error names the thing, the account and both constructs."""
    made = first(new_stack(app, "one"))
    two = new_stack(app, "two")

    with pytest.raises(DuplicateResource, match=f"{kind} '.*' is made twice") as caught:
        second(two)

    paths = caught.value.paths
    assert paths[0] == made.node.path
    assert paths[1].startswith("two/")
    assert f"account {ACCOUNT}" in str(caught.value)
    assert all(repr(path) in str(caught.value) for path in paths)


@pytest.mark.parametrize(("first", "second", "kind"), TWICE)
def test_one_stack(app: App, first: Make, second: Make, kind: str) -> None:
    """Twice in one stack is twice as well, also where the account is not known."""
    del kind
    stack = new_stack(app, account=None)
    first(stack)

    with pytest.raises(DuplicateResource):
        second(Construct(stack, "Again"))


@pytest.mark.parametrize(("first", "second", "kind"), TWICE)
def test_two_accounts(app: App, first: Make, second: Make, kind: str) -> None:
    """Each account has its own."""
    del kind
    first(one := new_stack(app, "one"))
    second(two := new_stack(app, "two", account=OTHER_ACCOUNT))

    assert synth(one).paths()
    assert synth(two).paths()


@pytest.mark.parametrize(("first", "second", "kind"), TWICE)
def test_two_stacks_that_do_not_say(app: App, first: Make, second: Make, kind: str) -> None:
    """Two stacks that do not say their account may well be two accounts."""
    del kind
    first(new_stack(app, "one", account=None))
    second(two := new_stack(app, "two", account=None))

    assert synth(two).paths()


@pytest.mark.parametrize(("first", "second", "kind"), TWICE)
def test_two_apps(app: App, tmp_path: Path, first: Make, second: Make, kind: str) -> None:
    """Another app in the same process has nothing to do with this one."""
    del kind
    first(new_stack(app))
    second(stack := new_stack(App(outdir=str(tmp_path / "other"))))

    assert synth(stack).paths()


def test_repositories_of_two_regions(app: App) -> None:
    """Repositories are of a region."""
    repository(new_stack(app, "one"))
    repository(two := new_stack(app, "two", region="us-east-1"))

    assert "Image/Resource" in synth(two).blocks


def test_repository_names_its_region(app: App) -> None:
    """Where the region matters, the error names it."""
    repository(new_stack(app, "one"))

    with pytest.raises(DuplicateResource, match=f"account {ACCOUNT} and region {REGION}"):
        repository(new_stack(app, "two"))


def test_roles_of_two_regions(app: App) -> None:
    """Roles are of the account, whatever the stack's region."""
    role(new_stack(app, "one"))

    with pytest.raises(DuplicateResource):
        role(new_stack(app, "two", region="us-east-1"))


def test_aliased_provider(stack: TerraformStack) -> None:
    """An aliased provider of the same account makes the same things."""
    far = AwsProvider(stack, "Far", region="us-east-1", allowed_account_ids=[ACCOUNT], alias="far")
    provider(stack)

    with pytest.raises(DuplicateResource):
        OidcProvider(stack, "Again", provider=far)


def test_two_issuers(stack: TerraformStack) -> None:
    """An account has room for one provider of each issuer."""
    OidcProvider(stack, "Github")
    OidcProvider(stack, "Enterprise", issuer=Issuer.github("acme"))

    assert len(synth(stack).paths()) == 2


def test_existing_things(stack: TerraformStack) -> None:
    """To name what is made elsewhere is no second making, however often."""
    provider(stack)
    repository(stack)
    for number in "12":
        OidcProvider.from_account(stack, f"Github{number}")
        EcrRepo.from_name(stack, f"Image{number}", name="web")
        GithubDeployRole.from_name(stack, f"Deploy{number}", name="web-deploy")

    assert synth(stack).paths() == ["Github/Resource", "Image/Lifecycle", "Image/Resource"]


def test_names_by_reference(stack: TerraformStack) -> None:
    """Names that Terraform fills in later are not compared."""
    name = TerraformVariable(stack, "name", type="string").string_value
    EcrRepo(stack, "One", name=name)
    EcrRepo(stack, "Two", name=name)

    assert len(synth(stack).paths("aws_ecr_repository")) == 2
