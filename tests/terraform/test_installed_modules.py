"""Modules of registries and of git are read where `terraform init` has put them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from deploy_access.terraform.reader import read_estate

if TYPE_CHECKING:
    from pathlib import Path

ROLE = """
variable "name" {}
resource "aws_iam_role" "this" {
  name               = "gh-${var.name}"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}
"""
REGISTRY = "registry.terraform.io/acme/role/aws"


def folder(tmp_path: Path, call: str, *modules: dict[str, str]) -> Path:
    """Write a folder that calls a module, with what `terraform init` writes."""
    place = tmp_path / ".terraform" / "modules" / "deploy"
    place.mkdir(parents=True)
    (place / "main.tf").write_text(ROLE, "utf-8")
    manifest = {"Modules": [{"Key": "", "Source": "", "Dir": "."}, *modules]}
    (place.parent / "modules.json").write_text(json.dumps(manifest), "utf-8")
    (tmp_path / "main.tf").write_text(f'module "deploy" {{\n  name = "web"\n{call}\n}}\n', "utf-8")
    return tmp_path


def module(source: str, directory: str = ".terraform/modules/deploy") -> dict[str, str]:
    """Return a module as Terraform lists it."""
    return {"Key": "deploy", "Source": source, "Version": "1.2.3", "Dir": directory}


@pytest.mark.parametrize(
    ("call", "source"),
    [
        pytest.param('source = "acme/role/aws"', REGISTRY, id="a registry"),
        pytest.param('source = "acme/role/aws"\nversion = "1.2.3"', REGISTRY, id="its version"),
        pytest.param('source = "acme/role/aws"\nversion = "~> 1.0"', REGISTRY, id="a range"),
        pytest.param(
            'source = "github.com/acme/role?ref=v1"',
            "git::https://github.com/acme/role.git?ref=v1",
            id="GitHub",
        ),
        pytest.param(
            'source = "git::ssh://git@github.com/acme/role.git"',
            "git::ssh://git@github.com/acme/role.git",
            id="git",
        ),
    ],
)
def test_modules_are_read(tmp_path: Path, call: str, source: str) -> None:
    """A module that is there is read with the inputs of its call, and nothing is left to say."""
    found = read_estate(folder(tmp_path, call, module(source)))

    assert [role.name for role in found.roles] == ["gh-web"]
    assert found.problems == ()


@pytest.mark.parametrize(
    ("call", "installed"),
    [
        pytest.param('source = "acme/role/aws"', [], id="not there"),
        pytest.param('source = "acme/other/aws"', [module(REGISTRY)], id="another source"),
        pytest.param(
            'source = "acme/role/aws"\nversion = "2.0.0"', [module(REGISTRY)], id="another version"
        ),
        pytest.param(
            'source = "github.com/acme/role?ref=v2"',
            [module("git::https://github.com/acme/role.git?ref=v1")],
            id="another ref",
        ),
        pytest.param('source = "acme/role/aws"', [module(REGISTRY, "../x")], id="outside"),
        pytest.param('source = "acme/role/aws"', [module(REGISTRY, ".")], id="the root"),
        pytest.param('source = "acme/role/aws"', [{"Key": "deploy"}], id="an entry of nothing"),
    ],
)
def test_others_are_named(tmp_path: Path, call: str, installed: list[dict[str, str]]) -> None:
    """A module that is not the one asked for is not read, and the report says so."""
    found = read_estate(folder(tmp_path, call, *installed))

    assert found.roles == ()
    assert ["terraform init" in one.what for one in found.problems] == [True]


@pytest.mark.parametrize("text", ["", "[]", '{"Modules": 1}', '{"Modules": [1]}'])
def test_damaged_list(tmp_path: Path, text: str) -> None:
    """A list that cannot be read has no modules."""
    root = folder(tmp_path, 'source = "acme/role/aws"')
    (root / ".terraform" / "modules" / "modules.json").write_text(text, "utf-8")

    assert [one.kind for one in read_estate(root).problems] == ["module"]
