"""`deploy-access init`: a project that works, and no file that was there is touched."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from deploy_access.cli import main
from deploy_access.new_project.facts import ProjectFacts
from deploy_access.new_project.files import MARK, project_files

ROOT = Path(__file__).parents[2]
COMMAND = Path(sys.executable).with_name("deploy-access")
UNFILLED = re.compile(r"@[a-z_]+@")
OWN = {
    "--repository": "northwind/stacks",
    "--owner-id": "77",
    "--repo-id": "88",
    "--account": "444455556666",
    "--region": "us-east-1",
    "--environment": "prod",
    "--service": "shop",
    "--service-id": "99",
}
FILES = {
    ".github/workflows/infra-deploy-wave.yml",
    ".github/workflows/infra-deploy.yml",
    ".github/workflows/infra-drift.yml",
    ".github/workflows/infra-review.yml",
    ".gitignore",
    "Makefile",
    "cdktf.json",
    "environments.toml",
    "main.py",
    "requirements.txt",
    "tests/test_project.py",
}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run in an empty folder, with the packages of this clone."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    return tmp_path


def init(*arguments: str) -> Result:
    """Run the command in this process, which is no terminal."""
    return CliRunner().invoke(main, ["init", *arguments])


def files_in(folder: Path) -> dict[str, str]:
    """Read all files."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in files}


def test_all_is_written(here: Path) -> None:
    """Every file is there, and what was given is in it, with nothing left to replace."""
    run = init("infra", *(word for pair in OWN.items() for word in pair))

    assert run.exit_code == 0, run.output
    written = files_in(here / "infra")
    assert set(written) == FILES
    assert [name for name, text in written.items() if MARK in text or UNFILLED.search(text)] == []
    estate = tomllib.loads(written["environments.toml"])
    assert estate["github"] == {"owner": "northwind", "owner_id": 77}
    assert estate["accounts"]["prod"]["id"] == "444455556666"
    assert estate["services"]["shop"]["repo_id"] == 99
    assert "REPLACE" not in run.stdout
    assert "  cd infra\n" in run.stdout


def test_an_example_stands_in(here: Path) -> None:
    """Without a terminal nothing is asked; each value to replace is marked, and how it is found."""
    run = init(".")

    assert run.exit_code == 0, run.output
    text = (here / "environments.toml").read_text("utf-8")
    assert f"owner_id = 123456 {MARK}\n" in text
    assert f'id = "111122223333" {MARK}\n' in text
    assert "  owner_id    gh api users/acme --jq .id\n" in run.stdout
    assert "  repo_id     gh api repos/acme/infra --jq .id\n" in run.stdout
    customization = "repos/acme/infra/actions/oidc/customization/sub --jq .sub_claim_prefix"
    assert customization in run.stdout
    assert "repo:acme@123456/infra@456788" in run.stdout
    assert "cd " not in run.stdout


def test_the_page_shows_what_is_printed() -> None:
    """The page has the command's own words."""
    page = (ROOT / "docs/init.md").read_text("utf-8")

    assert f"$ deploy-access init infra --yes\n{init('infra', '--yes').stdout}```" in page


def test_the_page_has_all() -> None:
    """Each file and each option of the command is on its page."""
    page = (ROOT / "docs/init.md").read_text("utf-8").partition("| option")[2]
    known = {*OWN, "--yes", *(name.rpartition("/infra-")[0] or name for name in FILES)}

    assert [word for word in sorted(known) if word not in page] == []


def test_owner_and_name_are_those_of_the_remote(here: Path) -> None:
    """In a clone nobody types what git knows."""
    subprocess.run(["git", "init", "--quiet"], check=True)
    remote = ["remote", "add", "origin", "git@github.com:northwind/stacks.git"]
    subprocess.run(["git", *remote], check=True)

    run = init("--yes")

    assert run.exit_code == 0, run.output
    estate = tomllib.loads((here / "environments.toml").read_text("utf-8"))
    assert (estate["github"]["owner"], estate["infra"]["repository"]) == ("northwind", "stacks")


def test_files_that_are_there(here: Path) -> None:
    """All of them are named at once, and nothing is written or changed."""
    (here / "Makefile").write_text("all:\n", "utf-8")
    (here / "main.py").symlink_to("nowhere")
    workflow = here / ".github/workflows/infra-drift.yml"
    workflow.parent.mkdir(parents=True)
    workflow.write_text("on: push\n", "utf-8")

    run = init(".")

    assert run.exit_code == 1
    assert "Got '.github/workflows/infra-drift.yml, Makefile, main.py'." in run.stderr
    assert files_in(here) == {
        "Makefile": "all:\n",
        ".github/workflows/infra-drift.yml": "on: push\n",
    }


def test_what_git_ignores_stays(here: Path) -> None:
    """A new repository often has a `.gitignore`: it is kept, and what to add is said."""
    (here / ".gitignore").write_text("*.log\n", "utf-8")

    run = init(".")

    assert run.exit_code == 0, run.output
    assert (here / ".gitignore").read_text("utf-8") == "*.log\n"
    assert "Add to .gitignore: .venv/ " in run.stdout


@pytest.mark.parametrize(
    ("option", "value"), [("--account", "1"), ("--repository", "infra"), ("--owner-id", "acme")]
)
def test_a_wrong_value_is_wrong_usage(here: Path, option: str, value: str) -> None:
    """It is refused before anything is made, with what is right."""
    run = init(option, value)

    assert (run.exit_code, files_in(here)) == (2, {})
    assert f"'{option}'" in run.stderr


def test_a_terminal_is_asked(here: Path) -> None:
    """It asks for five facts; a wrong answer is asked again, and Enter takes the example's."""
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [COMMAND, "init", "--service", "shop"], stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    os.write(ours, b"infra\nnorthwind/stacks\n77\n\n444455556666\n\n")
    said = _read_all(ours)

    assert child.wait() == 0, said
    assert "A repository is named `owner/name`." in said
    assert "GitHub's number of its owner (gh api users/northwind --jq .id) [123456]: " in said
    estate = tomllib.loads((here / "environments.toml").read_text("utf-8"))
    assert estate["github"] == {"owner": "northwind", "owner_id": 77}
    assert estate["infra"]["repo_id"] == 456788
    assert f"repo_id = 456788 {MARK}\n" in (here / "environments.toml").read_text("utf-8")


def _read_all(terminal: int) -> str:
    said = b""
    while True:
        try:
            part = os.read(terminal, 4096)
        except OSError:  # the other side is closed
            part = b""
        if not part:
            return said.decode()
        said += part


def test_the_program_is_that_of_this_repository() -> None:
    """What builds the app is the same here and there."""
    assert project_files(ProjectFacts())["main.py"] == (ROOT / "main.py").read_text("utf-8")
