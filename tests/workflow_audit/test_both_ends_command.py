"""`deploy-access audit --workflows`, as it is typed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from deploy_access.cli import main

if TYPE_CHECKING:
    from click.testing import Result

PAGE = Path(__file__).parents[1] / "audit/page/both-ends"
ROLES, FLOWS = str(PAGE / "roles.json"), str(PAGE / ".github/workflows")
REPO = ["--repo", "acme/web", "--owner-id", "123456", "--repo-id", "456789"]


def audit(*words: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, ["audit", *words])


def test_json() -> None:
    """For machines, each job that signs in has its role, its runs and what it may do."""
    document = json.loads(audit(ROLES, "--workflows", FLOWS, *REPO, "--format", "json").stdout)

    assert document["summary"]["workflows"] == 1
    assert [(one["job"], one["roles"], one["may"]) for one in document["sign_ins"]] == [
        ("preview", ["web-build"], "ecr:PutImage"),
        ("deploy", ["web-deploy"], "ecs:UpdateService"),
    ]
    assert document["sign_ins"][1]["runs"] == [
        {"on": "push to main", "answer": "denied", "cause": "environment-in-policy"}
    ]


def test_sarif() -> None:
    """For code scanning, each finding is at its line of the workflow."""
    document = json.loads(audit(ROLES, "--workflows", FLOWS, *REPO, "--format", "sarif").stdout)
    lines = {
        (one["ruleId"], one["locations"][0]["physicalLocation"]["region"]["startLine"])
        for one in document["runs"][0]["results"]
    }

    assert {
        ("missing-environment", 32),
        ("session-length", 34),
        ("pull-request-code", 17),
    } <= lines


def test_markdown() -> None:
    """For a comment, the jobs are a table before that of the findings."""
    printed = audit(ROLES, "--workflows", FLOWS, *REPO, "--format", "markdown").stdout

    assert printed.index("### Jobs that sign in") < printed.index("| finding |")
    assert "| push to main: `denied[environment-in-policy]` | `ecs:UpdateService` |" in printed


def test_accepted() -> None:
    """What is found in a workflow is accepted by its rule."""
    words = ["--accept", "missing-environment=made next week"]
    found = audit(ROLES, "--workflows", FLOWS, *REPO, *words)

    assert "accepted[missing-environment]: job deploy\n" in found.stdout
    assert "error[missing-environment]" not in found.stdout


def test_a_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkout says its repository; without roles the jobs are checked by themselves."""
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/config").write_text('[remote "origin"]\n\turl = git@github.com:acme/web\n')
    (tmp_path / ".github/workflows").mkdir(parents=True)
    text = Path(FLOWS, "deploy.yml").read_text("utf-8").replace("id-token: write", "issues: write")
    (tmp_path / ".github/workflows/deploy.yml").write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)

    found = audit("--workflows", ".")

    assert "error[no-id-token]: job deploy\n" in found.stdout
    assert "--repo OWNER/NAME" not in found.stdout
    assert found.stdout.endswith("0 roles and 1 workflow read.\n")
    assert found.exit_code == 10


WRONG = [
    (["--repo", "acme/web"], "`--repo` is about the workflows of `--workflows`."),
    (["--var", "A=b"], "`--var` is about the workflows of `--workflows`."),
    (["--workflows", FLOWS, "--repo", "acme"], "A repository is named `owner/name`."),
    (["--workflows", FLOWS, *REPO[:4]], "Got"),
    (["--workflows", FLOWS, "--var", "A"], "Say what it is: A=VALUE."),
]


@pytest.mark.parametrize(("words", "expected"), WRONG)
def test_wrong_usage(words: list[str], expected: str) -> None:
    """An option that cannot be meant is refused."""
    found = audit(ROLES, *words)

    assert found.exit_code == 2
    assert expected in found.stderr
