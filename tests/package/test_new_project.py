"""A project that `deploy-access init` writes, with the wheel alone: all of its Makefile."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from clean_places import CleanPlace, make_place, outside_environment, requirement
from judges.workflow_judges import check_schema, languageservice, zizmor

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow


@pytest.fixture(name="project", scope="module")
def _project(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a project, and install into its `.venv` the wheel in place of the index's."""
    folder = tmp_path_factory.mktemp("new")
    extras = requirement(wheel, "constructs", "sandbox")
    place = make_place(folder / "place", extras, "pytest>=9")
    place.say("init", "infra", "--yes", cwd=folder, program="deploy-access")
    return prepared(folder / "infra", place)


def prepared(project: Path, place: CleanPlace) -> Path:
    """Let `make setup` find that all is installed."""
    (project / ".venv").symlink_to(place.folder)
    (project / ".venv/.ready").touch()
    return project


def make(project: Path, goal: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the project's own Makefile."""
    return subprocess.run(
        ["make", goal],
        check=False,
        capture_output=True,
        text=True,
        cwd=project,
        env={**outside_environment(), "NO_COLOR": "1"},
    )


def test_its_own_tests_pass(project: Path) -> None:
    """What it says of itself is true."""
    found = make(project, "test")

    assert found.returncode == 0, found.stdout + found.stderr
    assert "4 passed" in found.stdout


def test_the_requirements_are_this_release(project: Path) -> None:
    """What `make setup` installs is what wrote the project."""
    python = project / ".venv/bin/python"
    code = "from importlib.metadata import version; print(version('deploy-access'))"
    own = subprocess.run([python, "-c", code], check=True, capture_output=True, text=True).stdout

    text = (project / "requirements.txt").read_text("utf-8")
    assert f"deploy-access[constructs,sandbox]=={own}" in text


def test_it_is_audited(project: Path) -> None:
    """Nothing is found wrong with it."""
    found = make(project, "audit")

    assert found.returncode == 0, found.stdout + found.stderr


def test_its_workflows_are_made_again(project: Path) -> None:
    """`make workflows` writes what is there, and judges that are not ours find nothing in it."""
    folder = project / ".github/workflows"
    before = {path.name: path.read_text("utf-8") for path in folder.iterdir()}

    found = make(project, "workflows")

    assert found.returncode == 0, found.stdout + found.stderr
    assert {path.name: path.read_text("utf-8") for path in folder.iterdir()} == before
    texts = {f".github/workflows/{name}": text for name, text in before.items()}
    files = sorted(folder.iterdir())
    assert [*zizmor(*files), *languageservice(texts), *check_schema(*files)] == []


def test_help_lists_its_commands(project: Path) -> None:
    """`make` alone says what there is."""
    found = make(project, "help")

    goals = [line.split()[0] for line in found.stdout.splitlines()]
    assert goals == ["help", "setup", "synth", "test", "audit", "demo", "workflows"]


@pytest.mark.terraform
def test_it_is_deployed_in_the_sandbox(project: Path) -> None:
    """Real Terraform deploys it, its jobs run, and nothing is left."""
    found = make(project, "demo")

    assert found.returncode == 0, found.stdout + found.stderr
    assert "AWS holds what was synthesized" in found.stdout
