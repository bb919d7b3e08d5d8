"""
What is read from a `cdktf.out`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from sandbox_estates import NONPROD, PROD, role, stack, write_out

from deploy_access.terraform.stacks import read_stacks
from sandbox import UnreadableEstate
from sandbox.cli import main
from sandbox.terraform.default_target import DEFAULT_ACCOUNT, DEFAULT_REGION, AccountRegion
from sandbox.terraform.sandbox_estate import read_sandbox_estate

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox.terraform.sandbox_stack import SandboxStack


def read(folder: Path, document: dict[str, Any]) -> SandboxStack:
    """
    Return a stack as it is read.
    """
    return read_sandbox_estate(write_out(folder, {"web": document})).stacks["web"]


@pytest.mark.parametrize(
    ("provider", "account"),
    [
        pytest.param({}, NONPROD, id="allowed account"),
        pytest.param(
            {
                "allowed_account_ids": None,
                "assume_role": [{"role_arn": f"arn:aws-cn:iam::{PROD}:role/ci/terraform"}],
            },
            PROD,
            id="account of the role",
        ),
        pytest.param({"allowed_account_ids": [int(PROD)]}, PROD, id="number"),
        pytest.param({"allowed_account_ids": [PROD, NONPROD]}, PROD, id="first of several"),
        pytest.param({"allowed_account_ids": "${var.x}"}, "123456789012", id="unknown account"),
        pytest.param({"allowed_account_ids": None}, "123456789012", id="no account"),
    ],
)
def test_account(tmp_path: Path, provider: dict[str, Any], account: str) -> None:
    """
    The account is the one that is allowed, or else that of the role, or else the sandbox's own.
    """
    assert read(tmp_path, stack("web", provider=provider)).providers[0].place.account == account


def test_resource_of_an_alias(tmp_path: Path) -> None:
    """
    A resource belongs to the account and region of the configuration that it names.
    """
    document = stack("web", resource=role("web", provider="aws.prod"))
    document["provider"]["aws"].append(
        {"alias": "prod", "region": "us-east-1", "allowed_account_ids": [PROD]}
    )

    (resource,) = read(tmp_path, document).resources("aws_iam_role")

    assert resource.place == AccountRegion(PROD, "us-east-1")


def test_blocks_in_lists(tmp_path: Path) -> None:
    """
    A block in a list is the same as the block alone, at every level.
    """
    arguments = role("web")["aws_iam_role"]["Role"]
    document = stack("web", resource=[{"aws_iam_role": [{"Role": [arguments]}]}])

    assert [found.address for found in read(tmp_path, document).resources()] == [
        "aws_iam_role.Role"
    ]


def test_missing_folder(tmp_path: Path) -> None:
    """
    A folder without a manifest is an error that says how to make one.
    """
    with pytest.raises(UnreadableEstate, match=r"python main\.py"):
        read_sandbox_estate(tmp_path)


@pytest.mark.parametrize(
    ("name", "text"), [("override.tf", ""), ("main.tf.json", "{}"), ("terraform.tfvars", "")]
)
def test_what_terraform_would_load_besides(tmp_path: Path, name: str, text: str) -> None:
    """
    A file beside a stack is refused, as it is not copied; a lock file is passed over.
    """
    out = write_out(tmp_path, {"web": stack("web")})
    (out / "stacks" / "web" / ".terraform.lock.hcl").write_text("")
    read_sandbox_estate(out)
    (out / "stacks" / "web" / name).write_text(text)

    with pytest.raises(UnreadableEstate, match=f"Terraform would load '{name}' with stack 'web'"):
        read_sandbox_estate(out)


def test_unknown_stack(tmp_path: Path) -> None:
    """
    A stack that is not there is an error that lists those that are.
    """
    estate = read_sandbox_estate(write_out(tmp_path, {"web": stack("web"), "api": stack("api")}))

    with pytest.raises(UnreadableEstate, match="api, web"):
        estate.pick(["wep"])


def test_account_as_a_number(tmp_path: Path) -> None:
    """
    A stack is in one account however it is written: the sandbox asks the reader of the command.
    """
    out = write_out(tmp_path, {"web": stack("web", provider={"allowed_account_ids": [1234567890]})})

    (web,) = read_sandbox_estate(out)

    assert web.account == "001234567890"
    assert web.account == read_stacks(out)["web"].account


def test_implied_provider(tmp_path: Path) -> None:
    """
    A resource whose provider has no configuration is in the sandbox's own account and region.
    """
    document = stack("web", provider={"alias": "prod"}, resource=role("web"))

    (web,) = read_sandbox_estate(write_out(tmp_path, {"web": document}))
    (resource,) = web.resources()

    assert web.place == AccountRegion(NONPROD, "eu-central-1")
    assert resource.place == AccountRegion(DEFAULT_ACCOUNT, DEFAULT_REGION)
    assert resource.attribute("arn") == f"arn:aws:iam::{DEFAULT_ACCOUNT}:role/web"


def test_values_that_other_stacks_pass_on(tmp_path: Path) -> None:
    """
    What CDKTF passes from one stack to another is resolved as in a review.
    """
    maker = stack("maker", output={"name": {"value": "shared"}})
    passed = "${data.terraform_remote_state.cross-stack-reference-input-maker.outputs.name}"
    taker = stack("taker", resource=role(passed))

    estate = read_sandbox_estate(write_out(tmp_path, {"maker": maker, "taker": taker}))

    assert [one.name() for one in estate.resources()] == ["shared"]


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        pytest.param(
            {"a": {"dependencies": ["a"]}},
            "Stack 'a' depends on itself. Got 'a -> a'.",
            id="depends on itself",
        ),
        pytest.param(
            {"a": {"dependencies": ["b"]}, "b": {"dependencies": ["a"]}},
            "Stack 'a' depends on itself. Got 'a -> b -> a'.",
            id="depends on itself by way of another",
        ),
        pytest.param(
            {"../../../a": {}},
            "The manifest names a stack with a name that is no plain word. Got '../../../a'.",
            id="name that is a path",
        ),
        pytest.param(
            {"a": {"synthesizedStackPath": "/dev/zero"}},
            "The manifest names a file of stack 'a' outside of its folder. Got '/dev/zero'.",
            id="path of a device",
        ),
        pytest.param({"a": 1}, "The manifest does not say where stack 'a' is.", id="no entry"),
        pytest.param(
            {"a": {"synthesizedStackPath": "gone"}}, "There is nothing to read.", id="no file"
        ),
    ],
)
def test_manifest_that_is_refused(
    tmp_path: Path, entry: dict[str, Any], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    A manifest that leads out of its folder or has no order is refused in one line, before a start.
    """
    out = write_out(tmp_path / "out", {"a": stack("a")})
    path = {"synthesizedStackPath": "stacks/a/cdk.tf.json"}
    stacks: dict[str, Any] = {
        name: {**path, **given} if isinstance(given, dict) else given
        for name, given in entry.items()
    }
    (out / "manifest.json").write_text(json.dumps({"stacks": stacks}))
    monkeypatch.chdir(tmp_path)

    result = CliRunner().invoke(main, ["--out", str(out)])

    assert result.exit_code == 1
    assert result.stderr.startswith(said)
    assert result.stderr.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
