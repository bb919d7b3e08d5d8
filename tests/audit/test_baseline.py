"""A baseline: what it knows, what is new, what is gone, and how it is told."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from audit_policies import HOST, Json, allow, conditions, estate, trust
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from report_schemas import mistakes, unseen

from deploy_access.audit.baseline import compare_with, known_findings
from deploy_access.audit.baseline_file import parse_baseline, render_baseline
from deploy_access.cli import main
from deploy_access.errors import InvalidValue

if TYPE_CHECKING:
    from deploy_access.audit.report_model import Audit, PlacedFinding

HOLE = "repo:acme@1/web@2:*"
# Statements of which each has findings of its own, or none.
ALLOWED: list[Json] = [
    {"Action": "ecs:DescribeTasks", "Resource": "*"},
    {"Action": ["ecs:UpdateService", "ecs:StopTask"], "Resource": "*"},
    {"Action": "iam:PassRole", "Resource": "*"},
    {"Action": "s3:*", "Resource": ["arn:aws:s3:::a", "arn:aws:s3:::b/*"]},
    {"Action": "s3:GetObject", "Resource": "arn:aws:s3:::a/*"},
    {"NotAction": "iam:*", "Resource": "*"},
    {"Action": "ssm:SendCommand", "Resource": "*"},
]
TRUSTED: list[Json] = [
    conditions(),
    conditions(aud=None),
    conditions(sub=["repo:acme@1/web@2:env:prod", "repo:acme/web:ref:refs/heads/main"]),
    conditions(actor="me"),
    conditions(sub="repo:acme@1/web@2:environment:*"),
]
SEVERAL = st.lists(st.sampled_from(ALLOWED), max_size=5)
TRUSTS = st.lists(st.sampled_from(TRUSTED), min_size=1, max_size=3)


def audited(allowed: list[Json], trusted: list[Json]) -> Audit:
    """Audit a role that has these statements."""
    trusting = [trust(StringEquals=one)["Statement"][0] for one in trusted]
    return estate(
        trusting={"Version": "2012-10-17", "Statement": trusting},
        allowing={
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", **one} for one in allowed],
        },
    )


def against(audit: Audit, before: Audit) -> Audit:
    """Compare an audit with the baseline of another one, which was a file in between."""
    written = render_baseline(known_findings(before))
    document: Any = json.loads(written)
    assert mistakes("baseline", document) == []
    return compare_with(audit, parse_baseline(written.encode(), "b.json"), "b.json")


def key(placed: PlacedFinding) -> tuple[str, str]:
    """Return what tells findings of one role apart here."""
    return placed.finding.rule, placed.finding.evidence


@given(SEVERAL, TRUSTS, st.randoms())
def test_what_was_found_before_is_known(
    allowed: list[Json], trusted: list[Json], random: Any
) -> None:
    """A baseline that is written and read again leaves nothing new, in any order of statements."""
    before = audited(allowed, trusted)
    shuffled = audited(random.sample(allowed, len(allowed)), random.sample(trusted, len(trusted)))

    for now in (before, shuffled):
        found = against(now, before)

        assert (found.findings, found.gone) == ((), ())
        assert found.known == now.findings


@given(SEVERAL, st.sampled_from(ALLOWED), TRUSTS)
def test_whatever_is_found_more_is_new(
    allowed: list[Json], more: Json, trusted: list[Json]
) -> None:
    """As many findings are new as there are more than before, and the reverse is gone."""
    before, now = audited(allowed, trusted), audited([*allowed, more], trusted)

    found, back = against(now, before), against(before, now)

    added = sorted(map(key, now.findings))
    for placed in before.findings:
        if key(placed) in added:
            added.remove(key(placed))
    assert [one for one in added if one not in map(key, found.findings)] == []
    assert len(found.known) + len(found.findings) == len(now.findings)
    assert sorted((one.rule, one.evidence) for one in back.gone) == sorted(map(key, found.findings))


@pytest.mark.parametrize(
    ("before", "now"),
    [
        pytest.param(
            {"allowing": allow("ecs:StopTask")},
            {"allowing": allow(["ecs:StopTask", "ecs:UpdateService"])},
            id="an action more on the same resource",
        ),
        pytest.param(
            {"trusting": trust(StringEquals=conditions(sub="repo:acme@1/web@2:env:prod"))},
            {"trusting": trust(StringEquals=conditions(sub="repo:acme@1/api@3:env:prod"))},
            id="another value with the same mistake",
        ),
        pytest.param(
            {"trusting": trust(StringEquals={**conditions(), f"{HOST}:subb": "x"})},
            {"trusting": trust(StringEquals={**conditions(), f"{HOST}:subb": "y"})},
            id="another value of a wrong key",
        ),
        pytest.param(
            {"trusting": trust(StringLike=conditions(sub=HOLE))},
            {"trusting": trust(StringNotLike=conditions(sub=HOLE))},
            id="another operator",
        ),
        pytest.param(
            {"attached": ("arn:aws:iam::aws:policy/AmazonS3FullAccess",)},
            {"attached": ("arn:aws:iam::aws:policy/AmazonEC2FullAccess",)},
            id="another policy",
        ),
        pytest.param(
            {"allowing": allow("s3:*"), "accept": {"service-wildcard": "x", "resource-star": "x"}},
            {"allowing": allow("s3:*")},
            id="no longer accepted",
        ),
    ],
)
def test_what_became_worse_is_new(before: Json, now: Json) -> None:
    """A value that changed is a new finding."""
    was, found = estate(**before), estate(**now)

    assert against(found, was).findings != ()
    assert against(found, found).findings == ()


def test_a_worse_severity_is_new() -> None:
    """A finding that was a warning and is an error is another one."""
    was = estate(trusting=trust(StringEquals=conditions(aud=None)))
    (placed,) = was.findings
    worse = replace(placed, finding=replace(placed.finding, severity="error"))

    assert against(replace(was, findings=(worse,)), was).findings == (worse,)


def test_what_is_not_checked_is_never_known() -> None:
    """`too-many` stands for findings that nobody has seen."""
    policy = allow("iam:PassRole")
    policy["Statement"] *= 150
    was = estate(allowing=policy)

    found = against(was, was)

    assert [placed.finding.rule for placed in found.findings] == ["too-many"]


WIDE = trust(StringEquals=conditions(sub=None), StringLike={f"{HOST}:sub": HOLE})
WIDER = trust(StringLike={f"{HOST}:sub": HOLE})


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def audit(policy: Json, *arguments: str) -> Result:
    """Audit a policy by itself, against the baseline `b.json`."""
    Path("trust.json").write_text(json.dumps(policy), "utf-8")
    return CliRunner().invoke(main, ["audit", "trust.json", "--baseline", "b.json", *arguments])


def test_a_baseline_is_written_and_then_known() -> None:
    """After it is written, nothing fails; what is new fails, and says only that."""
    wrote = audit(WIDE, "--write-baseline")
    again, more = audit(WIDE), audit(WIDER)

    assert (wrote.exit_code, wrote.stderr) == (0, "b.json has 1 finding now: 1 new, 0 gone.\n")
    assert (again.exit_code, again.stdout, again.stderr) == (0, wrote.stdout, "")
    assert again.stdout == (
        "Known from b.json, so it does not fail:\n"
        f'  error[repo-wide]: policy trust: {HOST}:sub: "{HOLE}"\n'
        "\n"
        "0 errors, 0 warnings, 0 notes, 0 accepted, 1 known; 1 policy read.\n"
    )
    assert (more.exit_code, more.stdout.startswith("warning[no-aud]: ")) == (10, True)
    assert "0 errors, 1 warning, 0 notes, 0 accepted, 1 known; " in more.stdout


def test_what_is_gone_is_said() -> None:
    """A finding that was mended fails nothing, and the file is to be written anew."""
    audit(WIDER, "--write-baseline")

    result = audit(WIDE)

    assert result.exit_code == 0
    assert (
        "In b.json and not found, so write it anew with `--write-baseline`:\n"
        f"  warning[no-aud]: policy trust: No condition asks for a value of {HOST}:aud\n"
    ) in result.stdout
    assert audit(WIDE, "--write-baseline").stderr.endswith("1 finding now: 0 new, 1 gone.\n")
    assert "not found" not in audit(WIDE).stdout


def test_moved_lines_change_nothing() -> None:
    """A folder of Terraform has the same findings wherever its blocks stand."""
    role = (
        'resource "aws_iam_role" "this" {\n  name = "web"\n'
        f"  assume_role_policy = jsonencode({json.dumps(WIDER)})\n}}\n"
    )
    Path("infra").mkdir()
    Path("infra/main.tf").write_text(role, "utf-8")
    run = ["audit", "infra", "--baseline", "b.json"]
    assert CliRunner().invoke(main, [*run, "--write-baseline"]).exit_code == 0

    Path("infra/main.tf").write_text("", "utf-8")
    Path("infra/role.tf").write_text(f"# Moved.\n\n{role}", "utf-8")
    result = CliRunner().invoke(main, run)

    assert (result.exit_code, "2 known" in result.stdout) == (0, True)
    assert "not found" not in result.stdout


def test_json() -> None:
    """A program reads what is known, and what is gone."""
    audit(WIDER, "--write-baseline")

    document: Json = json.loads(audit(WIDE, "--format", "json").stdout)

    assert document["findings"] == []
    assert [one["rule"] for one in document["known"]] == ["repo-wide"]
    assert [one["rule"] for one in document["gone"]] == ["no-aud"]
    assert (document["summary"]["known"], document["summary"]["gone"]) == (1, 1)


def test_sarif() -> None:
    """A result says whether the baseline has it; one that is gone would be an alert on GitHub."""
    audit(WIDE, "--write-baseline")

    (run,) = json.loads(audit(WIDER, "--format", "sarif").stdout)["runs"]
    (plain,) = json.loads(
        CliRunner().invoke(main, ["audit", "trust.json", "--format", "sarif"]).stdout
    )["runs"]

    states = {one["ruleId"]: one.get("baselineState") for one in run["results"]}
    assert states == {"no-aud": "new", "repo-wide": "unchanged"}
    assert {one.get("baselineState") for one in plain["results"]} == {None}


def test_markdown() -> None:
    """A comment has tables of what is known and what is gone."""
    audit(WIDE, "--write-baseline")
    known = audit(WIDE, "--format", "markdown").stdout
    gone = audit(trust(), "--format", "markdown").stdout

    assert "\n### Known from `b.json`\n\n| finding | where | evidence |\n" in known
    assert "\n### In `b.json` and not found, so write it anew with `--write-baseline`\n" in gone
    assert f"| error `repo-wide` | policy trust<br>`trust.json` | `{HOLE}` |\n" in gone


def test_the_file_stays_a_link_and_keeps_its_mode() -> None:
    """It is written whole or not at all, where it is, and nothing is left beside it."""
    Path("real").mkdir()
    target = Path("real/b.json")
    target.write_text(render_baseline({}), "utf-8")
    target.chmod(0o640)
    Path("b.json").symlink_to(target)

    assert audit(WIDE, "--write-baseline").exit_code == 0
    assert Path("b.json").is_symlink()
    assert (target.stat().st_mode & 0o777, len(list(Path("real").iterdir()))) == (0o640, 1)
    assert "repo-wide" in target.read_text("utf-8")


def test_without_a_file_to_write() -> None:
    """`--write-baseline` by itself is wrong usage."""
    Path("trust.json").write_text(json.dumps(WIDE), "utf-8")

    result = CliRunner().invoke(main, ["audit", "trust.json", "--write-baseline"])

    assert (result.exit_code, "`--baseline FILE`" in result.stderr) == (2, True)


def changed(**keys: Any) -> str:
    """Write a baseline whose finding has other keys; None takes one out."""
    document: Json = json.loads(render_baseline(known_findings(estate(trusting=WIDER))))
    entry = {**document["findings"][0], **keys}
    kept = {name: value for name, value in entry.items() if value is not None}
    return json.dumps({**document, "findings": [kept]})


def whole(**keys: Any) -> str:
    """Write a baseline with other keys at its top."""
    return json.dumps({**json.loads(render_baseline({})), **keys})


def twice() -> str:
    """Write a baseline that has its finding twice, as after a merge."""
    document: Json = json.loads(changed())
    return json.dumps({**document, "findings": document["findings"] * 2})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(None, "There is no baseline. Got 'b.json'.", id="missing"),
        pytest.param("", "it is empty", id="empty"),
        pytest.param(changed()[:-40], "It was cut off", id="cut"),
        pytest.param(f"<<<<<<< HEAD\n{changed()}", "The baseline is damaged", id="merged"),
        pytest.param("[]", "The baseline is damaged", id="list"),
        pytest.param('{"format": 1, "findings": []}', "The file is no baseline.", id="report"),
        pytest.param(json.dumps(WIDE), "The file is no baseline.", id="policy"),
        pytest.param(whole(format=2), "Got 2. This version reads format 1. Upgrade", id="later"),
        pytest.param(whole(format="1"), "Got '1'. This version reads format 1. Take", id="text"),
        pytest.param(whole(findings={}), "a list of `findings`", id="no list"),
        pytest.param(whole(more=1), "a list of `findings`", id="another key"),
        pytest.param(
            whole(findings=["x"]), "findings[0]'. A finding is an object.", id="no object"
        ),
        pytest.param(changed(why=None), "It lacks `why`.", id="no reason"),
        pytest.param(changed(whY="x"), "It has no 'whY'. Did you mean 'why'?", id="misspelt"),
        pytest.param(changed(subject=1), "`subject` is a text.", id="number"),
        pytest.param(changed(count=0), "`count` is a number from 1 on.", id="none"),
        pytest.param(changed(count=True), "`count` is a number from 1 on.", id="boolean"),
        pytest.param(changed(severity="mild"), "No audit writes such a finding.", id="severity"),
        pytest.param(changed(rule="too-many"), "No audit writes such a finding.", id="too many"),
        pytest.param(
            changed().replace('"why":', '"why": "x", "why":'), "stands twice in it", id="key twice"
        ),
        pytest.param(twice(), "It stands there twice.", id="finding twice"),
    ],
)
def test_a_damaged_baseline(text: str | None, said: str) -> None:
    """Nothing is known by it, it is not written over, and one line says what to do."""
    if text is not None:
        Path("b.json").write_text(text, "utf-8")

    result = audit(WIDE)

    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert said in result.stderr
    if text is not None:
        assert audit(WIDE, "--write-baseline").stderr == result.stderr
        assert Path("b.json").read_text("utf-8") == text


def test_the_schema_is_whole() -> None:
    """A baseline has every key that its schema names."""
    assert unseen("baseline", [json.loads(changed())]) == []


@given(st.data())
def test_any_damage_is_one_line_or_no_damage(data: st.DataObject) -> None:
    """A baseline with a piece cut out is refused, or is still a baseline of other values."""
    text = changed()
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    raw = (text[:start] + text[end:]).encode()

    with suppress(InvalidValue):
        written: Any = json.loads(render_baseline(parse_baseline(raw, "b.json")))
        assert mistakes("baseline", written) == []


def test_it_cannot_be_written() -> None:
    """A folder that is not there is one line, and so is a folder where the file belongs."""
    Path("trust.json").write_text(json.dumps(WIDE), "utf-8")
    Path("folder").mkdir()
    for place in ("no/b.json", "folder"):
        result = CliRunner().invoke(
            main, ["audit", "trust.json", "--baseline", place, "--write-baseline"]
        )

        assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
        assert place in result.stderr
