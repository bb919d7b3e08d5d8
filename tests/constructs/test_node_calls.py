"""The calls of Node that wait for each other: nothing of it shows but the time that it takes."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from bench.estate import fill  # isort: skip - before cdktf: it makes Node start fast
from cdktf import App, TerraformStack
from synth import ACCOUNT, WEB, synth
from test_provider import run

from constructs_lib import EcrRepo, GithubDeployRole, OidcProvider, Statement, node_calls
from constructs_lib.node_calls import Waits
from constructs_lib.provider import AwsProvider, EcrRepository, IamRole, IamRolePolicy

if TYPE_CHECKING:
    from collections.abc import Callable


def new_role(stack: TerraformStack) -> GithubDeployRole:
    """Make a role that one branch assumes."""
    return GithubDeployRole(
        stack,
        "Deploy",
        name="web-deploy",
        oidc_provider=OidcProvider.from_account(stack, "Github"),
        subjects=[WEB.branch("main")],
    )


def test_the_same_bytes(tmp_path: Path) -> None:
    """A stack is synthesized to the same bytes whether its calls wait or not."""

    def text(*, waiting: bool) -> bytes:
        before, Waits.allowed = Waits.allowed, waiting
        app = App(outdir=str(tmp_path / str(waiting)))
        fill(TerraformStack(app, "web"), "web")
        app.synth()
        Waits.allowed = before
        return (tmp_path / str(waiting) / "stacks/web/cdk.tf.json").read_bytes()

    assert text(waiting=True) == text(waiting=False)


def test_a_look_at_the_tree_sees_all(stack: TerraformStack) -> None:
    """What was asked for is there for whoever looks, in the order of the calls."""
    role = new_role(stack)
    EcrRepo(stack, "Image", name="web").grant_push(role)

    assert [child.node.id for child in role.node.children] == ["Resource", "Push-web"]
    assert isinstance(role.node.find_child("Push-web"), IamRolePolicy)


def new_repository(stack: TerraformStack) -> EcrRepo:
    """Make a repository of images."""
    return EcrRepo(stack, "Image", name="web")


@pytest.mark.parametrize(
    ("kind", "get"),
    [
        pytest.param(IamRole, new_role, id="role"),
        pytest.param(EcrRepository, new_repository, id="repository"),
    ],
)
def test_resource(stack: TerraformStack, kind: type, get: Callable[[TerraformStack], Any]) -> None:
    """The Terraform resource is an object of its own type, the same at each look."""
    made = get(stack)

    assert isinstance(made.resource, kind)
    assert made.resource is made.resource
    assert made.resource.node.id == "Resource"


def test_changes_of_the_resource_come_in_order(stack: TerraformStack) -> None:
    """What a program writes into a resource is under what a later grant writes, not over it."""
    role = new_role(stack)
    role.add_statement(Statement(sid="A", actions=["s3:ListBucket"], resources=["arn:aws:s3:::a"]))
    cast("IamRolePolicy", role.node.find_child("Statements")).policy = "{}"
    role.add_statement(Statement(sid="B", actions=["s3:ListBucket"], resources=["arn:aws:s3:::b"]))

    statements = synth(stack)["Deploy/Statements"].policy["Statement"]
    assert [statement["Sid"] for statement in statements] == ["A", "B"]


def test_name_that_is_taken(stack: TerraformStack) -> None:
    """An id that a program has used already is refused, at the latest at the next call of Node."""
    role = new_role(stack)
    IamRolePolicy(role, "Push-web", role="web-deploy", policy="{}")

    with pytest.raises(RuntimeError, match="There is already a Construct with name 'Push-web'"):
        _grant_and_look(stack, role)


def _grant_and_look(stack: TerraformStack, role: GithubDeployRole) -> None:
    EcrRepo(stack, "Image", name="web").grant_push(role)
    stack.to_terraform()


def test_totals_are_asked_anew(app: App, stack: TerraformStack) -> None:
    """A role that outgrew its quota after one synthesis is refused by the next."""
    role = new_role(stack)
    app.synth()
    for number in range(12):
        resources = [f"arn:aws:s3:::bucket-{number}-{word}" + "x" * 40 for word in range(20)]
        role.add_statement(
            Statement(sid=f"S{number}", actions=["s3:ListBucket"], resources=resources)
        )

    with pytest.raises(RuntimeError, match=r"The inline policies of role 'web-deploy' have"):
        app.synth()


@pytest.mark.parametrize(
    ("settings", "account"),
    [
        pytest.param({"allowed_account_ids": [ACCOUNT]}, ACCOUNT, id="account"),
        pytest.param({}, "${data.aws_caller_identity", id="no account"),
        pytest.param({"allowed_account_ids": ["${var.a}"]}, "${data.aws_caller", id="reference"),
    ],
)
def test_settings_of_the_provider(app: App, settings: dict[str, Any], account: str) -> None:
    """The default provider is found behind one with an alias, with what it says."""
    stack = TerraformStack(app, "s")
    AwsProvider(stack, "Other", alias="other", region="us-east-1")
    AwsProvider(stack, "Aws", region="eu-west-1", **settings)

    arn = EcrRepo(stack, "Image", name="web").arn

    assert arn.startswith(f"arn:aws:ecr:eu-west-1:{account}")


@pytest.mark.slow
@pytest.mark.parametrize(
    "content",
    [
        pytest.param(None, id="missing"),
        pytest.param("throw new Error('no');", id="failing"),
    ],
)
def test_node_half_fails(tmp_path: Path, content: str | None) -> None:
    """Where Node cannot take many calls at once, it takes them one by one."""
    source = Path(node_calls.__file__).parent
    copy = shutil.copytree(source, tmp_path / "constructs_lib")
    script = copy / "_elements.cjs"
    script.unlink() if content is None else script.write_text(content)
    program = (
        "from bench.estate import fill\nfrom cdktf import App, TerraformStack\n"
        "from constructs_lib.node_calls import Waits\nprint(Waits.allowed)\n"
        "app = App(outdir='out')\nfill(TerraformStack(app, 's'), 's')\napp.synth()\n"
    )

    done = run(program, cwd=tmp_path, first_on_path=tmp_path)

    assert done.stdout == "False\n"
    assert (tmp_path / "out/stacks/s/cdk.tf.json").is_file()
