"""A project outside of this clone, made from the wheel alone: all that a team does with it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cdktf_cli import CDKTF, find_node, why_not
from clean_places import CleanPlace, make_place, outside_environment, requirement
from pythons import other_pythons
from with_terraform import give_up

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
TOOLS = ("pytest>=9", "syrupy>=5")
OTHERS = other_pythons()
TEST = "test_stack.py"
# Of a fast import on a busy machine; the stock one alone takes 13 seconds, and 1.4 GB.
SECONDS = 60


@pytest.fixture(name="place", scope="module")
def _place(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> CleanPlace:
    """Install the wheel with its constructs, and the tools of a test."""
    folder = tmp_path_factory.mktemp("place") / "place"
    return make_place(folder, requirement(wheel, "constructs"), *TOOLS)


@pytest.fixture(name="project", scope="module")
def _project(place: CleanPlace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the project, take its snapshot, and synthesize it."""
    folder = write_project(tmp_path_factory.mktemp("project"))
    taken = place.say("-m", "pytest", "-q", "--snapshot-update", TEST, cwd=folder)
    assert "1 snapshot generated" in taken
    return folder


def write_project(folder: Path) -> Path:
    """Copy the project into a folder."""
    for name in ("main.py", "web_stack.py"):
        shutil.copyfile(HERE / "other_project" / name, folder / name)
    # In this clone it has a name that pytest does not collect.
    shutil.copyfile(HERE / "other_project" / "snapshot_of_stack.py", folder / TEST)
    return folder


def synthesize(place: CleanPlace, project: Path, out: Path) -> str:
    """Run the app, which has nothing to say, and return its stack."""
    run = place.run("main.py", cwd=project, CDKTF_OUTDIR=str(out))
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    return (out / "stacks/web-prod/cdk.tf.json").read_text("utf-8")


def changed(project: Path, folder: Path) -> Path:
    """Copy the project, with a branch that may deploy, too."""
    copy = shutil.copytree(project, folder)
    source = copy / "web_stack.py"
    text = source.read_text("utf-8")
    wider = text.replace(
        '[WEB.environment("prod")]', '[WEB.environment("prod"), WEB.branch("main")]'
    )
    assert wider != text
    source.write_text(wider, "utf-8")
    return copy


def test_it_synthesizes(place: CleanPlace, project: Path, tmp_path: Path) -> None:
    """Resources of the project's own stand beside those of the constructs."""
    stack: dict[str, Any] = json.loads(synthesize(place, project, tmp_path / "out"))

    made = set(stack["resource"])
    assert {"aws_ecs_service", "aws_lambda_function", "aws_s3_bucket"} <= made
    assert {"aws_ecr_repository", "aws_iam_openid_connect_provider"} <= made
    assert "web-prod-deploy" in {one["name"] for one in stack["resource"]["aws_iam_role"].values()}


def test_the_command_line(place: CleanPlace, project: Path, tmp_path: Path) -> None:
    """`cdktf synth` writes the same stack as the app alone."""
    reason = why_not()
    if reason:
        give_up(reason)
    own = shutil.copytree(project, tmp_path / "own")
    (own / "cdktf.json").write_text('{"language": "python", "app": "python main.py"}', "utf-8")
    node = find_node()
    assert node is not None
    run = subprocess.run(
        [CDKTF, "synth", "--output", "cdktf.out"],
        check=False,
        capture_output=True,
        text=True,
        cwd=own,
        env={**outside_environment(place.programs, node.parent), "CI": "1"},
    )

    assert run.returncode == 0, run.stdout + run.stderr
    written = (own / "cdktf.out/stacks/web-prod/cdk.tf.json").read_text("utf-8")
    assert written == synthesize(place, own, tmp_path / "out")


def test_only_what_is_used_is_loaded(place: CleanPlace, project: Path) -> None:
    """The documented import is the fast one: of 2,212 modules of the bindings a few are loaded."""
    code = "import sys, web_stack; print(sum(m.startswith(NAME) for m in sys.modules))"

    said = place.say("-c", f"NAME = 'cdktf_cdktf_provider_aws.'; {code}", cwd=project)
    assert int(said) < 100


def test_github_is_an_extra_of_its_own(place: CleanPlace, project: Path) -> None:
    """Without the bindings of GitHub's provider its constructs say what to install."""
    found = place.run("-c", "import constructs_lib.github", cwd=project)

    last = found.stderr.splitlines()[-1]
    assert last.startswith("deploy_access.errors.MissingExtra: The extra `github` of deploy-access")
    assert last.endswith('Install it: pip install "deploy-access[github]"')


def test_types_are_strict(place: CleanPlace, project: Path) -> None:
    """A strict type checker finds nothing, within seconds."""
    settings = {"typeCheckingMode": "strict", "include": ["main.py", "web_stack.py"]}
    (project / "pyrightconfig.json").write_text(json.dumps(settings), "utf-8")
    checker = Path(sys.executable).with_name("basedpyright")
    found = subprocess.run(
        [checker, "--pythonpath", place.programs / "python"],
        check=False,
        capture_output=True,
        text=True,
        cwd=project,
        env=outside_environment(),
        timeout=SECONDS,
    )

    assert found.returncode == 0, found.stdout


def test_the_snapshot_holds(place: CleanPlace, project: Path, tmp_path: Path) -> None:
    """The test passes as long as nothing changes, and names what does."""
    command = ("-m", "pytest", "-vv", TEST)

    assert "1 passed" in place.say(*command, cwd=project)
    found = place.run(*command, cwd=changed(project, tmp_path / "changed"))
    assert (found.returncode, "ref:refs/heads/main" in found.stdout) == (1, True)


def test_a_change_is_reviewed(place: CleanPlace, project: Path, tmp_path: Path) -> None:
    """The review says who may deploy from now on."""
    synthesize(place, project, tmp_path / "base")
    synthesize(place, changed(project, tmp_path / "changed"), tmp_path / "head")

    said = place.say("review", "base", "head", cwd=tmp_path, program="deploy-access")
    assert "repo:acme@123456/web@456789:ref:refs/heads/main" in said


def test_it_is_audited(place: CleanPlace, project: Path, tmp_path: Path) -> None:
    """The audit reads it, and finds nothing wrong."""
    synthesize(place, project, tmp_path / "cdktf.out")

    said = place.say("audit", cwd=tmp_path, program="deploy-access")
    assert "0 errors, 0 warnings" in said


@pytest.mark.parametrize("version", OTHERS)
def test_other_pythons(
    version: str, wheel: Path, place: CleanPlace, project: Path, tmp_path: Path
) -> None:
    """Another Python synthesizes the same bytes, and finds the snapshot true."""
    other = make_place(
        tmp_path / "place", requirement(wheel, "constructs"), *TOOLS, python=OTHERS[version]
    )

    assert other.say("-c", "import sys; print(sys.version)", cwd=tmp_path).startswith(version)
    here = synthesize(place, project, tmp_path / "here")
    assert synthesize(other, project, tmp_path / "there") == here
    assert "1 passed" in other.say("-m", "pytest", "-q", TEST, cwd=project)
