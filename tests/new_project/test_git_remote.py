"""The repository on GitHub that a folder was cloned from."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from deploy_access.new_project.git_remote import repository_of_folder, repository_of_url

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/acme/infra",
        "https://github.com/acme/infra.git",
        "https://github.com/acme/infra/",
        "https://token@github.com/acme/infra.git",
        "git@github.com:acme/infra.git",
        "github.com:acme/infra",
        "ssh://git@github.com/acme/infra.git",
        "ssh://git@github.com:22/acme/infra.git",
    ],
)
def test_what_git_clones(url: str) -> None:
    """Each form of an address names the repository."""
    assert repository_of_url(url) == "acme/infra"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "../infra",
        "https://gitlab.com/acme/infra.git",
        "https://github.com.example.com/acme/infra",
        "https://example.com/github.com/acme/infra",
        "https://github.com/acme",
    ],
)
def test_what_is_not_on_github(url: str) -> None:
    """Of any other address nothing is taken."""
    assert repository_of_url(url) == ""


def test_a_name_with_dots() -> None:
    """Only the last `.git` is no part of the name."""
    assert repository_of_url("git@github.com:acme/acme.github.io.git") == "acme/acme.github.io"


def test_a_folder_in_a_clone(tmp_path: Path) -> None:
    """A folder that is not there yet is asked about by the one that it will be in."""
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    remote = ["remote", "add", "origin", "git@github.com:acme/infra.git"]
    subprocess.run(["git", "-C", tmp_path, *remote], check=True)

    assert repository_of_folder(tmp_path) == "acme/infra"
    assert repository_of_folder(tmp_path / "stacks" / "new") == "acme/infra"


def test_a_folder_without_a_remote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a remote, and without git itself, there is nothing to know."""
    assert repository_of_folder(tmp_path) == ""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert repository_of_folder(tmp_path) == ""
