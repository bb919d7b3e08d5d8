"""
Which program is Terraform, and what is said about one that cannot be used.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sandbox import MissingTool
from sandbox.server.child_process import Processes
from sandbox.terraform.program import find_terraform


@pytest.fixture(name="machine", autouse=True)
def _machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("TERRAFORM_BINARY_NAME", raising=False)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    return tmp_path


def write_program(folder: Path, said: str, name: str = "terraform") -> str:
    """
    Write a program that says what it is, whatever it is asked.
    """
    program = folder / name
    program.write_text(said, encoding="utf-8")
    program.chmod(0o755)
    return str(program)


def version(line: str) -> str:
    """
    Return a program that prints one line.
    """
    return f"#!/bin/sh\necho '{line}'\necho on linux_amd64\n"


def test_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A Terraform that is not there is named in one sentence.
    """
    monkeypatch.setenv("TERRAFORM_BINARY_NAME", "tofu-of-tomorrow")

    with pytest.raises(MissingTool, match="'tofu-of-tomorrow'"):
        find_terraform(Processes())


def test_named(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The program that TERRAFORM_BINARY_NAME names is used instead of `terraform`.
    """
    program = write_program(machine, "#!/bin/sh\n", "tofu")
    monkeypatch.setenv("TERRAFORM_BINARY_NAME", "tofu")

    assert find_terraform(Processes()) == Path(program)


@pytest.mark.parametrize("old", ["0.15.5", "1.5.7", "1.10.0-beta1"])
def test_too_old(machine: Path, old: str) -> None:
    """
    A Terraform that does not know how the states are locked is refused with its version.
    """
    program = write_program(machine, version(f"Terraform v{old}"))

    with pytest.raises(MissingTool) as caught:
        find_terraform(Processes())

    assert str(caught.value) == (
        f"The program {program!r} is Terraform {old}, so nothing can be deployed: the stacks lock "
        "their state in S3 as Terraform 1.11 and later do. Install one of those, or name it with "
        "TERRAFORM_BINARY_NAME."
    )


@pytest.mark.parametrize(
    "said",
    [
        "Terraform v1.11.0",
        "Terraform v1.15.0-dev",
        "Terraform v2.0.0",
        pytest.param("OpenTofu v1.9.0", id="OpenTofu, which has versions of its own"),
        pytest.param("built by hand", id="no version"),
    ],
)
def test_used(machine: Path, said: str) -> None:
    """
    Only a version that is known to be too old is refused.
    """
    program = write_program(machine, version(said))

    assert find_terraform(Processes()) == Path(program)


def test_of_another_machine(machine: Path) -> None:
    """
    A program that this machine cannot run is said to be one.
    """
    program = write_program(machine, "\x7fELF")

    with pytest.raises(MissingTool, match=r"does not run \(Exec format error\)") as caught:
        find_terraform(Processes())

    assert repr(program) in str(caught.value)
