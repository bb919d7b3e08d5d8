"""What Terraform makes first: references in one stack, dependencies between stacks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from synth import OTHER_ACCOUNT, PARAMETER, WEB, Synthesized, new_stack, synth

from constructs_lib import (
    DeployRoleBase,
    EcrRepo,
    EcrRepoBase,
    EcsDeployPolicy,
    GithubDeployRole,
    OidcProvider,
    OidcProviderBase,
    Statement,
)
from deploy_access.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Callable

    from cdktf import App, TerraformStack

READ = Statement(sid="Read", actions=["ssm:GetParameter"], resources=[PARAMETER])


def make_role(stack: TerraformStack, github: OidcProviderBase | None = None) -> GithubDeployRole:
    """Make a role, through an existing provider unless told otherwise."""
    return GithubDeployRole(
        stack,
        "Deploy",
        name="web-deploy",
        oidc_provider=github or OidcProvider.from_account(stack, "Github"),
        subjects=[WEB.environment("prod")],
        managed_policies=["arn:aws:iam::aws:policy/ReadOnlyAccess"],
        statements=[READ],
    )


def make_policy(stack: TerraformStack, role: DeployRoleBase) -> EcsDeployPolicy:
    """Make the policy that deploys."""
    return EcsDeployPolicy(
        stack,
        "Ecs",
        role=role,
        cluster="prod",
        services=["web"],
        task_roles=[],
        execution_role=None,
    )


@pytest.fixture
def everything(stack: TerraformStack) -> Synthesized:
    """Make one of each in a single stack."""
    role = make_role(stack, OidcProvider(stack, "Github"))
    image = EcrRepo(stack, "Image", name="web")
    image.grant_push(role)
    image.grant_pull(role)
    image.grant_push(role, cache=True)
    image.allow_pull_from(OTHER_ACCOUNT)
    make_policy(stack, role)
    return synth(stack)


@pytest.mark.parametrize(
    ("path", "needed"),
    [
        pytest.param("Deploy/Resource", "Github/Resource", id="role after provider"),
        pytest.param("Deploy/Push-web", "Image/Resource", id="push after repository"),
        pytest.param("Deploy/Pull-web", "Image/Resource", id="pull after repository"),
    ],
)
def test_depends_on(everything: Synthesized, path: str, needed: str) -> None:
    """What a policy names by text stands in `depends_on`, as a resource."""
    assert everything[path].arguments["depends_on"] == [everything[needed].address]


@pytest.mark.parametrize(
    ("path", "argument", "needed", "attribute"),
    [
        pytest.param("Deploy/Push-web", "role", "Deploy/Resource", "name", id="push"),
        pytest.param("Deploy/Pull-web", "role", "Deploy/Resource", "name", id="pull"),
        pytest.param("Deploy/Statements", "role", "Deploy/Resource", "name", id="statements"),
        pytest.param(
            "Deploy/Managed-ReadOnlyAccess", "role", "Deploy/Resource", "name", id="managed"
        ),
        pytest.param("Ecs/Attachment", "role", "Deploy/Resource", "name", id="attachment to role"),
        pytest.param(
            "Ecs/Attachment", "policy_arn", "Ecs/Resource", "arn", id="attachment to policy"
        ),
        pytest.param("Image/Lifecycle", "repository", "Image/Resource", "name", id="lifecycle"),
        pytest.param(
            "Image/Policy", "repository", "Image/Resource", "name", id="repository policy"
        ),
    ],
)
def test_references(
    everything: Synthesized, path: str, argument: str, needed: str, attribute: str
) -> None:
    """What a plan knows is a reference, which is an order too."""
    expected = f"${{{everything[needed].address}.{attribute}}}"

    assert everything[path].arguments[argument] == expected


def test_nothing_else_is_ordered(everything: Synthesized) -> None:
    """Everything else is made at once."""
    ordered = {p for p, block in everything.blocks.items() if "depends_on" in block.arguments}

    assert ordered == {"Deploy/Resource", "Deploy/Push-web", "Deploy/Pull-web"}


def test_policies_are_text(everything: Synthesized) -> None:
    """No policy holds a reference, so a plan shows each of them in full."""
    policies = [
        text
        for block in everything.blocks.values()
        for key, text in block.arguments.items()
        if key in {"policy", "assume_role_policy"}
    ]

    assert len(policies) == 7
    assert not [text for text in policies if "${" in text]


def test_existing_things_need_nothing(stack: TerraformStack) -> None:
    """What exists already is not waited for."""
    role = GithubDeployRole.from_name(stack, "Deploy", name="web-deploy")
    EcrRepo.from_name(stack, "Image", name="web").grant_push(role)
    make_policy(stack, role)

    made = synth(stack)
    assert not [p for p, block in made.blocks.items() if "depends_on" in block.arguments]


@dataclass(frozen=True, slots=True, kw_only=True)
class Two:
    """Two stacks, the second of which uses something of the first."""

    first: TerraformStack
    second: TerraformStack


def role_by_provider(two: Two) -> None:
    """Trust a provider of the first stack."""
    make_role(two.second, OidcProvider(two.first, "Github"))


def push_to_repository(two: Two) -> None:
    """Push to a repository of the first stack."""
    EcrRepo(two.first, "Image", name="web").grant_push(make_role(two.second))


def pull_from_repository(two: Two) -> None:
    """Pull from a repository of the first stack."""
    EcrRepo(two.first, "Image", name="web").grant_pull(make_role(two.second))


def push_as_existing_role(two: Two) -> None:
    """Let an existing role push to a repository of the first stack."""
    role = GithubDeployRole.from_name(two.second, "Deploy", name="web-deploy")
    EcrRepo(two.first, "Image", name="web").grant_push(role)


def deploy_as_role(two: Two) -> None:
    """Attach a policy to a role of the first stack."""
    make_policy(two.second, make_role(two.first))


def everything_across(two: Two) -> None:
    """Use provider and repository of the first stack."""
    role = make_role(two.second, OidcProvider(two.first, "Github"))
    image = EcrRepo(two.first, "Image", name="web")
    image.grant_push(role)
    image.grant_pull(role)
    make_policy(two.second, role)


ACROSS = [
    pytest.param(role_by_provider, id="role after provider"),
    pytest.param(push_to_repository, id="push after repository"),
    pytest.param(pull_from_repository, id="pull after repository"),
    pytest.param(push_as_existing_role, id="existing role after repository"),
    pytest.param(deploy_as_role, id="ECS policy after role"),
    pytest.param(everything_across, id="everything"),
]


def check_order(two: Two) -> None:
    """Check that the second stack waits for the first, and that neither reads the other."""
    first, second = synth(two.first), synth(two.second)
    assert (first.dependencies, second.dependencies) == ([], ["first"])
    for made in (first, second):
        assert "terraform_remote_state" not in made.text
        assert "output" not in made.config


@pytest.mark.parametrize("use", ACROSS)
def test_stacks(app: App, use: Callable[[Two], None]) -> None:
    """The manifest has the order between stacks, and neither reads the other's state."""
    two = Two(first=new_stack(app, "first"), second=new_stack(app, "second"))

    use(two)

    check_order(two)


@pytest.mark.parametrize("use", [push_to_repository, pull_from_repository])
def test_stacks_of_two_accounts(app: App, use: Callable[[Two], None]) -> None:
    """The repository comes first also when its policy names the role."""
    second = new_stack(app, "second", account=OTHER_ACCOUNT)
    two = Two(first=new_stack(app, "first"), second=second)

    use(two)

    check_order(two)


def test_role_of_another_stack_by_name(app: App) -> None:
    """The attachment names a role of another stack by text."""
    two = Two(first=new_stack(app, "first"), second=new_stack(app, "second"))

    deploy_as_role(two)

    assert synth(two.second)["Ecs/Attachment"].arguments["role"] == "web-deploy"


def test_existing_provider_of_another_stack(app: App) -> None:
    """A provider that another stack only names is not waited for."""
    first, second = new_stack(app, "first"), new_stack(app, "second")

    make_role(second, OidcProvider.from_account(first, "Github"))

    assert synth(second).dependencies == []


def test_three_stacks(app: App) -> None:
    """A chain of stacks stays a chain."""
    account, images, web = (new_stack(app, name) for name in ("account", "images", "web"))
    role = make_role(web, OidcProvider(account, "Github"))
    EcrRepo(images, "Image", name="web").grant_push(role)
    make_policy(web, role)

    assert synth(account).dependencies == []
    assert synth(images).dependencies == []
    assert sorted(synth(web).dependencies) == ["account", "images"]


def test_circle(app: App) -> None:
    """Stacks that need each other are refused with the way out."""
    account, web = new_stack(app, "account"), new_stack(app, "web")
    role = make_role(account)
    make_policy(web, role)

    with pytest.raises(InvalidValue, match=r"each have to be deployed before.*from_name"):
        EcrRepo(web, "Image", name="web").grant_push(role)


def test_way_out_of_a_circle(app: App) -> None:
    """A role named in the stack that grants has its policies there."""
    account, web = new_stack(app, "account"), new_stack(app, "web")
    make_role(account)
    role = GithubDeployRole.from_name(web, "Deploy", name="web-deploy")
    image: EcrRepoBase = EcrRepo(web, "Image", name="web")
    image.grant_push(role)
    make_policy(web, role)

    assert synth(account).dependencies == []
    assert "Deploy/Push-web" in synth(web).blocks


def test_a_provider_by_its_account_that_this_app_makes(app: App) -> None:
    """`from_account` means the provider that another construct makes, so that comes first."""
    account, here = new_stack(app, "account"), new_stack(app, "here")
    OidcProvider(account, "Github")
    make_role(here)
    alone = new_stack(app, "alone", account=OTHER_ACCOUNT)
    OidcProvider(alone, "Made")
    make_role(alone)

    assert synth(here).dependencies == ["account"]
    made = synth(alone)
    assert made["Deploy/Resource"].arguments["depends_on"] == [made["Made/Resource"].address]
