"""Expressions read files of the checkout, and no other file of the machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from deploy_access.terraform.reader import read_estate

if TYPE_CHECKING:
    from pathlib import Path


def name_of(folder: Path, expression: str) -> str:
    """Return the name of the only role, which is *expression* in the module below *folder*."""
    module = folder / "infra" / "m"
    module.mkdir(parents=True, exist_ok=True)
    (folder / "infra" / "main.tf").write_text('module "m" { source = "./m" }', "utf-8")
    (module / "main.tf").write_text(
        f'resource "aws_iam_role" "r" {{\n  name = {expression}\n}}', "utf-8"
    )
    [role] = read_estate(folder / "infra").roles
    return role.name


@pytest.mark.parametrize(
    ("expression", "name"),
    [
        ('file("${path.module}/name.txt")', "web"),
        ('file("m/name.txt")', "web"),
        ('file("${path.root}/m/name.txt")', "web"),
        ('templatefile("${path.module}/t.tpl", { a = "x", b = ["y", "z"] })', "x-yz"),
        ('fileexists("${path.module}/name.txt") ? "yes" : "no"', "yes"),
        ('fileexists("${path.module}/none.txt") ? "yes" : "no"', "no"),
        ('jsondecode(file("${path.module}/d.json")).name', "deep"),
    ],
)
def test_a_file_of_the_module(tmp_path: Path, expression: str, name: str) -> None:
    """Its path begins where Terraform runs, and a template has the names that it is given."""
    (tmp_path / "infra" / "m").mkdir(parents=True)
    (tmp_path / "infra" / "m" / "name.txt").write_text("web", "utf-8")
    (tmp_path / "infra" / "m" / "d.json").write_text('{"name": "deep"}', "utf-8")
    (tmp_path / "infra" / "m" / "t.tpl").write_text(
        "${a}-%{ for x in b ~}\n${x}\n%{~ endfor }", "utf-8"
    )

    assert name_of(tmp_path, expression) == name


@pytest.mark.parametrize(
    "expression",
    [
        'file("${path.module}/none.txt")',
        'file("../outside.txt")',
        'file("${path.module}/link.txt")',
        'file("${path.module}/long.txt")',
        'file("${path.module}/bytes.txt")',
        'file("${path.module}")',
        'file("/dev/zero")',
        "file(aws_x.y.path)",
        'templatefile("${path.module}/main.tf")',
    ],
)
def test_what_is_not_read(tmp_path: Path, expression: str) -> None:
    """What is elsewhere, too long or no text stays an expression."""
    module = tmp_path / "infra" / "m"
    module.mkdir(parents=True)
    (tmp_path / "outside.txt").write_text("secret", "utf-8")
    (module / "link.txt").symlink_to(tmp_path / "outside.txt")
    (module / "long.txt").write_text("x" * 100_001, "utf-8")
    (module / "bytes.txt").write_bytes(b"\xff")

    assert name_of(tmp_path, expression).startswith("${")


def test_a_file_of_the_checkout(tmp_path: Path) -> None:
    """In a checkout, files beside the folder are its own."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "outside.txt").write_text("web", "utf-8")

    assert name_of(tmp_path, 'file("../outside.txt")') == "web"
