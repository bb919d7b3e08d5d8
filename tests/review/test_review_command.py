"""`deploy-access review`: what it compares, prints, writes and exits with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cdktf_out import PROD, stack, write_out
from click.testing import CliRunner, Result
from report_schemas import mistakes

from deploy_access.cli import main

HOST = "token.actions.githubusercontent.com"
MAIN = "repo:acme@1/web@2:ref:refs/heads/main"
TAG = "repo:acme@1/web@2:ref:refs/tags/v1"
WIDE = "repo:acme@1/web@2:*"
NOTHING = "No change in access, and nothing would be destroyed.\n"
WIDER = f"""\
1 role lets more in, and nothing would be destroyed.

Wider access
  Role deploy (account {PROD}, stack web)
    + may be assumed by {TAG} if aud is sts.amazonaws.com

Other resources
  Stack web
    ~ aws_iam_role deploy would be updated: assume_role_policy changes
"""


def role(*subjects: str) -> dict[str, Any]:
    """Write a role that lets subjects in."""
    operator = "StringLike" if any("*" in subject for subject in subjects) else "StringEquals"
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": f"arn:aws:iam::{PROD}:oidc-provider/{HOST}"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {f"{HOST}:aud": "sts.amazonaws.com"}},
    }
    conditions: Any = statement["Condition"]
    conditions.setdefault(operator, {})[f"{HOST}:sub"] = list(subjects)
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    return {"aws_iam_role": {"R": {"name": "deploy", "assume_role_policy": json.dumps(policy)}}}


COMMAND = {"command": "make"}
BUCKET = {"aws_s3_bucket": {"B": {"bucket": "acme-files"}}}
UNREAD = {"aws_iam_role": {"R": {"name": "deploy", "assume_role_policy": "${var.policy}"}}}
SIDES = {
    "main": role(MAIN),
    "tag": role(MAIN, TAG),
    "wide": role(WIDE),
    "bucket": {**role(MAIN), **BUCKET},
    "unread": UNREAD,
    "code": {**role(MAIN), "terraform_data": {"T": {"provisioner": {"local-exec": COMMAND}}}},
}


@pytest.fixture(autouse=True)
def _sides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run where there is a folder for each side."""
    monkeypatch.chdir(tmp_path)
    for name, resources in SIDES.items():
        write_out(tmp_path / name, {"web": {**stack(), "resource": resources}})


def run(*arguments: str) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(main, ["review", *arguments])


def test_text() -> None:
    """The text says whose access grew, and by what."""
    result = run("main", "tag")

    assert (result.exit_code, result.stderr, result.stdout) == (0, "", WIDER)


def test_nothing() -> None:
    """A side compared with itself is one line."""
    result = run("tag", "tag")

    assert (result.exit_code, result.stdout) == (0, NOTHING)


def test_markdown() -> None:
    """The Markdown begins with what a workflow looks for, and the sentence."""
    printed = run("main", "tag", "--format", "markdown").stdout

    assert printed.startswith(f"<!-- deploy-access review -->\n\n**{WIDER.splitlines()[0]}**\n")


def test_json() -> None:
    """The JSON is what the published schema says."""
    document = json.loads(run("main", "wide", "--format", "json").stdout)

    assert mistakes("review", document) == []
    assert document["summary"]["widened"] == 1


@pytest.mark.parametrize("resource", ["arn:", "arn:aws", "arn::s3:::a", "arn:aws:s3:*"])
def test_a_resource_that_is_no_arn(resource: str) -> None:
    """A resource of fewer parts than an ARN is shown as it is written."""
    allow = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": resource}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    resources = role(MAIN)
    resources["aws_iam_role"]["R"]["inline_policy"] = [{"name": "p", "policy": policy}]
    write_out(Path("short"), {"web": {**stack(), "resource": resources}})

    result = run("main", "short", "--fail-on", "widened")

    assert (result.exit_code, result.stderr) == (10, "")
    assert f"+ may use s3:GetObject (read) on {resource}" in result.stdout


def planned(*subjects: str) -> dict[str, Any]:
    """Write values of a plan: the role as it is then."""
    resource = {"address": "aws_iam_role.R", "mode": "managed", "type": "aws_iam_role", "name": "R"}
    values = {**role(*subjects)["aws_iam_role"]["R"], "arn": f"arn:aws:iam::{PROD}:role/deploy"}
    return {"root_module": {"resources": [{**resource, "values": values}]}}


@pytest.mark.parametrize("sides", [[], ["main", "tag"]], ids=["alone", "with both sides"])
def test_plan(sides: list[str]) -> None:
    """A plan says what is there before and after, alone or beside both sides."""
    before, after = planned(MAIN), planned(MAIN, TAG)
    resource = {k: v for k, v in before["root_module"]["resources"][0].items() if k != "values"}
    both = [side["root_module"]["resources"][0]["values"] for side in (before, after)]
    change = {"actions": ["update"], "before": both[0], "after": both[1]}
    plan = {
        "format_version": "1.2",
        "configuration": {"root_module": {"resources": [resource]}},
        "prior_state": {"format_version": "1.0", "values": before},
        "planned_values": after,
        "resource_changes": [{**resource, "change": change}],
    }
    Path("web.json").write_text(json.dumps(plan), "utf-8")

    printed = run(*sides, "--plan", "web.json", "--fail-on", "widened")

    assert printed.exit_code == 10, printed.stderr
    assert printed.stdout.splitlines()[0] == WIDER.splitlines()[0]


def test_none() -> None:
    """`none` is a side with nothing in it."""
    printed = run("none", "main").stdout

    assert printed.startswith("1 role is new, and nothing would be destroyed.\n")


def test_outputs() -> None:
    """One run prints one format, and writes as many others as there are files."""
    printed = run(
        "main", "tag", "--output", "a.md", "--output", "a.json", "--output", "a.txt"
    ).stdout

    assert printed == WIDER
    assert Path("a.md").read_text("utf-8") == run("main", "tag", "--format", "markdown").stdout
    assert Path("a.json").read_text("utf-8") == run("main", "tag", "--format", "json").stdout
    assert Path("a.txt").read_text("utf-8") == WIDER


@pytest.mark.parametrize(
    ("base", "head", "conditions", "code"),
    [
        pytest.param("main", "wide", [], 0, id="nothing asked for"),
        pytest.param("main", "tag", ["widened"], 10, id="wider"),
        pytest.param("tag", "main", ["widened"], 0, id="narrower"),
        pytest.param(
            "main", "tag", ["destroyed", "data", "findings", "unread"], 0, id="only wider"
        ),
        pytest.param("bucket", "main", ["destroyed"], 10, id="destroyed"),
        pytest.param("bucket", "main", ["data"], 10, id="data"),
        pytest.param("main", "bucket", ["destroyed", "data", "widened"], 0, id="created"),
        pytest.param("main", "wide", ["findings"], 10, id="finding"),
        pytest.param("wide", "main", ["findings"], 0, id="fixed"),
        pytest.param("main", "unread", ["unread"], 10, id="not read"),
        pytest.param("unread", "unread", ["unread"], 0, id="not read before either"),
        pytest.param("unread", "main", ["unread"], 0, id="read from now on"),
        pytest.param("none", "unread", ["unread"], 10, id="new and not read"),
        pytest.param("main", "code", ["notices"], 10, id="runs code"),
        pytest.param("main", "wide", ["notices"], 0, id="no notice"),
        pytest.param("main", "tag", ["data", "widened"], 10, id="one of two"),
    ],
)
def test_fail_on(base: str, head: str, conditions: list[str], code: int) -> None:
    """The exit code is 10 where one of the conditions holds that were asked for, and else 0."""
    options = [option for condition in conditions for option in ("--fail-on", condition)]

    assert run(base, head, *options).exit_code == code


def test_an_output_that_cannot_be_written() -> None:
    """A folder that is not there is told in our words."""
    result = run("main", "tag", "--output", "none/a.md")

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "fatal: The output cannot be written. Got 'none/a.md'. The file cannot be opened: "
        "No such file or directory. Name a file in a folder that is there and can be written to.\n"
    )


NO_SIDES = "Name a base and a head, `--git REVISION`, or `--plan FILE` alone."


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param([], NO_SIDES, id="nothing"),
        pytest.param(["main"], NO_SIDES, id="one"),
        pytest.param(["main", "tag", "wide"], "Name a base and a head", id="three"),
        pytest.param(["main", "tag", "--output", "a.pdf"], "`.md` (markdown)", id="ending"),
        pytest.param(["main", "tag", "--fail-on", "all"], "'all' is not one of", id="condition"),
    ],
)
def test_wrong_usage(arguments: list[str], words: str) -> None:
    """Wrong usage says what would be right."""
    result = run(*arguments)

    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr


def test_a_revision_of_git() -> None:
    """A branch is no side of a review, and the message says how to make one of it."""
    assert run("trunk", "tag").stderr == (
        "fatal: BASE and HEAD are folders of synthesized stacks, or files. Got 'trunk'. "
        "No file has this name, and a revision of git is no folder. "
        "`--git trunk` synthesizes that revision, and compares the working tree with it.\n"
    )


@pytest.mark.parametrize("arguments", [["main", "none-there"], ["main", "tag", "--plan", "p.json"]])
def test_missing(arguments: list[str]) -> None:
    """What is not there is one line, and no comparison."""
    result = run(*arguments, "--output", "a.md")

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("fatal: ")
    assert result.stderr.count("\n") == 1
    assert not Path("a.md").exists()


def test_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal the sentence and the titles are bold, and what is new and gone is coloured."""
    monkeypatch.setenv("FORCE_COLOR", "1")

    result = run("main", "tag")

    assert "\x1b[1m1 role lets more in, and nothing would be destroyed.\x1b[0m\n" in result.stdout
    assert "\x1b[33m    + may be assumed by" in result.stdout
    assert "\n  Role deploy" in result.stdout
