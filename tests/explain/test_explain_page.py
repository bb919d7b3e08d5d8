"""The page of `explain` shows what the command prints, and has every cause."""

from __future__ import annotations

import gzip
import json
import re
import shlex
from pathlib import Path

import pytest

from stacks.stack_builder import build_stacks  # isort: skip - before cdktf: it makes Node start fast
from cdktf import App
from click.testing import CliRunner
from explain_cases import (
    ACCOUNT,
    AUDIENCE,
    HOST,
    MAIN,
    PROVIDER,
    ROLE,
    conditioned,
    event,
    policy,
    role_answer,
    statement,
)

from deploy_access.cli import main
from deploy_access.explain.causes import CAUSES
from stacks.environments_file import load_estate
from stacks.synthesis import synthesize

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/explain.md").read_text("utf-8")
BLOCKS = re.findall(r"```console\n\$ deploy-access (.*?[^\\])\n(.*?)```", PAGE, re.DOTALL)

TWO_HOURS = {"roleArn": ROLE, "roleSessionName": "GitHubActions", "durationSeconds": 7200}
PINNED = {
    "StringEquals": {
        **AUDIENCE,
        f"{HOST}:sub": MAIN,
        f"{HOST}:job_workflow_ref": "acme/ci/.github/workflows/deploy.yml@refs/heads/main",
    },
    "IpAddress": {"aws:SourceIp": "192.0.2.0/24"},
}
CHAINED = {
    "Effect": "Allow",
    "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/web-deploy"},
    "Action": ["sts:AssumeRole", "sts:TagSession"],
    "Condition": {"StringEquals": {"sts:ExternalId": "acme-web"}},
}
FILES = {
    "event.json": event(requestParameters=TWO_HOURS),
    "role.json": role_answer(policy(statement()), MaxSessionDuration=3600),
    "pinned.json": role_answer(conditioned(PINNED)),
    "chained.json": role_answer(policy(CHAINED), "web-release"),
}


RUNS = [
    *((f"2026-11-{day}T09:12:00Z", MAIN, None) for day in (18, 19, 20)),
    *(
        (f"2026-11-{day}T14:40:05Z", "repo:acme/web:ref:refs/heads/hotfix", "AccessDenied")
        for day in (19, 20)
    ),
    ("2026-11-20T16:02:31Z", "repo:acme/web:ref:refs/heads/fix-login", "AccessDenied"),
    ("2026-11-21T08:30:00Z", "repo:acme/web:environment:prod", "AccessDenied"),
]
LOGS = "logs/AWSLogs/111122223333/CloudTrail/eu-central-1/2026/11"


def save_logs() -> None:
    """Write a bucket of CloudTrail, with a log for each day."""
    for number, (time, subject, error) in enumerate(RUNS):
        identity = {
            "type": "WebIdentityUser",
            "principalId": f"{PROVIDER}:sts.amazonaws.com:{subject}",
            "userName": subject,
            "identityProvider": PROVIDER,
        }
        seen = event(eventTime=time, eventID=f"e-{number}", userIdentity=identity, errorCode=error)
        path = Path(LOGS, time[8:10], f"{number}.json.gz")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(json.dumps({"Records": [seen]}).encode()))
    Path("logs/AWSLogs/111122223333/CloudTrail-Digest").mkdir()
    Path("logs/AWSLogs/111122223333/CloudTrail-Digest/1.json.gz").touch()


def printed(command: str) -> str:
    """Run what stands behind the prompt."""
    return CliRunner().invoke(main, shlex.split(command.replace("\\\n", ""))).stdout


def test_the_example(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first block is the event of the first example."""
    monkeypatch.chdir(ROOT)
    command, shown = BLOCKS[0]

    assert shown == printed(command)


@pytest.fixture(name="estate", scope="module")
def _estate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tmp_path = tmp_path_factory.mktemp("estate")
    estate = load_estate(ROOT / "environments.toml")
    app = App(outdir=str(tmp_path / "cdktf.out"))
    build_stacks(app, estate)
    synthesize(app, estate.file, locks=tmp_path / "locks")
    return tmp_path


@pytest.mark.parametrize("number", [1, 2])
def test_the_estate(number: int, estate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second and the third block are about the example estate."""
    monkeypatch.chdir(estate)
    command, shown = BLOCKS[number]

    assert shown == printed(command)


@pytest.mark.parametrize("number", range(3, len(BLOCKS)))
def test_other_answers(number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other blocks are about these files."""
    monkeypatch.chdir(tmp_path)
    for name, content in FILES.items():
        Path(name).write_text(json.dumps(content), "utf-8")
    save_logs()
    command, shown = BLOCKS[number]
    if "tests/" in command:  # of files that lie beside the tests
        monkeypatch.chdir(ROOT)

    assert shown == printed(command)


def test_every_cause_is_on_the_page() -> None:
    """The table has each cause once."""
    rows = re.findall(
        r"^\| ((?:`[a-z-]+`(?:, )?)+) \|", PAGE.split("## The causes")[1], re.MULTILINE
    )

    assert sorted(re.findall(r"`([a-z-]+)`", " ".join(rows))) == sorted(CAUSES)
