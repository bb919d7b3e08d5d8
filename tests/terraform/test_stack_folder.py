"""What Terraform loads of a stack's folder, and what of it is not read."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from review_sides import Json, one, stack, write_side

from deploy_access.cli import main
from deploy_access.errors import InvalidValue
from deploy_access.terraform.reader import read_estate
from deploy_access.terraform.snapshot import read_snapshot
from deploy_access.terraform.sources import Reading

if TYPE_CHECKING:
    from pathlib import Path

    from deploy_access.terraform.sources import StackFile

TRUST = '{"Version": "2012-10-17", "Statement": []}'
ROLE = one("aws_iam_role", name="web", assume_role_policy=TRUST)


def side(folder: Path, **beside: str | Json) -> Path:
    """Write the stack `web` and files in its folder, each by its name with `__` for a dot."""
    out = write_side(folder, {"web": stack(ROLE)})
    for key, content in beside.items():
        text = content if isinstance(content, str) else json.dumps(content)
        (out / "stacks" / "web" / key.replace("__", ".")).write_text(text, "utf-8")
    return out


def read(out: Path) -> StackFile:
    """Read the only stack."""
    [found] = Reading().sources(out)
    return found


def test_the_file_alone(tmp_path: Path) -> None:
    """Nothing beside the file: it is the whole stack."""
    found = read(side(tmp_path))

    assert (found.problems, dict(found.beside), dict(found.assets)) == ((), {}, {})


def test_json_is_merged_for_every_command(tmp_path: Path) -> None:
    """A role beside the file is in the estate of the review and of the audit."""
    more = {"resource": one("aws_iam_role", "More", name="more", assume_role_policy=TRUST)}
    out = side(
        tmp_path,
        main__tf__json=more,
        override__tf__json={"resource": one("aws_iam_role", name="other")},
    )

    for estate in (read_snapshot(Reading().sources(out)).estate, read_estate(out)):
        assert [role.name for role in estate.roles] == ["more", "other"]
        assert estate.problems == ()


def test_hcl_is_merged_too(tmp_path: Path) -> None:
    """What another language says of the stack counts: a role, and the value of a variable."""
    role = 'resource "aws_iam_role" "More" {\n  name = var.name\n  assume_role_policy = "{}"\n}\n'
    out = side(
        tmp_path,
        main__tf=role + 'variable "name" {}',
        override__tf='resource "aws_iam_role" "This" { name = "other" }',
        terraform__tfvars='name = "more"',
    )

    assert [role.name for role in read_estate(out).roles] == ["more", "other"]


def test_what_is_not_read_is_said(tmp_path: Path) -> None:
    """Each file that another program loads, or none by itself, is a part that is not read."""
    out = side(tmp_path, x__tf="", x__tofu="x", x__tofu__json="{", terraform__tfvars="a = 1")
    (out / "stacks" / "web" / "prod.tfvars").write_text("a = 2", "utf-8")

    found = read(out)

    said = [
        (
            "x.tofu",
            "OpenTofu loads this file, in place of a `.tf` file of its name, and it is not read.",
        ),
        (
            "x.tofu.json",
            "OpenTofu loads this file, in place of a `.tf` file of its name, and it is not read.",
        ),
        (
            "prod.tfvars",
            "Terraform takes values from this file only by `-var-file`, so they are not applied.",
        ),
    ]
    assert [(p.where.address, p.what) for p in found.problems] == said
    assert {p.kind for p in found.problems} == {"file"}
    assert [*found.beside] == ["x.tofu", "x.tofu.json"]
    assert [*map(str, read_estate(out).problems)] == [
        f"web: {name}: {what} Got 'stacks/web/{name}'." for name, what in said
    ]


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    """Terraform passes over folders, whatever their names end with."""
    out = side(tmp_path)
    (out / "stacks" / "web" / "modules.tf").mkdir()

    assert read(out).problems == ()


def test_each_stack_has_its_own_folder(tmp_path: Path) -> None:
    """An override of one stack is none of another."""
    out = write_side(tmp_path, {"api": stack(ROLE), "web": stack(ROLE)})
    override = {"resource": one("aws_iam_role", name="other")}
    (out / "stacks" / "web" / "override.tf.json").write_text(json.dumps(override), "utf-8")

    roles = read_snapshot(Reading().sources(out)).estate.roles

    assert [(role.where.stack, role.name) for role in roles] == [("web", "other"), ("api", "web")]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("main.tf.json", "{", "The file is no JSON"),
        ("main.tf.json", "[1]", "The file is a JSON list"),
        ("terraform.tfvars.json", "a = 1", "The file is no JSON"),
        ("main.tf", "a", "The file is no HCL"),
        ("terraform.tfvars", "a = ", "The file is no HCL"),
    ],
)
def test_a_broken_file_is_refused(tmp_path: Path, name: str, text: str, said: str) -> None:
    """Terraform refuses it, too, and nothing of the stack is known."""
    out = side(tmp_path)
    (out / "stacks" / "web" / name).write_text(text, "utf-8")

    with pytest.raises(InvalidValue, match=f"{said}.*{name}"):
        read(out)


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    """Terraform would load the file of another place."""
    out = side(tmp_path / "out")
    (tmp_path / "outside.tf").write_text("x", "utf-8")
    (out / "stacks" / "web" / "link.tf").symlink_to(tmp_path / "outside.tf")

    with pytest.raises(InvalidValue, match="A path leads out of its folder"):
        read(out)


def test_a_link_inside_is_loaded(tmp_path: Path) -> None:
    """Terraform follows it."""
    out = side(tmp_path, note__txt="locals { a = 1 }")
    (out / "stacks" / "web" / "link.tf").symlink_to("note.txt")

    assert read(out).file.content["locals"] == {"a": 1}


def test_a_single_file_stays_one(tmp_path: Path) -> None:
    """Nobody says that Terraform runs where a file lies that was named by itself."""
    out = side(tmp_path, override__tf="x {")

    [found] = Reading().sources(out / "stacks" / "web" / "cdk.tf.json")

    assert (found.problems, dict(found.beside)) == ((), {})


def test_assets_that_are_named(tmp_path: Path) -> None:
    """Those that the stack names count, also by a file beside it."""
    function = one("aws_lambda_function", filename="assets/a.zip")
    out = write_side(tmp_path, {"web": stack(function)})
    (out / "stacks" / "web" / "x.tf").write_text(
        'locals { b = file("${path.module}/assets/b") }', "utf-8"
    )
    (out / "stacks" / "web" / "assets").mkdir()
    for name in ("a.zip", "b", "c"):
        (out / "stacks" / "web" / "assets" / name).write_text(name, "utf-8")

    assert [*read(out).assets] == ["assets/a.zip", "assets/b"]


@pytest.mark.parametrize("name", [b"\xff.tf.json", b"a\nb.tf.json"])
def test_names_that_no_terminal_prints(tmp_path: Path, name: bytes) -> None:
    """A name that is no text is read, and shown as far as it is one."""
    out = side(tmp_path)
    (out / "stacks" / "web" / os.fsdecode(name)).write_text('{"locals": 1}', "utf-8")

    found = CliRunner().invoke(main, ["review", "none", str(out)])

    assert (found.exit_code, found.stderr) == (0, "")
    assert "1 thing could not be read" in found.stdout
