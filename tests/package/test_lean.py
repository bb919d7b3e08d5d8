"""The distribution without an extra: the command works, and all else says what to install."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from clean_places import UV, CleanPlace, done, make_place, requirement

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

ROLE = {
    "Role": {
        "RoleName": "deploy",
        "Arn": "arn:aws:iam::111122223333:role/deploy",
        "AssumeRolePolicyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": "*"},
                    "Action": "sts:AssumeRole",
                }
            ],
        },
    }
}
# Beside it: what a whole environment of the extras takes.
MOST_BYTES = 20_000_000


@pytest.fixture(name="lean", scope="module")
def _lean(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> CleanPlace:
    """Install the wheel without any extra."""
    return make_place(tmp_path_factory.mktemp("lean") / "place", requirement(wheel))


def test_little_is_installed(lean: CleanPlace) -> None:
    """No Node and no bindings come with the command."""
    python = str(lean.programs / "python")
    listed = json.loads(
        done(UV, "pip", "list", "--python", python, "--format", "json", cwd=lean.folder)
    )

    names = {package["name"] for package in listed}
    assert names - {"ruamel-yaml-clib"} == {"click", "deploy-access", "ruamel-yaml"}
    size = sum(file.stat().st_size for file in lean.folder.rglob("*") if file.is_file())
    assert size < MOST_BYTES


def test_the_command_works(lean: CleanPlace, tmp_path: Path) -> None:
    """It reads what is there, and finds what is wrong."""
    (tmp_path / "role.json").write_text(json.dumps(ROLE), "utf-8")

    found = lean.run("audit", "role.json", cwd=tmp_path, program="deploy-access")

    assert (found.returncode, found.stderr) == (10, "")
    assert "deploy" in found.stdout


@pytest.mark.parametrize(
    ("arguments", "extra"),
    [(["synth"], "constructs"), (["sandbox", "demo"], "sandbox"), (["synth", "-h"], "constructs")],
)
def test_a_command_says_what_to_install(
    lean: CleanPlace, tmp_path: Path, arguments: list[str], extra: str
) -> None:
    """One line names the extra."""
    found = lean.run(*arguments, cwd=tmp_path, program="deploy-access")

    assert (found.returncode, found.stdout) == (1, "")
    assert found.stderr == (
        f"fatal: The extra `{extra}` of deploy-access is not installed. "
        f"Got 'no module {'cdktf or cdktn' if extra == 'constructs' else 'boto3'}'. "
        "`deploy-access` alone is the command that reads and writes files. "
        f'Install it: pip install "deploy-access[{extra}]"\n'
    )


@pytest.mark.parametrize(
    ("code", "extra"),
    [
        ("import constructs_lib", "constructs"),
        ("from constructs_lib.provider import AwsProvider", "constructs"),
        ("from deploy_access.constructs import EcrRepo", "constructs"),
        ("import constructs_lib.github", "constructs"),
        ("import deploy_access.stacks.environments_file", "constructs"),
        ("from deploy_access.sandbox import Sandbox", "sandbox"),
    ],
)
def test_an_import_says_what_to_install(
    lean: CleanPlace, tmp_path: Path, code: str, extra: str
) -> None:
    """One error names the extra."""
    found = lean.run("-c", code, cwd=tmp_path)

    last = found.stderr.splitlines()[-1]
    assert last.startswith("deploy_access.errors.MissingExtra: ")
    assert last.endswith(f'Install it: pip install "deploy-access[{extra}]"')
