"""Each `--help` ends with two examples, and each of them runs as it stands there."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cdktf_out import s3_backend, stack

from bench.review_estate import write_estate
from deploy_access.cli import COMMANDS
from deploy_access.commands.examples import EXAMPLES, GROUP

ROOT = Path(__file__).parents[2]
COMMAND = Path(sys.executable).with_name("deploy-access")
EXPORT = ROOT / "tests/audit/page/answers"
# An app that needs no Node: it copies what was synthesized before.
APP = "import os, shutil; shutil.copytree('synthesized', os.environ['CDKTF_OUTDIR'])"
HOST = "token.actions.githubusercontent.com"
EVENT: dict[str, Any] = {
    "eventTime": "2026-11-20T10:00:00Z",
    "eventID": "e-1",
    "eventName": "AssumeRoleWithWebIdentity",
    "errorCode": "AccessDenied",
    "userIdentity": {
        "type": "WebIdentityUser",
        "userName": "repo:acme/web:ref:refs/heads/main",
        "identityProvider": f"arn:aws:iam::111122223333:oidc-provider/{HOST}",
    },
    "requestParameters": {"roleArn": "arn:aws:iam::111122223333:role/web-deploy"},
}
PLAN: dict[str, Any] = {
    "format_version": "1.2",
    "terraform_version": "1.14.0",
    "planned_values": {"root_module": {}},
    "resource_changes": [],
    "configuration": {},
}


def write_stacks(folder: Path, version: int) -> Path:
    """Write stacks of services, and that of the account `prod`."""
    folder.mkdir(parents=True)
    write_estate(folder, 3, version=version)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    path = "stacks/account-prod/cdk.tf.json"
    role = "arn:aws:iam::444455556666:role/terraform"
    (folder / path).parent.mkdir(parents=True)
    account = stack(role_arn=role, backend=s3_backend("account-prod"))
    del account["provider"]["aws"][0]  # type: ignore[attr-defined,index]
    (folder / path).write_text(json.dumps(account), "utf-8")
    manifest["stacks"]["account-prod"] = {
        "name": "account-prod",
        "dependencies": [],
        "synthesizedStackPath": path,
        "workingDirectory": "stacks/account-prod",
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return folder


@pytest.fixture(name="project")
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write the files that the examples name, in a git repository with a branch."""
    project = tmp_path / "project"
    write_stacks(tmp_path / "base/cdktf.out", version=1)
    write_stacks(project / "synthesized", version=1)
    (project / "cdktf.json").write_text(json.dumps({"app": "python app.py"}), "utf-8")
    (project / "app.py").write_text(APP, "utf-8")
    (project / ".gitignore").write_text("cdktf.out\n", "utf-8")
    (project / "account").mkdir()
    for name in ("get-account-authorization-details.json",):
        shutil.copyfile(EXPORT / name, project / "account" / name)
    shutil.copytree(ROOT / "tests/report/page/after", project / "infra")
    shutil.copytree(ROOT / "tests/audit/page/both-ends/.github", project / ".github")
    shutil.copyfile(EXPORT / "get-role.json", project / "role.json")
    shutil.copyfile(ROOT / "environments.toml", project / "environments.toml")
    for name, content in {"events.json": {"Records": [EVENT]}, "plan.json": PLAN}.items():
        (project / name).write_text(json.dumps(content), "utf-8")
    flags = ("-c", "user.name=A", "-c", "user.email=a@example.com")
    for words in (("init", "-q", "-b", "main"), ("add", "."), ("commit", "-q", "-m", "x")):
        subprocess.run(("git", *flags, *words), check=True, cwd=project)
    shutil.rmtree(project / "synthesized")
    write_stacks(project / "synthesized", version=2)
    shutil.copytree(project / "synthesized", project / "cdktf.out")
    monkeypatch.chdir(project)
    return project


def shown(command: str) -> list[str]:
    """Return the examples at the end of a help, without what each does."""
    # Not in this process: a program of its own would take its place.
    words = [COMMAND, *([command] if command else []), "--help"]
    printed = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    _, _, last = printed.rpartition("\nExamples:\n")
    found = re.fullmatch(
        r"(?:  (deploy-access .+)\n    .+\n)(?:  (deploy-access .+)\n    .+\n)", last
    )
    assert found, printed
    return [*found.groups()]


def test_there_are_examples_of_each_command() -> None:
    """A command that is added needs its own, and none stays of one that is gone."""
    assert {*EXAMPLES} == {GROUP, *COMMANDS}


# Those of the sandbox need Terraform: tests/sandbox/test_sandbox_examples.py.
@pytest.mark.parametrize("command", [one for one in (GROUP, *COMMANDS) if one != "sandbox"])
def test_they_run(command: str, project: Path) -> None:
    """The two lines do what they say: they find something or nothing, and nothing fails."""
    lines = shown(command)
    assert all(len(line) < 78 for line in lines)
    for line in lines:
        path = os.pathsep.join([str(COMMAND.parent), os.environ["PATH"]])
        run = subprocess.run(
            ["bash", "-c", line],
            check=False,
            cwd=project,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
        )

        assert run.returncode in {0, 10}, (line, run.stderr)
        assert run.stdout + run.stderr or command in {"synth", "workflow"}, line


@pytest.mark.parametrize("command", [one for one in EXAMPLES if one != GROUP])
def test_they_are_of_their_command(command: str) -> None:
    """An example shows the command whose help it is in."""
    assert {one.line.split()[0] for one in EXAMPLES[command]} == {command}
