"""Files that `deploy-access workflow` makes no longer are found, others are not."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from deploy_access.errors import InvalidValue
from deploy_access.workflow.output import compare_files, find_leftovers, write_files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

OWN = ("--repo", "acme/push")


def left(folder: Path, options: str, path: str = "workflows/deploy-old.yml") -> Path:
    """Leave a file that the command has made with *options*."""
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"# Made by `deploy-access workflow{options}`.\nname: Old\n", "utf-8")
    return file


def test_check_reports_what_is_no_longer_made(run: Callable[..., Result], tmp_path: Path) -> None:
    """`--check` names the file, and exits with 10."""
    run(*OWN, "--write", str(tmp_path))
    file = left(tmp_path, " --repo acme/push --dispatch")

    checked = run(*OWN, "--check", str(tmp_path))

    assert checked.exit_code == 10
    assert checked.stdout == f"{file} is no longer made: delete it.\n"


def test_write_says_so_and_deletes_nothing(run: Callable[..., Result], tmp_path: Path) -> None:
    """`--write` leaves the file where it is, and says that it is no longer made."""
    file = left(tmp_path, " --repo acme/push")

    written = run(*OWN, "--write", str(tmp_path))

    assert (written.exit_code, written.stdout) == (0, "")
    assert f"{file} is no longer made: delete it.\n" in written.stderr
    assert file.exists()


@pytest.mark.parametrize(
    "path", ["workflows/a.yaml", "actions/deploy-to-ecs/action.yml", "appspec-web.yaml"]
)
def test_wherever_files_are_made(tmp_path: Path, path: str) -> None:
    """Actions and CodeDeploy's files are found as workflows are."""
    left(tmp_path, "", path)

    assert find_leftovers((), "deploy-access workflow", tmp_path) == [path]


@pytest.mark.parametrize(
    ("by", "now"),
    [
        pytest.param("", "", id="everything"),
        pytest.param(" --cache --repo a/b", " --repo a/b --branch 'x y'", id="other options"),
        pytest.param(" --repo a/b --role x", " --role x --repo a/b", id="the same role"),
        pytest.param(
            " --migration '--repo c/d' --repo a/b", " --repo a/b", id="a value like an option"
        ),
    ],
)
def test_the_same_choice(tmp_path: Path, by: str, now: str) -> None:
    """A file is a leftover when a call that chose the same has made it."""
    left(tmp_path, by)

    found = find_leftovers((), f"deploy-access workflow{now}", tmp_path)

    assert found == ["workflows/deploy-old.yml"]


@pytest.mark.parametrize(
    ("by", "now"),
    [
        pytest.param(" --repo a/b", " --repo a/c", id="another repository"),
        pytest.param(" --repo a/b", "", id="one repository, now all"),
        pytest.param("", " --repo a/b", id="all, now one repository"),
        pytest.param(" --repo a/b", " --repo a/b --role x", id="now one role"),
        pytest.param(" --repo a/b --role x", " --repo a/b", id="one role, now all"),
        pytest.param(" --repo a/b", " --repo a/b --service x", id="now one service"),
        pytest.param(" --repo a/b", " --repo a/b --environment x", id="now one environment"),
        pytest.param(" --reusable a/b/c@d", "", id="called by others"),
        pytest.param(" --migration 'x", "", id="no options"),
        pytest.param(" something else", "", id="no option"),
    ],
)
def test_another_choice(tmp_path: Path, by: str, now: str) -> None:
    """A file that a call of another choice has made is that call's."""
    left(tmp_path, by)

    assert find_leftovers((), f"deploy-access workflow{now}", tmp_path) == []


def test_what_others_have_written(tmp_path: Path) -> None:
    """A file without our first line is nobody's leftover, whatever else is in it."""
    folder = tmp_path / "workflows"
    folder.mkdir()
    (folder / "own.yml").write_text("name: x\n# Made by `deploy-access workflow`.\n", "utf-8")
    (folder / "odd.yml").write_bytes(b"# Made by `deploy-access workflow`.\xff\n")
    (folder / "folder.yml").mkdir()

    assert find_leftovers((), "deploy-access workflow", tmp_path) == []


def test_what_is_no_regular_file_is_none_of_ours(tmp_path: Path) -> None:
    """A named pipe, a folder, a device and a file of elsewhere are passed over, and none waits."""
    folder = tmp_path / ".github" / "workflows"
    (folder / "folder.yml").mkdir(parents=True)
    os.mkfifo(folder / "pipe.yml")
    (folder / "device.yml").symlink_to("/dev/zero")
    (folder / "elsewhere.yml").symlink_to(left(tmp_path, ""))

    assert find_leftovers((), "deploy-access workflow", tmp_path / ".github") == []


@pytest.mark.parametrize("write", [write_files, compare_files], ids=["write", "check"])
def test_no_file_leaves_the_folder(
    tmp_path: Path, write: Callable[[dict[str, str], Path], object]
) -> None:
    """A folder that leads elsewhere is refused before anything is read or written there."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / ".github").mkdir()
    (tmp_path / ".github" / "workflows").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(InvalidValue, match="A path leads out of its folder"):
        write({"workflows/deploy.yml": "name: x\n"}, tmp_path / ".github")

    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize("write", [write_files, compare_files], ids=["write", "check"])
def test_a_named_pipe_is_no_workflow(
    tmp_path: Path, write: Callable[[dict[str, str], Path], object]
) -> None:
    """A named pipe in the place of a workflow is refused, and nothing waits for its writer."""
    (tmp_path / "workflows").mkdir()
    os.mkfifo(tmp_path / "workflows" / "deploy.yml")

    with pytest.raises(InvalidValue, match="There is a named pipe where a file belongs"):
        write({"workflows/deploy.yml": "name: x\n"}, tmp_path)
