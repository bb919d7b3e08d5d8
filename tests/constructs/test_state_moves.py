"""What Terraform's state is told of resources that are found elsewhere than before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from synth import OTHER_ACCOUNT, WEB, Synthesized, new_stack, synth

from constructs_lib import (
    EcrRepo,
    EcsDeployPolicy,
    GithubDeployRole,
    OidcProvider,
    forget,
    renamed_from,
)
from deploy_access.errors import InvalidValue

from cdktf import App  # isort: skip - after the library, which starts Node
from constructs import Construct  # isort: skip

if TYPE_CHECKING:
    from pathlib import Path

    from cdktf import TerraformStack

IDS = ("Github", "Deploy", "Image", "Ecs")
PROVIDER = "aws_iam_openid_connect_provider.Github_67AA2193"
IMAGE = "aws_ecr_repository.Image_9D742C96"


def make_everything(scope: Construct, prefix: str = "") -> list[Construct]:
    """Make each construct that has more than one resource, with ids that begin with *prefix*."""
    github = OidcProvider(scope, f"{prefix}Github")
    role = GithubDeployRole(
        scope,
        f"{prefix}Deploy",
        name="web-deploy",
        oidc_provider=github,
        subjects=[WEB.branch("main")],
        managed_policies=["arn:aws:iam::111122223333:policy/team"],
    )
    image = EcrRepo(scope, f"{prefix}Image", name="team/web")
    image.allow_pull_from(OTHER_ACCOUNT)
    image.grant_push(role)
    ecs = EcsDeployPolicy(
        scope,
        f"{prefix}Ecs",
        role=role,
        cluster="main",
        services=["web"],
        task_roles=[],
        execution_role=None,
    )
    return [github, role, image, ecs]


def moved(made: Synthesized) -> dict[str, str]:
    """Read the addresses before and after."""
    return {one["from"]: one["to"] for one in made.config["moved"]}


def fresh(folder: Path, name: str) -> TerraformStack:
    """Make a stack in an app of its own, as the same things at another time."""
    return new_stack(App(outdir=str(folder / name)))


def test_a_renamed_construct_keeps_all_that_it_has(tmp_path: Path) -> None:
    """Each resource of the former ids leads to one of the new ids, grants and attachments too."""
    before, after = fresh(tmp_path, "before"), fresh(tmp_path, "after")
    make_everything(before)
    for construct, former in zip(make_everything(after, "New"), IDS, strict=True):
        renamed_from(construct, former)

    old, new = synth(before).addresses, synth(after).addresses

    assert moved(synth(after)) == {old[path]: new[f"New{path}"] for path in old}
    assert len(old) == len(IDS) + len(["Managed", "Push", "Lifecycle", "Policy", "Attachment"])


def test_a_construct_that_was_wrapped(tmp_path: Path) -> None:
    """A construct of the top of the stack is put into another, or out of it."""
    flat, deep, back = (fresh(tmp_path, name) for name in ("flat", "deep", "back"))
    make_everything(flat)
    for construct, former in zip(make_everything(Construct(deep, "Web")), IDS, strict=True):
        renamed_from(construct, former)
    for construct, former in zip(make_everything(back), IDS, strict=True):
        renamed_from(construct, f"Web/{former}")

    assert set(moved(synth(deep))) == set(synth(flat).addresses.values())
    assert set(moved(synth(back))) == set(synth(deep).addresses.values())


def test_a_rename_of_nothing(stack: TerraformStack) -> None:
    """The id of today is no former one, and what makes no resource has no place in the state."""
    github = OidcProvider(stack, "Github")
    with pytest.raises(InvalidValue, match="has this id today"):
        renamed_from(github, "Github")
    with pytest.raises(InvalidValue, match="no resource"):
        renamed_from(OidcProvider.from_account(stack, "Existing"), "Github")


def test_what_is_forgotten(stack: TerraformStack) -> None:
    """Calls add up, each address once, and nothing of it is destroyed."""
    forget(stack, PROVIDER)
    forget(OidcProvider.from_account(stack, "Github"), IMAGE, PROVIDER, "module.a.aws_sqs_queue.b")

    assert synth(stack).config["removed"] == [
        {"from": address, "lifecycle": {"destroy": False}}
        for address in (PROVIDER, IMAGE, "module.a.aws_sqs_queue.b")
    ]


@pytest.mark.parametrize(
    "address",
    ["", "Image", "web/Image", f"{IMAGE}[0]", f"{IMAGE}.arn", "${aws_sqs_queue.b}", "data.a.b.c"],
)
def test_no_address(stack: TerraformStack, address: str) -> None:
    """A `removed` block that names nothing would let the resource be destroyed."""
    with pytest.raises(InvalidValue, match="by its address"):
        forget(stack, address)
