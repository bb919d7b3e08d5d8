"""The list of types is what the provider and the installed bindings have."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from provider_plans import provider_rc, read_all_schemas, read_version
from with_terraform import give_up

from deploy_access.terraform.aws_types import marks_of
from sandbox import MissingTool

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.terraform

ROOT = Path(__file__).parents[2]
READ_FROM = "5.100.0"
"""The version that the list was made of; another one has other types."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a folder where Terraform finds the provider."""
    new = tmp_path_factory.mktemp
    try:
        yield from provider_rc(new("empty"), new("provider"))
    except MissingTool as error:
        give_up(str(error))


@pytest.fixture(scope="module")
def schemas(folder: Path) -> dict[str, Any]:
    """Return what Terraform prints of the provider."""
    return read_all_schemas(folder)


def test_every_type_of_the_provider_is_known(schemas: dict[str, Any]) -> None:
    """No type of the provider that is tested with is told to be unknown."""
    (provider,) = schemas["provider_schemas"].values()

    assert [kind for kind in provider["resource_schemas"] if marks_of(kind) is None] == []


def test_the_list_is_what_the_script_writes(folder: Path, schemas: dict[str, Any]) -> None:
    """The file is made of the provider's schema, of the bindings and of the marks."""
    if read_version(folder) != READ_FROM:
        give_up(f"The list is of {READ_FROM}.")
    script = runpy.run_path(str(ROOT / "scripts" / "aws_types.py"))
    assembly = script["read_assembly"]()
    shipped = (ROOT / "deploy_access" / "terraform" / "aws_types.json").read_text("utf-8")

    source = script["source_of"](assembly, READ_FROM)

    assert script["compile_list"](schemas, assembly, source) == shipped
