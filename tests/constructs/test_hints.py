"""Hints for `deploy-access workflow`: where constructs leave them, and which they refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from cdktf import Token
from synth import WEB, synth

from constructs_lib import EcsDeployPolicy, GithubDeployRole, OidcProvider
from deploy_access.errors import InvalidValue

if TYPE_CHECKING:
    from cdktf import TerraformStack


def make_role(stack: TerraformStack, workflow: Any = None) -> GithubDeployRole:
    """Make a role with hints."""
    return GithubDeployRole(
        stack,
        "Deploy",
        name="web-deploy",
        oidc_provider=OidcProvider.from_account(stack, "Github"),
        subjects=[WEB.environment("prod")],
        workflow=workflow,
    )


def make_policy(stack: TerraformStack, workflow: Any = None) -> EcsDeployPolicy:
    """Make an ECS policy with hints, for a role without."""
    return EcsDeployPolicy(
        stack,
        "Ecs",
        role=make_role(stack),
        cluster="prod",
        services=["web"],
        task_roles=["web-task"],
        execution_role=None,
        workflow=workflow,
    )


HINTS: dict[str, Any] = {
    "cache": False,
    "container": "app",
    "container_port": 8080,
    "platforms": ("linux/amd64", "linux/arm64"),
    "services": {"worker": {"container": "job", "task_definition": "worker.json"}},
}
IN_JSON = HINTS | {"platforms": ["linux/amd64", "linux/arm64"]}


def test_hints_of_a_role(stack: TerraformStack) -> None:
    """The role's metadata have the hints as they were given, and nothing else of the role has."""
    make_role(stack, HINTS)

    block = synth(stack)["Deploy/Resource"]
    assert block.facts == {"format": 1, "construct": "GithubDeployRole", "workflow": IN_JSON}
    assert "8080" not in str(block.arguments)


def test_hints_of_a_policy(stack: TerraformStack) -> None:
    """The policy's metadata have them beside what they have anyway."""
    make_policy(stack, HINTS)

    assert synth(stack)["Ecs/Resource"].facts == {
        "format": 1,
        "construct": "EcsDeployPolicy",
        "role": "web-deploy",
        "cluster": "prod",
        "services": ["web"],
        "families": ["web"],
        "task_definition": "file",
        "workflow": IN_JSON,
    }


@pytest.mark.parametrize("hints", [None, {}], ids=["left out", "empty"])
def test_no_hints(stack: TerraformStack, hints: Any) -> None:
    """Without hints the metadata are as they were before there were any."""
    make_policy(stack, hints)

    made = synth(stack)
    assert made["Deploy/Resource"].facts == {"format": 1, "construct": "GithubDeployRole"}
    assert "workflow" not in made["Ecs/Resource"].facts


REFUSED = [
    pytest.param(
        {"containr": "app"},
        "`workflow` has no such key. Got 'containr'. What nobody reads would look as if it worked. "
        "Did you mean 'container'?",
        id="nearest key",
    ),
    pytest.param(
        {"services": {"web": {"colour": "red"}}},
        "`workflow.services.web` has no such key. Got 'colour'. What nobody reads would look as if "
        "it worked. Keys: container, migration, task_definition.",
        id="key of a service",
    ),
    pytest.param(
        {"platforms": "linux/arm64"},
        "`workflow.platforms` is a list of texts. Got 'linux/arm64'. A workflow that is made from "
        'anything else would be a guess. For example platforms=["one", "two"].',
        id="text for a list",
    ),
    pytest.param(
        {"cache": "yes"},
        "`workflow.cache` is true or false. Got 'yes'. A workflow that is made from anything else "
        "would be a guess. For example cache=True.",
        id="text for a flag",
    ),
    pytest.param(
        {"container_port": 0},
        "`workflow.container_port` is a port, 1 to 65535. Got 0. A workflow that is made from "
        "anything else would be a guess. For example container_port=8080.",
        id="no port",
    ),
    pytest.param(
        {"context": ""},
        "`workflow.context` is a text of one line. Got ''. A workflow that is made from anything "
        'else would be a guess. For example context="text".',
        id="empty text",
    ),
    pytest.param(
        {"services": ["web"]},
        "`workflow.services` is a table. Got ['web']. A workflow that is made from anything else "
        'would be a guess. For example services={"worker": {"container": "app"}}.',
        id="list for a table",
    ),
    pytest.param(
        "container",
        "`workflow` is a table. Got 'container'. A workflow that is made from anything else would "
        'be a guess. For example workflow={"container": "app"}.',
        id="no table at all",
    ),
    pytest.param(
        {"subnets": ["${aws_subnet.a.id}"]},
        "`workflow.subnets` takes plain text. Got ['${aws_subnet.a.id}']. The workflow is written "
        "before Terraform knows anything. Write the value itself, or leave it out and set the "
        "GitHub variable that the workflow then reads.",
        id="reference",
    ),
]


@pytest.mark.parametrize(("hints", "message"), REFUSED)
@pytest.mark.parametrize("make", [make_role, make_policy], ids=["role", "policy"])
def test_hints_are_refused(stack: TerraformStack, make: Any, hints: Any, message: str) -> None:
    """What the command could not use is refused where it is said."""
    with pytest.raises(InvalidValue) as refused:
        make(stack, hints)

    assert str(refused.value) == message


def test_a_list_of_tokens_is_refused(stack: TerraformStack) -> None:
    """A list that Terraform fills in later is none that a workflow can have."""
    subnets = Token.as_list("${aws_subnet.all[*].id}")

    with pytest.raises(InvalidValue, match=r"`workflow.subnets` takes plain text"):
        make_role(stack, {"subnets": subnets})


def test_hints_are_refused_together(stack: TerraformStack) -> None:
    """Everything that is wrong is said at once."""
    with pytest.raises(InvalidValue) as refused:
        make_role(stack, {"containr": "app", "cache": 1})

    assert len(refused.value.problems) == 2
