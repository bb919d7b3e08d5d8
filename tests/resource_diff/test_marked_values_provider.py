"""The list of types is what the provider and the installed bindings have."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest
from provider_plans import read_all_schemas, read_version
from with_terraform import give_up

from deploy_access.terraform.aws_types import marks_of

pytestmark = pytest.mark.terraform

ROOT = Path(__file__).parents[2]
READ_FROM = "5.100.0"
"""The version that the list was made of; another one has other types."""


@pytest.fixture(scope="module")
def schemas(provider_folder: Path) -> dict[str, Any]:
    """Return what Terraform prints of the provider."""
    return read_all_schemas(provider_folder)


def test_every_type_of_the_provider_is_known(schemas: dict[str, Any]) -> None:
    """No type of the provider that is tested with is told to be unknown."""
    (provider,) = schemas["provider_schemas"].values()

    assert [kind for kind in provider["resource_schemas"] if marks_of(kind) is None] == []


def test_the_list_is_what_the_script_writes(provider_folder: Path, schemas: dict[str, Any]) -> None:
    """The file is made of the provider's schema, of the bindings and of the marks."""
    if read_version(provider_folder) != READ_FROM:
        give_up(f"The list is of {READ_FROM}.")
    script = runpy.run_path(str(ROOT / "scripts" / "aws_types.py"))
    assembly = script["read_assembly"]()
    shipped = (ROOT / "deploy_access" / "terraform" / "aws_types.json").read_text("utf-8")

    source = script["source_of"](assembly, READ_FROM)

    assert script["compile_list"](schemas, assembly, source) == shipped
