"""The explanation for programs is what its schema says, whatever is explained."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from explain_cases import (
    ACCOUNT,
    HOST,
    MAIN,
    ROLE,
    Json,
    conditioned,
    event,
    policy,
    role_answer,
    statement,
    trusting,
)
from report_schemas import mistakes, unseen

from deploy_access.cli import main

OTHER = "repo:acme/web:environment:prod"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/web-deploy/GitHubActions"
IMAGE = f"arn:aws:ecr:eu-central-1:{ACCOUNT}:repository/web"
REFUSED = f"User: {SESSION} is not authorized to perform: ecr:PutImage on resource:"
PINNED = {"StringEquals": {f"{HOST}:sub": MAIN, f"{HOST}:job_workflow_ref": ["a", "b"]}}


def role(number: int) -> Json:
    """Write one of many roles, which trusts a repository of its own."""
    trusted = trusting(f"repo:acme/other-{number}:ref:refs/heads/main")
    return role_answer(trusted, f"role-{number}")["Role"]


def signing_in(day: int, sub: str, **more: object) -> Json:
    """Write the event of a sign-in."""
    found = event(eventID=f"e-{day}", eventTime=f"2026-11-0{day}T10:00:00Z", errorCode=None)
    return {**found, "userIdentity": {**found["userIdentity"], "userName": sub}, **more}


FILES = {
    "role.json": role_answer(trusting(MAIN, "repo:acme/web:pull_request")),
    "pinned.json": role_answer(conditioned(PINNED)),
    "many.json": {"Roles": [role(number) for number in range(150)]},
    "half.json": policy(statement(), {"Effect": "Maybe"}),
    "event.json": event(),
    "events.json": {
        "Records": [
            signing_in(1, MAIN),
            signing_in(2, OTHER, errorCode="AccessDenied"),
            signing_in(3, f"{OTHER}-2", errorCode="AccessDenied"),
            signing_in(4, OTHER, errorCode="AccessDenied"),
        ]
    },
}
DENY = {"Effect": "Deny", "Action": "ecr:Put*", "Resource": "*"}
STACK = {
    "resource": {
        "aws_iam_role": {"R": {"name": "web-deploy", "assume_role_policy": '${file("t.json")}'}},
        "aws_iam_role_policy": {
            "P": {
                "name": "push",
                "role": "${aws_iam_role.R.name}",
                "policy": json.dumps(policy(DENY)),
            }
        },
    }
}
FILES["denying.tf.json"] = STACK
BY = f"arn:aws:organizations::{ACCOUNT}:policy/o-1/service_control_policy/p-1"
CALL = f"Error: {REFUSED} {IMAGE} with an explicit deny in an identity-based policy\n"
LOG = f"""Run aws-actions/configure-aws-credentials@v5
  with:
    role-to-assume: {ROLE}
Error: Could not assume role with OIDC: Not authorized to perform sts:AssumeRoleWithWebIdentity
Error: {REFUSED} {IMAGE} because no identity-based policy allows the ecr:PutImage action
Error: {REFUSED} {IMAGE} with an explicit deny in a service control policy: {BY}
Error: Credentials could not be loaded, please check your action inputs: Could not load \
credentials from any providers
"""
KINDS = {
    "a run": "--repo acme/web --branch main --policy role.json",
    "a run that is not let in": "--repo acme/web --environment prod --policy role.json",
    "with ids": "--repo acme/web --tag v1 --owner-id 1 --repo-id 2 --policy role.json",
    "a claim": "--repo acme/web --branch main --policy pinned.json",
    "many roles": "--repo acme/web --branch main --policy many.json",
    "an event": "--event event.json --policy role.json",
    "events": "--event events.json --policy role.json",
    "logs": "--event logs --policy role.json",
    "a statement that is none": "--repo acme/web --branch main --policy half.json",
    "a key twice": "--repo acme/web --branch main --policy twice.json",
    "a policy that is not known": "--repo acme/web --branch main --policy denying.tf.json",
    "a refused call": "--error calls.txt --policy denying.tf.json",
    "a log": "--error log.txt --repo acme/web --branch main --policy role.json",
}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in a folder with the files."""
    monkeypatch.chdir(tmp_path)
    for name, content in FILES.items():
        Path(name).write_text(json.dumps(content), "utf-8")
    Path("log.txt").write_text(LOG, "utf-8")
    Path("calls.txt").write_text(CALL, "utf-8")
    twice = json.dumps(trusting(MAIN)).replace('"Version"', '"Version": "x", "Version"')
    Path("twice.json").write_text(twice, "utf-8")
    Path("logs").mkdir()
    Path("logs/events.json").write_text(json.dumps(FILES["events.json"]), "utf-8")
    Path("logs/README").write_text("no log", "utf-8")


def printed(words: str) -> Any:
    """Return what the command prints for programs."""
    result = CliRunner().invoke(main, ["explain", *shlex.split(words), "--format", "json"])
    assert result.exit_code in {0, 10}, result.output
    return json.loads(result.stdout)


@pytest.mark.parametrize("words", KINDS.values(), ids=KINDS)
def test_schema(words: str) -> None:
    """Each way to say what ran gives a report of the schema."""
    assert mistakes("explain", printed(words)) == []


def test_every_part_is_seen() -> None:
    """Together they have every key of the schema, so that none of it is untried."""
    assert unseen("explain", map(printed, KINDS.values())) == []
