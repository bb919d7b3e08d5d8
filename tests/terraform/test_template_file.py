"""Templates as files: told by what is in them, one by one or as a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from deploy_access.cli import main
from deploy_access.terraform.reader import read_estate

if TYPE_CHECKING:
    from click.testing import Result

TEMPLATES = Path(__file__).parent.parent / "cloudformation" / "templates"
TEMPLATE = (TEMPLATES / "deploy.yaml").read_bytes()


def audit(*arguments: str, given: bytes | None = None) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, ["audit", *arguments], input=given)


@pytest.mark.parametrize("name", ["deploy.yaml", "deploy.yml", "deploy.template", "deploy.json"])
def test_names(tmp_path: Path, name: str) -> None:
    """A template is read under each name that people give it, YAML in a `.json` too."""
    (tmp_path / name).write_bytes(TEMPLATE)

    assert [role.name for role in read_estate(tmp_path / name).roles] == ["shop-deploy"]
    assert [role.name for role in read_estate(tmp_path).roles] == ["shop-deploy"]


def test_standard_input() -> None:
    """A template may come from a pipe."""
    assert "error[repo-wide]: role shop-deploy" in audit("-", given=TEMPLATE).output


def test_terraform_goes_before(tmp_path: Path) -> None:
    """Of a folder with Terraform's files these are read: the template may be an argument there."""
    (tmp_path / "deploy.yaml").write_bytes(TEMPLATE)
    (tmp_path / "main.tf").write_text("", "utf-8")

    assert read_estate(tmp_path).roles == ()


def test_review_of_two_templates(tmp_path: Path) -> None:
    """A review compares templates as it compares stacks."""
    (tmp_path / "deploy.yaml").write_bytes(TEMPLATE.replace(b":*\n", b":environment:prod\n"))
    sides = [str(tmp_path / "deploy.yaml"), str(TEMPLATES / "deploy.yaml")]
    result = CliRunner().invoke(main, ["review", *sides])

    assert "may be assumed by repo:acme/shop:* of" in result.output
    assert "Role shop-deploy" in result.output


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        pytest.param("a.yaml", TEMPLATE[:700] + b"\n\t- x", id="a tab"),
        pytest.param("a.yaml", TEMPLATE[:900] + b"\xff", id="no UTF-8"),
        pytest.param("a.yaml", b"Resources: [", id="cut off"),
        pytest.param("a.json", b'{"Resources": {"A": {"Type": "AWS::S3', id="JSON, cut off"),
        pytest.param("a.yaml", b"", id="empty"),
    ],
)
def test_damaged(tmp_path: Path, name: str, raw: bytes) -> None:
    """A damaged template is refused in one message, with the line where there is one."""
    (tmp_path / name).write_bytes(raw)
    result = audit(str(tmp_path / name))

    assert result.exit_code == 1
    assert result.output.startswith("fatal: ")
    assert "Traceback" not in result.output
