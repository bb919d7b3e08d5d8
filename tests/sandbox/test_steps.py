"""
The command `deploy-access sandbox`: steps, output and exit codes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sandbox_estates import NONPROD, Json, role, stack, write_out

from sandbox.cli import main
from sandbox.server.moto_server import find_server
from sandbox.server.working_folder import WorkingFolder

PROJECT = Path(__file__).parent.parent.parent

APP = """\
import os, pathlib, sys
out = pathlib.Path(os.environ.get("CDKTF_OUTDIR", "cdktf.out"))
(out / "stacks").mkdir(parents=True)
(out / "manifest.json").write_text('{"stacks": {}}')
print("said by", sys.argv[1])
sys.exit(int(sys.argv[2]))
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """
    Stand in an empty project.
    """
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    """
    Run the command in this process.
    """
    return CliRunner().invoke(main, arguments)


def start(*arguments: str) -> subprocess.CompletedProcess[str]:
    """
    Run the command in a process of its own.
    """
    return subprocess.run(
        [sys.executable, "-m", "sandbox", *arguments],
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        check=False,
    )


def deploy_role(name: str) -> Json:
    """
    Return the resource block of a role as `GithubDeployRole` leaves it.
    """
    found = role(name)
    mark = {"deploy_access": {"construct": "GithubDeployRole", "format": 1}}
    found["aws_iam_role"]["Role"]["//"] = mark
    return found


def write_app(project: Path, code: int) -> None:
    """
    Write a project whose app says something and ends with *code*.
    """
    (project / "app.py").write_text(APP)
    config = {"language": "python", "app": f"python app.py 'the app' {code}"}
    (project / "cdktf.json").write_text(json.dumps(config))


def test_missing_terraform(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Without Terraform the demo says so, shows who could assume what, and exits with 3.
    """
    out = write_out(project / "out", {"web": stack("web", resource=role("web-deploy"))})
    monkeypatch.setenv("TERRAFORM_BINARY_NAME", "terraform-of-nobody")

    result = run("--out", str(out))

    assert result.exit_code == 3
    assert result.stderr.startswith("There is no program 'terraform-of-nobody' on the PATH")
    assert result.stdout.splitlines() == [
        "stack  account       region        resources",
        "web    111122223333  eu-central-1  1        ",
        "role        account       subject                            match  and also             ",
        f"web-deploy  {NONPROD}  repo:acme/web:ref:refs/heads/main  exact  aud=sts.amazonaws.com",
    ]


def test_refused_stack(project: Path) -> None:
    """
    A refused stack is named, and the exit code is 1.
    """
    out = write_out(project / "out", {"web": stack("web", provider={"profile": "production"})})

    result = run("--out", str(out))

    assert result.exit_code == 1
    assert "The AWS provider of stack 'web' sets `profile`" in result.stderr
    assert not (project / ".sandbox").exists()


def test_nothing_to_verify(project: Path) -> None:
    """
    A step that needs an earlier one says which.
    """
    out = write_out(project / "out", {"web": stack("web")})

    result = run("verify", "--out", str(out))

    assert result.exit_code == 1
    assert "Run the step `apply` first" in result.stderr


def test_wrong_usage() -> None:
    """
    A step that does not exist is wrong usage, with exit code 2.
    """
    assert run("aply").exit_code == 2


def test_synth(project: Path) -> None:
    """
    The step `synth` runs the app of `cdktf.json` with this Python, and passes on what it says.
    """
    write_app(project, 0)

    result = run("synth")

    assert result.exit_code == 0
    assert result.stdout.startswith("said by the app\n")
    assert (project / "cdktf.out" / "manifest.json").exists()


def test_synth_into_another_folder(project: Path) -> None:
    """
    With `--out` the app writes there.
    """
    write_app(project, 0)

    run("synth", "--out", "elsewhere")

    assert (project / "elsewhere" / "manifest.json").exists()


def test_app_that_fails(project: Path) -> None:
    """
    An app that fails is quoted, and the exit code is 1.
    """
    write_app(project, 7)

    result = run("synth")

    assert result.exit_code == 1
    assert "ended with exit code 7" in result.stderr
    assert "said by the app" in result.stderr


@pytest.mark.terraform
def test_steps_one_by_one(project: Path) -> None:
    """
    `apply` leaves a sandbox that `verify` reads, `attempt` tries and `destroy` ends.
    """
    resource = deploy_role("web-deploy")
    out = write_out(project / "out", {"web": stack("web", resource=resource)})

    applied = start("apply", "--out", str(out))
    record = json.loads((project / ".sandbox" / "server.json").read_text())
    verified = start("verify", "--out", str(out))
    attempted = start("attempt", "--out", str(out))
    destroyed = start("destroy", "--out", str(out))

    assert (applied.returncode, applied.stderr) == (0, "")
    assert record["parent"] is None
    assert (verified.returncode, verified.stderr) == (0, "")
    assert "repo:acme/web:ref:refs/heads/main  exact" in verified.stdout
    assert (attempted.returncode, attempted.stderr) == (0, "")
    assert "another branch                   AssumeRoleWithWebIdentity" in attempted.stdout
    assert (destroyed.returncode, destroyed.stderr) == (0, "")
    assert not (project / ".sandbox").exists()


@pytest.mark.terraform
def test_a_role_that_keeps_its_own_run_out(project: Path) -> None:
    """
    A deploy role that denies whom it trusts is shown, and the exit code is 10.
    """
    resource = deploy_role("locked")
    body = resource["aws_iam_role"]["Role"]
    policy = json.loads(body["assume_role_policy"])
    policy["Statement"].append({**policy["Statement"][0], "Effect": "Deny"})
    body["assume_role_policy"] = json.dumps(policy)
    out = write_out(project / "out", {"web": stack("web", resource=resource)})

    result = start("--out", str(out))

    assert result.returncode == 10
    assert result.stderr.startswith("The deployed policies do not admit whom they should: 2 job(s)")
    assert (
        "UNEXPECTED  locked, check-web.yml / check: should be let through, was refused "
        "at sts:AssumeRoleWithWebIdentity: AccessDenied" in result.stdout
    )


@pytest.mark.terraform
def test_failed_stack(project: Path) -> None:
    """
    A failed stack is named with Terraform's words, the exit code is 1, and nothing keeps running.
    """
    out = write_out(project / "out", {"web": stack("web", resource=role("no/slash"))})

    result = start("apply", "--out", str(out))

    assert result.returncode == 1
    assert "apply failed for stack 'web'.\nError: invalid value for name" in result.stderr
    assert find_server(WorkingFolder(project / ".sandbox")) is None
