"""What a manifest may say, and what is refused of one that was not written by CDKTF."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING

import pytest
from cdktf_out import stack, write_out
from click.testing import CliRunner

from deploy_access.cli import main
from deploy_access.errors import InvalidValue
from deploy_access.terraform.manifest import StackEntry, read_manifest

if TYPE_CHECKING:
    from pathlib import Path

PATH = "stacks/web/cdk.tf.json"


def write_manifest(folder: Path, entries: object) -> Path:
    """Write a manifest with *entries* and the stack `web` beside it."""
    if not folder.exists():
        write_out(folder, {"web": stack()})
    (folder / "manifest.json").write_text(json.dumps({"stacks": entries}), "utf-8")
    return folder


def test_what_cdktf_writes(tmp_path: Path) -> None:
    """Stacks come by name, each with its file, its folder and what it depends on."""
    entries: dict[str, dict[str, object]] = {
        "web": {"name": "web", "synthesizedStackPath": PATH, "dependencies": ["base"]},
        "base": {"synthesizedStackPath": "b/x.json", "workingDirectory": "b", "annotations": []},
        "top": {"synthesizedStackPath": "cdk.tf.json"},
    }

    assert read_manifest(write_manifest(tmp_path / "out", entries), "") == (
        StackEntry(name="base", path="b/x.json", directory="b", dependencies=()),
        StackEntry(name="top", path="cdk.tf.json", directory=".", dependencies=()),
        StackEntry(name="web", path=PATH, directory="stacks/web", dependencies=("base",)),
    )


@pytest.mark.parametrize("listed", [None, 1, "x", [], [{"synthesizedStackPath": PATH}]])
def test_a_manifest_that_lists_nothing(tmp_path: Path, listed: object) -> None:
    """A manifest in which no object lists stacks is broken, and no folder without stacks."""
    with pytest.raises(InvalidValue, match="The manifest does not list any stacks"):
        read_manifest(write_manifest(tmp_path / "out", listed), "")


@pytest.mark.parametrize("entry", [None, 1, "x", [], {}, {"synthesizedStackPath": ["x"]}])
def test_a_stack_without_a_path(tmp_path: Path, entry: object) -> None:
    """Each stack that has no file is named."""
    entries = {"web": entry, "api": entry}

    with pytest.raises(InvalidValue, match="does not say where stack 'web' is") as caught:
        read_manifest(write_manifest(tmp_path / "out", entries), "")

    assert len(caught.value.problems) == 2


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "a/b",
        "../x",
        "/x",
        "-x",
        ".x",
        "a b",
        "a\nb",
        "a\0b",
        "a\\b",
        "$(x)",
        "x" * 201,
    ],
)
def test_names_that_are_no_plain_words(tmp_path: Path, name: str) -> None:
    """A name becomes a folder, so one that could lead elsewhere is refused."""
    entry = {"synthesizedStackPath": PATH}

    with pytest.raises(InvalidValue, match="a name that is no plain word"):
        read_manifest(write_manifest(tmp_path / "out", {name: entry}), "")


@pytest.mark.parametrize("key", ["synthesizedStackPath", "workingDirectory"])
@pytest.mark.parametrize(
    "path", ["/etc/hostname", "../x", "stacks/../../x", "a\0b", "a\x1b[2J", "link/x"]
)
def test_paths_that_leave_the_folder(tmp_path: Path, key: str, path: str) -> None:
    """A path of a stack stays in the folder of the manifest, whatever leads out of it."""
    entry = {"synthesizedStackPath": PATH, key: path}
    out = write_manifest(tmp_path / "out", {"web": entry})
    (out / "link").symlink_to(tmp_path)

    with pytest.raises(InvalidValue, match="a file of stack 'web' outside of its folder"):
        read_manifest(out, "")


@pytest.mark.parametrize("directory", ["stacks/web", "stacks/web/", "./stacks/web", None])
def test_the_folder_of_the_file(tmp_path: Path, directory: str | None) -> None:
    """Terraform runs where the stack's file lies, however the manifest writes it."""
    entry = {"synthesizedStackPath": PATH, "workingDirectory": directory}

    [found] = read_manifest(write_manifest(tmp_path / "out", {"web": entry}), "")

    assert found.directory.strip("./") == "stacks/web"


@pytest.mark.parametrize("directory", [".", "stacks", "stacks/api", "stacks/web/modules"])
def test_another_folder_than_that_of_the_file(tmp_path: Path, directory: str) -> None:
    """Terraform would load what lies there, and not what is read here."""
    entry = {"synthesizedStackPath": PATH, "workingDirectory": directory}

    with pytest.raises(InvalidValue, match="'web' is to run in another folder than") as caught:
        read_manifest(write_manifest(tmp_path / "out", {"web": entry}), "")

    assert caught.value.problems[0].given == f"{directory} for {PATH}"


@pytest.mark.parametrize(
    ("needs", "circle"),
    [
        pytest.param({"web": ["web"]}, "web -> web", id="itself"),
        pytest.param({"a": ["b"], "b": ["c"], "c": ["a"]}, "a -> b -> c -> a", id="three"),
    ],
)
def test_a_stack_that_depends_on_itself(
    tmp_path: Path, needs: dict[str, list[str]], circle: str
) -> None:
    """A circle of dependencies is refused, and each stack of it is named."""
    entries = {n: {"synthesizedStackPath": PATH, "dependencies": d} for n, d in needs.items()}

    with pytest.raises(InvalidValue, match="depends on itself") as caught:
        read_manifest(write_manifest(tmp_path / "out", entries), "")

    given = str(caught.value.problems[0].given)
    assert sorted(set(given.split(" -> "))) == sorted(needs)
    assert len(given) == len(circle)


COMMANDS = [
    ["audit", "OUT"],
    ["bootstrap", "web", "--out", "OUT"],
    ["explain", "--repo", "acme/web", "--branch", "main", "--out", "OUT"],
    ["review", "none", "OUT"],
    ["waves", "none", "OUT"],
    ["workflow", "--out", "OUT"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=[command[0] for command in COMMANDS])
@pytest.mark.parametrize("wrong", ["circle", "outside", "pipe", "link", "linked manifest"])
def test_every_command_refuses_the_same(tmp_path: Path, command: list[str], wrong: str) -> None:
    """Whichever command reads the folder, it ends with one line before anything is written."""
    out = write_out(tmp_path / "out", {"web": stack()})
    entry: dict[str, object] = {"synthesizedStackPath": PATH, "dependencies": []}
    if wrong == "circle":
        entry["dependencies"] = ["web"]
    elif wrong == "outside":
        entry["synthesizedStackPath"] = "../web.tf.json"
        shutil.copy(out / PATH, tmp_path / "web.tf.json")
    elif wrong == "pipe":
        make_pipe(out / PATH)
    elif wrong == "link":
        shutil.move(out / PATH, tmp_path / "web.tf.json")
        (out / PATH).symlink_to(tmp_path / "web.tf.json")
    write_manifest(out, {"web": entry})
    if wrong == "linked manifest":
        shutil.move(out / "manifest.json", tmp_path / "manifest.json")
        (out / "manifest.json").symlink_to(tmp_path / "manifest.json")

    result = CliRunner().invoke(main, [str(out) if word == "OUT" else word for word in command])

    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert result.stderr.startswith("fatal: ")


def make_pipe(path: Path) -> None:
    """Put a named pipe in the place of a file."""
    path.unlink()
    os.mkfifo(path)
