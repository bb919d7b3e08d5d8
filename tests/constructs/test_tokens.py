"""Values that Terraform fills in later: passed on, and checked around."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from cdktf import TerraformStack, TerraformVariable
from synth import ACCOUNT, WEB, new_stack, synth

from constructs_lib import (
    EcrRepo,
    EcsDeployPolicy,
    GithubDeployRole,
    LifecycleRule,
    OidcProvider,
)
from constructs_lib.provider import AwsProvider
from deploy_access.errors import InvalidValue

if TYPE_CHECKING:
    from cdktf import App


@pytest.fixture(name="variable")
def _variable(stack: TerraformStack) -> TerraformVariable:
    return TerraformVariable(stack, "x", type="string")


def make_role(stack: TerraformStack, duration: float = 3600) -> GithubDeployRole:
    """Make a role."""
    return GithubDeployRole(
        stack,
        "Deploy",
        name="web-deploy",
        oidc_provider=OidcProvider.from_account(stack, "Github"),
        subjects=[WEB.environment("prod")],
        max_session_duration=duration,  # pyright: ignore[reportArgumentType] - a token is a float
    )


def test_duration(stack: TerraformStack, variable: TerraformVariable) -> None:
    """A duration that a variable holds is passed on."""
    make_role(stack, variable.number_value)

    assert synth(stack)["Deploy/Resource"].arguments["max_session_duration"] == "${var.x}"


def test_days(stack: TerraformStack, variable: TerraformVariable) -> None:
    """Days that a variable holds stand in the lifecycle as a number."""
    rule = LifecycleRule.expire_untagged(days=variable.number_value)  # pyright: ignore[reportArgumentType]
    EcrRepo(stack, "Image", name="web", lifecycle=[rule])

    text = synth(stack)["Image/Lifecycle"].arguments["policy"]
    assert '"countNumber":${var.x},' in text
    assert json.loads(text.replace("${var.x}", "30"))["rules"][0]["selection"]["countNumber"] == 30


def test_guests(stack: TerraformStack, variable: TerraformVariable) -> None:
    """Accounts and organizations that a variable holds may pull."""
    image = EcrRepo(stack, "Image", name="web")

    image.allow_pull_from(variable.string_value, organizations=[variable.string_value])

    accounts, organizations = synth(stack)["Image/Policy"].policy["Statement"]
    assert accounts["Principal"] == {"AWS": "arn:aws:iam::${var.x}:root"}
    assert organizations["Condition"] == {"StringEquals": {"aws:PrincipalOrgID": "${var.x}"}}


@pytest.mark.parametrize(
    ("services", "task_roles", "match"),
    [
        pytest.param(["{}*"], [], "A service is named by", id="service"),
        pytest.param(["web"], ["*{}"], "A role is given by", id="role"),
        pytest.param(["web"], ["arn:aws:iam::{}:role/*"], "A role is given by", id="role ARN"),
    ],
)
def test_wildcard_beside_a_reference(
    stack: TerraformStack,
    variable: TerraformVariable,
    services: list[str],
    task_roles: list[str],
    match: str,
) -> None:
    """A wildcard does not slip through because a reference stands beside it."""
    token = variable.string_value

    with pytest.raises(InvalidValue, match=match):
        EcsDeployPolicy(
            stack,
            "Ecs",
            role=make_role(stack),
            cluster="prod",
            services=[service.replace("{}", token) for service in services],
            task_roles=[role.replace("{}", token) for role in task_roles],
            execution_role=None,
        )


def test_list(stack: TerraformStack) -> None:
    """A list whose entries nobody knows is refused with the reason."""
    names = TerraformVariable(stack, "names", type="list(string)").list_value

    with pytest.raises(InvalidValue, match="`services` is a list that is known now"):
        EcsDeployPolicy(
            stack,
            "Ecs",
            role=make_role(stack),
            cluster="prod",
            services=names,
            task_roles=[],
            execution_role=None,
        )


def test_two_providers_without_accounts(app: App) -> None:
    """Two providers that do not say their accounts may be two accounts: nothing is made twice."""
    stack = new_stack(app, account=None)
    other = AwsProvider(stack, "Other", region="eu-central-1", alias="other", profile="other")

    OidcProvider(stack, "Here")
    OidcProvider(stack, "There", provider=other)

    assert len(synth(stack).paths("aws_iam_openid_connect_provider")) == 2


def test_arn_with_an_aliased_provider(app: App) -> None:
    """An ARN is read in a stack that has an aliased provider only."""
    stack = TerraformStack(app, "aliased")
    far = AwsProvider(stack, "Far", region="us-east-1", alias="far", allowed_account_ids=[ACCOUNT])
    arn = f"arn:aws:iam::{ACCOUNT}:oidc-provider/gitlab.com"

    assert OidcProvider.from_arn(stack, "Gitlab", arn=arn, provider=far).arn == arn
