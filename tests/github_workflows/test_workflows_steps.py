"""The scripts in workflows and actions are run as GitHub runs them: by bash, with their `env`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from cdktf_out import s3_backend, stack, write_out
from workflow_files import ACTIONS, ROOT, Yaml, read, step, workflow

REVIEW = read(ACTIONS / "review" / "action.yml")
SYNTHESIZE = read(ACTIONS / "synthesize" / "action.yml")
MARKER = "<!-- deploy-access review -->"
WEB = stack(backend=s3_backend("web"))
API = stack(backend=s3_backend("api"))


def _run(found: Yaml, folder: Path, **given: str) -> subprocess.CompletedProcess[str]:
    """Run a step in *folder*, with a runner's files in it."""
    environment = {
        "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
        "HOME": str(folder),
        "RUNNER_TEMP": str(folder / "temp"),
        "GITHUB_ACTION_PATH": str(ACTIONS / "review"),
        "GITHUB_OUTPUT": str(folder / "outputs"),
        "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
    }
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", found["run"]],
        env=environment | given,
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def _program(path: Path, *lines: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(["#!/bin/bash", *lines, ""]), encoding="utf-8")
    path.chmod(0o755)


@pytest.fixture
def runner(tmp_path: Path) -> Path:
    """Make a runner on which the command is installed as the action installs it: click, no more."""
    (tmp_path / "packages").mkdir()
    (tmp_path / "packages" / "click").symlink_to(Path(click.__file__).parent)
    packages = f"sys.path.append({str(tmp_path / 'packages')!r})"
    _program(
        tmp_path / "temp" / "deploy-access" / "bin" / "python",
        '[ "$1 $2" = "-P -c" ] || exit 99',
        f'exec {sys.executable} -S -P -c "import sys; {packages}; $3" "${{@:4}}"',
    )
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fail_on", "code"),
    [("", 0), ("findings", 0), ("findings destroyed", 10)],
    ids=["nothing", "one", "several"],
)
def test_the_review_step_runs_the_command(runner: Path, fail_on: str, code: int) -> None:
    """It needs nothing but click, and hands on the exit code and the review."""
    base = write_out(runner / "base", {"web": _with_repository()})
    head = write_out(runner / "head", {"web": WEB})
    given = {"BASE": str(base), "HEAD": str(head), "FAIL_ON": fail_on}
    run = _run(step(REVIEW, "Review"), runner, PYTHONPATH=str(ROOT), **given)
    assert run.returncode == 0, run.stderr
    assert (runner / "outputs").read_text("utf-8") == f"exit-code={code}\n"
    assert (runner / "summary.md").read_text("utf-8").startswith(f"{MARKER}\n")


@pytest.mark.slow
def test_a_review_that_fails_does_not_stop_the_step(runner: Path) -> None:
    """The next step says it on the commit, so this one only hands on the exit code."""
    given = {"BASE": "no-such-folder", "HEAD": "none", "FAIL_ON": ""}
    run = _run(step(REVIEW, "Review"), runner, PYTHONPATH=str(ROOT), **given)
    assert (run.returncode, (runner / "outputs").read_text("utf-8")) == (0, "exit-code=1\n")
    assert "no-such-folder" in run.stderr


def test_the_code_of_the_workspace_is_not_the_command(runner: Path) -> None:
    """A package of the same name where the job runs is not imported."""
    (runner / "deploy_access").mkdir()
    (runner / "deploy_access" / "__init__.py").write_text("raise SystemExit(55)", "utf-8")
    given = {"BASE": "none", "HEAD": str(write_out(runner / "head", {"web": WEB})), "FAIL_ON": ""}
    _run(step(REVIEW, "Review"), runner, PYTHONPATH=str(ROOT), **given)
    assert (runner / "outputs").read_text("utf-8") == "exit-code=0\n"


def test_the_install_step_takes_one_package_by_its_hash(tmp_path: Path) -> None:
    """Only click is asked for, in the version and with the hashes of the lock file."""
    pip = tmp_path / "temp" / "deploy-access" / "bin" / "pip"
    _program(pip, 'echo "$@"', 'cat "${@: -1}"')
    _program(tmp_path / "bin" / "python3", "true")
    run = _run(step(REVIEW, "Install the command"), tmp_path)
    asked, *lines = run.stdout.splitlines()
    wanted = f"install --quiet --require-hashes --no-deps --requirement {tmp_path}/temp/click.lock"
    assert asked == wanted
    locked = (ROOT / "requirements.lock").read_text("utf-8").splitlines()
    place = next(number for number, line in enumerate(locked) if line.startswith("click=="))
    assert lines == locked[place : place + len(lines)]
    assert [line[:5] for line in lines] == ["click", *["    -"] * (len(lines) - 1)]
    assert locked[place + len(lines)][0] != " "


@pytest.mark.parametrize(
    ("command", "code", "made"),
    [
        pytest.param("mkdir out && cd out && echo 1 > a", 0, True, id="several"),
        pytest.param("false; mkdir out && echo 1 > out/a", 1, False, id="stops at an error"),
        pytest.param("false | true; mkdir out && echo 1 > out/a", 1, False, id="also in a pipe"),
    ],
)
def test_the_synthesize_step_runs_what_it_is_given(
    tmp_path: Path, command: str, code: int, *, made: bool
) -> None:
    """The command is read by bash, and the first error ends it."""
    run = _run(step(SYNTHESIZE, "Synthesize"), tmp_path, SYNTH_COMMAND=command)

    assert (run.returncode, (tmp_path / "out" / "a").exists()) == (code, made)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("base", "waves"),
    [
        pytest.param(None, [["api deploy", "web deploy"]], id="nothing-deployed"),
        pytest.param(
            {"web": WEB, "old": stack(backend=s3_backend("old"))},
            [
                ["api deploy"],
                ["old destroy"],
            ],
            id="changed-and-gone",
        ),
        pytest.param({"web": WEB, "api": API}, [], id="nothing-changed"),
    ],
)
def test_the_plan_step_writes_the_matrices(
    tmp_path: Path, base: dict[str, Yaml] | None, waves: list[list[str]]
) -> None:
    """The command's lines become outputs, and its review the summary of the run."""
    write_out(tmp_path / "synthesized" / "head", {"web": WEB, "api": API})
    if base is not None:
        write_out(tmp_path / "synthesized" / "base", base)
        (tmp_path / "base").mkdir()
    command = tmp_path / "head" / ".venv" / "bin" / "deploy-access"
    _program(command, f'exec {Path(sys.executable).parent}/deploy-access "$@"')
    run = _run(step(workflow("deploy.yml"), "Order the stacks that changed"), tmp_path)
    assert run.returncode == 0, run.stderr
    lines = (tmp_path / "outputs").read_text("utf-8").splitlines()
    outputs = dict(line.split("=", 1) for line in lines)
    wanted = [json.loads(outputs[f"wave_{number}"])["include"] for number in range(1, 7)]
    found = [[f"{entry['stack']} {entry['action']}" for entry in wave] for wave in wanted]
    assert found == [*waves, *[[]] * (6 - len(waves))]
    assert [outputs[f"has_wave_{number}"] for number in range(1, 7)] == [
        "true" if wave else "false" for wave in found
    ]
    assert MARKER in (tmp_path / "summary.md").read_text("utf-8")


@pytest.mark.parametrize("has_base", [False, True])
def test_only_what_is_reviewed_is_handed_over(tmp_path: Path, *, has_base: bool) -> None:
    """Both sides come from synthesis, without what lies in a folder besides."""
    sides = ["head", "base"] if has_base else ["head"]
    (tmp_path / "head" / ".github").mkdir(parents=True)
    (tmp_path / "head" / ".github" / "actions").symlink_to(ACTIONS)
    for side in sides:
        out = write_out(tmp_path / side / "cdktf.out", {"web": WEB})
        (out / "stacks" / "web" / "plan").write_text("x", "utf-8")
    _program(tmp_path / "bin" / "make", "true")
    _program(tmp_path / "bin" / "python3", f'exec {sys.executable} -S "$@"')

    run = _run(step(workflow("deploy.yml"), "Synthesize both"), tmp_path)

    assert run.returncode == 0, run.stderr
    found = tmp_path / "synthesized"
    assert {str(path.relative_to(found)) for path in found.rglob("*") if path.is_file()} == {
        f"{side}/{file}" for side in sides for file in ("manifest.json", "stacks/web/cdk.tf.json")
    }


HANDED_OVER = [
    "head/manifest.json",
    "base/stacks/web/cdk.tf.json",
    "head/stacks/web/.terraform.lock.hcl",
    "head/stacks/web/assets/Code/AB12/archive.zip",
]


def test_the_check_step_takes_what_was_reviewed(tmp_path: Path) -> None:
    """A manifest, stacks, lock files and assets are what a job of a stack gets."""
    for name in HANDED_OVER:
        (tmp_path / "synthesized" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "synthesized" / name).touch()

    run = _run(step(workflow("deploy-wave.yml"), "Check what was handed over"), tmp_path)

    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


@pytest.mark.parametrize(
    "name",
    [
        *("head/stacks/web/override.tf", "head/stacks/web/terraform.tfvars", "script.sh"),
        *("head/stacks/web/.terraform/environment", "head/cdk.tf.json", "head/assets/a"),
        "head/stacks/web/sub/cdk.tf.json",
    ],
)
def test_the_check_step_refuses_anything_else(tmp_path: Path, name: str) -> None:
    """A file that Terraform could load, and that no review has seen, ends the job by its name."""
    for one in [*HANDED_OVER, name]:
        (tmp_path / "synthesized" / one).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "synthesized" / one).touch()

    run = _run(step(workflow("deploy-wave.yml"), "Check what was handed over"), tmp_path)

    said = f"::error::The artifact has files that were not reviewed: {name}\n"
    assert (run.returncode, run.stdout) == (1, said)


@pytest.mark.parametrize(
    ("action", "side", "plan"),
    [
        ("deploy", "head", "plan -lock-timeout=5m -out=stack.tfplan"),
        ("destroy", "base", "plan -destroy -lock-timeout=5m -out=stack.tfplan"),
    ],
)
def test_the_apply_step_takes_the_side_that_is_meant(
    tmp_path: Path, action: str, side: str, plan: str
) -> None:
    """A deploy applies the head, a destroy takes away what the base says."""
    place = tmp_path / "synthesized" / side / "stacks" / "web"
    place.mkdir(parents=True)
    _program(tmp_path / "bin" / "terraform", 'echo "$PWD $*"')
    apply = step(workflow("deploy-wave.yml"), "Apply")
    run = _run(apply, tmp_path, ACTION=action, DIRECTORY="stacks/web")
    commands = ["init", plan, "apply -lock-timeout=5m stack.tfplan"]
    assert run.stdout.splitlines() == [f"{place} {command}" for command in commands], run.stderr


def test_the_apply_step_stops_at_the_first_error(tmp_path: Path) -> None:
    """A plan that fails is never applied."""
    (tmp_path / "synthesized" / "head" / "stacks" / "web").mkdir(parents=True)
    _program(tmp_path / "bin" / "terraform", 'echo "$1"', '[ "$1" != plan ]')
    apply = step(workflow("deploy-wave.yml"), "Apply")
    run = _run(apply, tmp_path, ACTION="deploy", DIRECTORY="stacks/web")
    assert (run.returncode, run.stdout.split()) == (1, ["init", "plan"])


def test_the_apply_step_knows_two_actions(tmp_path: Path) -> None:
    """Any other word deploys nothing."""
    _program(tmp_path / "bin" / "terraform", 'echo "$*"')
    apply = step(workflow("deploy-wave.yml"), "Apply")
    run = _run(apply, tmp_path, ACTION="replace", DIRECTORY="stacks/web")
    assert (run.returncode, run.stdout) == (1, "")


def _with_repository() -> Yaml:
    return WEB | {"resource": {"aws_ecr_repository": {"Image": {"name": "web"}}}}
