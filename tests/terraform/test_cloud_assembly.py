"""The templates in a `cdk.out`, and where each of them is deployed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from deploy_access.errors import InvalidValue
from deploy_access.terraform.cloud_assembly import is_assembly, read_assembly
from deploy_access.terraform.reader import read_estate

OUT = Path(__file__).parent.parent / "cloudformation" / "templates" / "cdk.out"


def written(folder: Path, artifacts: object) -> Path:
    """Write a folder with a manifest of these artifacts."""
    folder.mkdir(exist_ok=True)
    manifest = {"version": "36.0.0", "artifacts": artifacts}
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return folder


def stack(file: str, environment: str = "aws://unknown-account/unknown-region") -> object:
    """Return a stack as a manifest lists it."""
    properties = {"templateFile": file}
    return {
        "type": "aws:cloudformation:stack",
        "environment": environment,
        "properties": properties,
    }


def test_stacks_have_their_accounts() -> None:
    """A stack of a known account and region has both, and so have the ARNs in it."""
    (found,) = read_assembly(OUT)

    assert found.known == {
        "AWS::AccountId": "111122223333",
        "AWS::Partition": "aws",
        "AWS::Region": "eu-central-1",
        "AWS::StackName": "shop-deploy",
        "AWS::URLSuffix": "amazonaws.com",
    }


def test_names_that_are_made_up_are_no_loss() -> None:
    """A role without a name is called after its resource, and all of it is read."""
    estate = read_estate(OUT)

    # The first is that of the function by which the CDK makes the OIDC provider.
    of_cdk, *own = estate.roles

    assert of_cdk.name.startswith("${CustomAWSCDKOpenIdConnectProvider")
    assert [role.name for role in own] == ["${DeployRole885297C3}", "shop-task"]
    assert [len(role.policies) for role in own] == [2, 0]
    assert {role.account for role in estate.roles} == {"111122223333"}
    assert estate.problems == ()


def test_stages_are_read(tmp_path: Path) -> None:
    """The stacks of a stage lie in a folder with a manifest of its own."""
    shutil.copytree(OUT, tmp_path / "assembly-Prod")
    stage = {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Prod"}}
    folder = written(tmp_path, {"assembly-Prod": stage})

    assert [one.path for one in read_assembly(folder)] == ["assembly-Prod/ShopDeploy.template.json"]


def test_any_account(tmp_path: Path) -> None:
    """A stack that may be deployed anywhere has no account and no region."""
    (found,) = read_assembly(written(tmp_path, {"Web": stack("Web.template.json")}))

    assert found.known == {"AWS::StackName": "Web"}


@pytest.mark.parametrize(
    "artifacts",
    [
        pytest.param({"Web": stack("../web.json")}, id="outside"),
        pytest.param({"Web": stack("gone.json")}, id="not there"),
        pytest.param({"Web": {"type": "aws:cloudformation:stack"}}, id="no path"),
        pytest.param({"a b": stack("web.json")}, id="no name"),
    ],
)
def test_damaged_manifest(tmp_path: Path, artifacts: object) -> None:
    """A manifest that names what is no template of its folder is refused."""
    folder = written(tmp_path, artifacts)

    assert is_assembly(folder)
    with pytest.raises(InvalidValue):
        read_estate(folder)


def test_other_manifests_are_none(tmp_path: Path) -> None:
    """CDKTF and others write a file of this name too."""
    (tmp_path / "manifest.json").write_text('{"stacks": {}}', "utf-8")

    assert not is_assembly(tmp_path)
