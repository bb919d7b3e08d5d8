"""
Where Terraform is told to look for its AWS provider.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sandbox_estates import stack, write_out

from sandbox import MissingTool
from sandbox.server.child_process import Processes
from sandbox.server.working_folder import WorkingFolder
from sandbox.terraform.provider_package import ProviderPackage, find_provider
from sandbox.terraform.sandbox_estate import read_sandbox_estate

if TYPE_CHECKING:
    from pathlib import Path

# A Terraform that has the provider only if its configuration says so in a comment.
TERRAFORM = """\
#!/bin/sh
cat main.tf.json >> "{log}"
grep -q "{answer}" "$TF_CLI_CONFIG_FILE" || exit 1
folder=.terraform/providers/registry.terraform.io/hashicorp/aws/5.100.0/linux_amd64
mkdir -p $folder
touch $folder/terraform-provider-aws_v5.100.0_x5
"""


@pytest.fixture(autouse=True)
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """
    Make a machine without any configuration or mirror of Terraform.
    """
    for name in ("TF_CLI_CONFIG_FILE", "TERRAFORM_BINARY_NAME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_DATA_DIRS", str(tmp_path / "share"))
    monkeypatch.setattr("sandbox.terraform.provider_package.SHARED", (str(tmp_path / "opt"),))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def make_mirror(path: Path) -> None:
    """
    Make a directory that looks like an unpacked mirror.
    """
    (path / "registry.terraform.io" / "hashicorp" / "aws" / "5.100.0").mkdir(parents=True)


def search(machine: Path, answer: str) -> ProviderPackage:
    """
    Search with a Terraform that finds the provider where its configuration holds *answer*.
    """
    program = machine / "terraform"
    program.write_text(TERRAFORM.format(answer=answer, log=machine / "asked"), encoding="utf-8")
    program.chmod(0o755)
    folder = WorkingFolder(machine / "box")
    folder.create()
    estate = read_sandbox_estate(write_out(machine / "cdktf.out", {"web": stack("web")}))
    return find_provider(estate, folder, program, Processes())


def test_own_configuration(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The configuration that the user named is asked first.
    """
    make_mirror(machine / "opt" / "mirror")
    (machine / "my.rc").write_text("# mine")
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", str(machine / "my.rc"))

    assert search(machine, "# mine").source == f"the configuration {machine / 'my.rc'}"


def test_configuration_in_the_home_directory(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    A variable that names a missing file does not hide the file in the home directory.
    """
    (machine / "home" / ".terraformrc").write_text("# home")
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", str(machine / "missing.rc"))

    assert search(machine, "# home").source.endswith(".terraformrc")


@pytest.mark.parametrize(
    "place",
    [
        "terraform.d/plugins",
        "home/.terraform.d/plugins",
        "home/.local/share/terraform/plugins",
        "share/terraform/plugins",
        "opt",
        "opt/anything",
    ],
)
def test_mirror(machine: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    """
    Without a configuration, an unpacked mirror is found where people put one.
    """
    make_mirror(machine / place)
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", str(machine / "missing.rc"))

    assert search(machine, str(machine / place)).source == f"the mirror {machine / place}"


def test_next_place(machine: Path) -> None:
    """
    A place that cannot answer does not keep the next one from being asked.
    """
    make_mirror(machine / "opt" / "a")
    make_mirror(machine / "opt" / "b")

    assert search(machine, "opt/b").source == f"the mirror {machine / 'opt' / 'b'}"


def test_found_provider(machine: Path) -> None:
    """
    What is found is the mirror of every run, and no run asks the registry.
    """
    make_mirror(machine / "opt")

    found = search(machine, str(machine / "opt"))

    assert (found.address, found.version) == ("registry.terraform.io/hashicorp/aws", "5.100.0")
    config = (machine / "box" / "terraform.rc").read_text()
    assert str(machine / "box" / "provider" / ".terraform" / "providers") in config
    assert "direct" not in config


def test_versions_of_all_stacks(machine: Path) -> None:
    """
    Terraform is asked for a version that every stack accepts.
    """
    make_mirror(machine / "opt")

    search(machine, str(machine / "opt"))

    assert '"version": ">= 5.100.0, < 7.0.0"' in (machine / "asked").read_text()


def test_no_source_has_it(machine: Path) -> None:
    """
    Where no source has the provider, one sentence lists the sources.
    """
    make_mirror(machine / "opt")

    with pytest.raises(MissingTool) as caught:
        search(machine, "nothing that is there")

    assert f"(asked: the mirror {machine / 'opt'}, the registry)" in str(caught.value)
    assert "\n" not in str(caught.value)
