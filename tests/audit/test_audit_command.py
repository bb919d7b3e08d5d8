"""`deploy-access audit`: what it reads, prints and exits with."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from audit_policies import HOST, Json, conditions, estate, trust
from click.testing import CliRunner, Result

from deploy_access.cli import main

WIDE = trust(StringEquals=conditions(sub=None), StringLike={f"{HOST}:sub": "repo:acme@1/web@2:*"})
NOTED = trust(StringEquals=conditions(sub="repo:acme/web:ref:refs/heads/main"))


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str, given: bytes | None = None) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(main, ["audit", *arguments], input=given)


def audit(policy: Json, *arguments: str) -> Result:
    """Audit a policy by itself."""
    Path("trust.json").write_text(json.dumps(policy), "utf-8")
    return run("trust.json", *arguments)


def test_text() -> None:
    """A finding is shown as a compiler shows one, with the value underlined."""
    result = audit(WIDE)

    assert (result.exit_code, result.stderr) == (10, "")
    assert result.stdout == (
        "error[repo-wide]: policy trust\n"
        "  --> trust.json, Statement[0].Condition.StringLike\n"
        "   |\n"
        f'   | {HOST}:sub: "repo:acme@1/web@2:*"\n'
        "   |                                          ^^^^^^^^^^^^^^^^^^^^^\n"
        "   = why: Every branch, every pull request and every environment of the repository "
        "matches.\n"
        '   = help: Trust what deploys: `.environment("prod")`, `.branch("main")` or a tag.\n'
        "\n"
        "1 error, 0 warnings, 0 notes, 0 accepted; 1 policy read.\n"
    )


def test_confidence() -> None:
    """What is not sure says so."""
    policy = trust(StringEquals=conditions(sub=None, actor="me"))

    assert "   = confidence: medium\n" in audit(policy).stdout


def test_nothing_found() -> None:
    """Without findings there is one line, and the exit code is 0."""
    result = audit(trust())

    assert result.exit_code == 0
    assert result.stdout == "0 errors, 0 warnings, 0 notes, 0 accepted; 1 policy read.\n"


@pytest.mark.parametrize(
    ("policy", "fail_on", "code"),
    [
        pytest.param(WIDE, "error", 10, id="error"),
        pytest.param(trust(StringEquals=conditions(aud=None)), "error", 0, id="only a warning"),
        pytest.param(trust(StringEquals=conditions(aud=None)), "warning", 10, id="warning"),
        pytest.param(NOTED, "warning", 0, id="only a note"),
        pytest.param(NOTED, "note", 10, id="note"),
    ],
)
def test_fail_on(policy: Json, fail_on: str, code: int) -> None:
    """The exit code is 10 from the severity on that is said."""
    assert audit(policy, "--fail-on", fail_on).exit_code == code


def test_accept() -> None:
    """What is accepted is printed with its reason, and fails nothing."""
    result = audit(WIDE, "--accept", "repo-wide=pilot until 2027-01")

    assert result.exit_code == 0
    assert "accepted[repo-wide]: policy trust\n" in result.stdout
    assert "   = reason: pilot until 2027-01\n" in result.stdout


HIDES = "What is accepted without need hides what comes tomorrow."


ENDING = {"repo-wide": {"reason": "pilot", "until": "2027-01-31"}}


def ending(*arguments: str, accept: Json = ENDING) -> Result:
    """Audit a role that accepts until a day."""
    role = {
        "name": "web",
        "assume_role_policy": json.dumps(WIDE),
        "//": {"deploy_access": {"format": 1, "accept": accept}},
    }
    body = {"resource": {"aws_iam_role": {"Web": role}}}
    Path("web.tf.json").write_text(json.dumps(body), "utf-8")
    return run("web.tf.json", *arguments)


def test_accepted_until_a_day() -> None:
    """On the last day it is accepted, and the day is shown."""
    result = ending("--today", "2027-01-31")

    assert result.exit_code == 0
    assert "   = reason: until 2027-01-31: pilot\n" in result.stdout


@pytest.mark.parametrize("form", ["text", "markdown", "json", "sarif"])
def test_an_acceptance_that_has_run_out(form: str) -> None:
    """From the next day on it is a finding of its own level, with the reason, in every format."""
    result = ending("--today", "2027-02-01", "--format", form)

    assert result.exit_code == 10
    assert "unused-acceptance" not in (result.stdout if form != "sarif" else "")
    if form == "json":
        (placed,) = json.loads(result.stdout)["findings"]
        assert (placed["rule"], placed["severity"]) == ("repo-wide", "error")
        assert placed["ended"] == {"reason": "pilot", "until": "2027-01-31"}
    else:
        assert "accepted until 2027-01-31, which is over: pilot" in result.stdout


def test_the_clock_decides_without_a_day() -> None:
    """Without `--today` a day long gone is over, and one far away is not."""
    long_gone = {"repo-wide": {"reason": "pilot", "until": "2001-01-01"}}
    far_away = {"repo-wide": {"reason": "pilot", "until": "9999-12-31"}}

    assert ending(accept=long_gone).exit_code == 10
    assert ending(accept=far_away).exit_code == 0


def test_the_command_line_accepts_what_has_run_out() -> None:
    """An acceptance for everything counts where the role's own is over."""
    result = ending("--today", "2027-02-01", "--accept", "repo-wide=one more week")

    assert (result.exit_code, "   = reason: one more week\n" in result.stdout) == (0, True)


def test_a_baseline_prolongs_no_acceptance() -> None:
    """What was to end has ended, whatever a baseline holds."""
    written = ("--baseline", "b.json", "--write-baseline")

    assert ending(*written, accept={}).exit_code == 0
    assert ending(*written[:2], "--today", "2027-02-01").exit_code == 10
    assert ending(*written, "--today", "2027-02-01").exit_code == 10


def test_a_damaged_day_accepts_nothing() -> None:
    """A day that is none is told, with what was written."""
    result = ending(accept={"repo-wide": {"reason": "pilot", "until": "2027-02-30"}})

    assert "error[repo-wide]" in result.stdout
    assert "'repo-wide' is accepted with '2027-02-30'" in result.stdout
    assert "The calendar has no such day, so nothing is accepted by it." in result.stdout


def test_an_unused_acceptance() -> None:
    """What is accepted for nothing is a finding of its own."""
    result = audit(trust(), "--accept", "no-aud=old provider")

    assert result.exit_code == 10
    assert "warning[unused-acceptance]: option --accept\n" in result.stdout


def test_accepted_in_metadata() -> None:
    """A role accepts for itself; one rule too many is found, and one that is none."""
    found = estate(trusting=WIDE, accept={"repo-wide": "pilot", "no-aud": "old", "zzz": "x"})

    assert [(p.finding.rule, p.accepted) for p in found.accepted] == [("repo-wide", "pilot")]
    assert sorted(p.finding.evidence for p in found.findings) == ["no-aud", "zzz"]


@pytest.mark.parametrize(
    ("accept", "why"),
    [
        ({"no-aud": "old"}, f"Nothing is found by this rule. {HIDES}"),
        ({"zzz": "x"}, f"There is no rule of this name. {HIDES}"),
        ({"repo-wide": " "}, "It has no reason, so nothing is accepted by it."),
        ({"unused-acceptance": "x"}, "This rule is accepted on the command line alone."),
    ],
)
def test_why_an_acceptance_is_unused(accept: dict[str, str], why: str) -> None:
    """What is said of it is true."""
    found = [p.finding for p in estate(trusting=WIDE, accept=accept).findings]

    assert [f.why for f in found if f.rule == "unused-acceptance"] == [why]


def test_an_acceptance_that_other_stacks_may_need() -> None:
    """What a role may write can stand in a stack that was not read: that is a note only."""
    found = estate(accept={"pull-request-write": "only comments"})

    assert [(p.finding.rule, p.finding.severity) for p in found.findings] == [
        ("unused-acceptance", "note")
    ]


def test_accepted_without_a_reason() -> None:
    """An empty reason accepts nothing."""
    found = estate(trusting=WIDE, accept={"repo-wide": " "})

    assert [p.finding.rule for p in found.findings] == ["repo-wide", "unused-acceptance"]


def test_accepted_for_everything() -> None:
    """What is accepted in the metadata comes first, then what is accepted for everything."""
    both = {"repo-wide": "for all"}

    found = estate(trusting=WIDE, accept={"repo-wide": "pilot"}, accepting=both)

    assert [(p.finding.rule, p.accepted) for p in found.accepted] == [("repo-wide", "pilot")]
    assert [p.finding.evidence for p in found.findings] == ["repo-wide"]


def test_standard_input() -> None:
    """`-` reads what another program prints."""
    result = run("-", given=json.dumps(WIDE).encode())

    assert (result.exit_code, "--> stdin, Statement[0]" in result.stdout) == (10, True)


def test_policy() -> None:
    """`--policy` names a file as it does for `explain`."""
    Path("trust.json").write_text(json.dumps(WIDE), "utf-8")

    assert run("--policy", "trust.json").stdout == run("trust.json").stdout


def test_no_output_is_fatal() -> None:
    """Without a path `cdktf.out` is read, and without that the tool fails in one line."""
    result = run()

    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert result.stderr.startswith("fatal: There is nothing to read. Got 'cdktf.out")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--accept", "repo-wid=x"),
        ("--accept", "repo-wide"),
        ("--accept", "repo-wide= "),
        ("--fail-on", "bad"),
        ("--today", "2027-02-30"),
        ("--today", "tomorrow"),
        ("--format", "pdf"),
        ("-", "trust.json"),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...]) -> None:
    """Wrong usage has an exit code of its own."""
    result = run(*arguments)

    assert (result.exit_code, result.stdout) == (2, "")


def test_what_is_not_read_is_shown() -> None:
    """What only Terraform knows is named, in every format."""
    body = {"resource": {"aws_iam_role": {"W": {"name": "${var.x}", "assume_role_policy": "${x}"}}}}
    Path("web.tf.json").write_text(json.dumps(body), "utf-8")

    for form in ("text", "markdown", "json", "sarif"):
        assert "only known to Terraform" in run("web.tf.json", "--format", form).stdout


def test_json() -> None:
    """For machines nothing is cut off."""
    document: Json = json.loads(audit(WIDE, "--format", "json").stdout)

    assert document["summary"] == {
        "errors": 1,
        "warnings": 0,
        "notes": 0,
        "accepted": 0,
        "roles": 0,
        "policies": 1,
        "workflows": 0,
        "unread": 0,
        "known": 0,
        "gone": 0,
    }
    assert document["findings"][0]["evidence"] == "repo:acme@1/web@2:*"


def test_markdown() -> None:
    """For a comment the worst comes first, and no text of a policy is markup."""
    policy = trust(StringEquals=conditions(sub=["a|b`<b>", "repo:a@1/b@2:*"], aud=None))
    printed = audit(policy, "--format", "markdown").stdout

    rows = [line for line in printed.splitlines() if line.startswith("| ")]
    assert "| error `bad-ref` |" in rows[2]
    assert "``a\\|b`<b>``" in rows[2]
    assert rows[-1].startswith("| warning `no-aud` |")


def test_markdown_of_nothing() -> None:
    """A clean audit says so."""
    assert "No findings.\n" in audit(trust(), "--format", "markdown").stdout


def test_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal gets colours, and only at the head of a finding."""
    Path("trust.json").write_text(json.dumps(WIDE), "utf-8")
    monkeypatch.setenv("FORCE_COLOR", "1")

    result = CliRunner().invoke(main, ["audit", "trust.json"])

    assert result.stdout.startswith("\x1b[31m\x1b[1merror[repo-wide]\x1b[0m: policy trust\n")


def test_control_characters() -> None:
    """A policy cannot write to the terminal."""
    policy = trust(StringEquals=conditions(sub="repo:\x1b[2Ja/b:\u2028x\nerror[x]"))

    printed = audit(policy).stdout

    assert "\x1b" not in printed
    assert not any(line.startswith("error[x]") for line in printed.splitlines())


def test_the_command_is_light() -> None:
    """It loads neither CDKTF nor anything for colours."""
    code = "import sys, deploy_access.commands.audit; print(*sys.modules)"
    run_: Any = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)

    loaded = {name.partition(".")[0] for name in run_.stdout.decode().split()}
    assert loaded & {"cdktf", "jsii", "rich", "pydantic", "boto3"} == set()
