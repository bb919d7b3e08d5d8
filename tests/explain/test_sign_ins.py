"""Many sign-ins are grouped by what kept them out, counted, and each group is explained once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from explain_cases import (
    ACCOUNT,
    MAIN,
    PROVIDER,
    ROLE,
    estate_of,
    event,
    role_answer,
    run_of,
    trusting,
)
from hypothesis import given
from hypothesis import strategies as st

from deploy_access.cli import main
from deploy_access.explain import sign_ins
from deploy_access.explain.decide import explain_run
from deploy_access.explain.sign_ins import group_runs
from deploy_access.report.sign_ins_text import render_sign_ins

if TYPE_CHECKING:
    from deploy_access.github.run import Run

ESTATE = estate_of(role_answer(trusting(MAIN)))
BRANCH = "repo:acme/web:ref:refs/heads/"
OTHER = f"arn:aws:iam::{ACCOUNT}:role/cluster"
RUNS = st.lists(
    st.builds(
        run_of,
        st.sampled_from([MAIN, f"{BRANCH}a", f"{BRANCH}b", "repo:acme/web:pull_request", "x:y"]),
        role_arn=st.sampled_from([ROLE, OTHER]),
        provider_arn=st.just(PROVIDER),
        error=st.sampled_from([None, "AccessDenied", "ValidationError"]),
        times=st.integers(1, 9),
    ),
    max_size=30,
)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in a folder with a role."""
    monkeypatch.chdir(tmp_path)
    Path("role.json").write_text(json.dumps(role_answer(trusting(MAIN))), "utf-8")


def save(*runs: tuple[str, str, str | None]) -> None:
    """Write a log of runs: time, `sub`, AWS's answer."""
    records = [
        event(
            eventTime=time,
            eventID=f"e-{number}",
            errorCode=error,
            userIdentity={
                "userName": subject,
                "principalId": f"{PROVIDER}:sts.amazonaws.com:{subject}",
                "identityProvider": PROVIDER,
            },
        )
        for number, (time, subject, error) in enumerate(runs)
    ]
    Path("log.json").write_text(json.dumps({"Records": records}), "utf-8")


def explain(*options: str) -> Result:
    """Explain the log by the role."""
    arguments = ["explain", "--event", "log.json", "--policy", "role.json", *options]
    return CliRunner().invoke(main, arguments)


@given(RUNS)
def test_every_sign_in_counts_once(runs: list[Run]) -> None:
    """Each sign-in is let in or in one group, and each group is of one cause."""
    found = group_runs(runs, ESTATE)
    refused = [run for run in runs if explain_run(run, ESTATE, is_brief=True).is_refused]

    assert sum(group.times for group in found.groups) == sum(run.times for run in refused)
    assert found.times == sum(run.times for run in runs)
    assert found.refused == sum(run.times for run in runs if run.error)
    assert found.is_refused == bool(refused)
    for group in found.groups:
        (answer,) = group.explanation.findings
        assert (group.cause, group.answer) == (answer.cause.id, answer.answer)
        assert group.error == group.explanation.run.error


def test_the_page() -> None:
    """The numbers come first, then the groups, then one run of each."""
    save(
        ("2026-11-18T10:00:00Z", MAIN, None),
        ("2026-11-19T10:00:00Z", f"{BRANCH}a/x", "AccessDenied"),
        ("2026-11-20T10:00:00Z", f"{BRANCH}a/y", "AccessDenied"),
        ("2026-11-20T11:00:00Z", f"{BRANCH}a/y", "AccessDenied"),
        ("2026-11-21T10:00:00Z", "repo:acme/web:environment:prod", None),
    )

    result = explain()

    assert (result.exit_code, result.stderr) == (10, "")
    head, *others = result.stdout.split("\n\n")
    assert (
        head
        == f"""\
5 sign-ins from 2026-11-18T10:00:00Z to 2026-11-21T10:00:00Z: AWS refused 3 and let 2 in
  #1   denied[environment-on-job] web-deploy in {ACCOUNT}, AWS let it in, 1 time at \
2026-11-21T10:00:00Z
       sub 'repo:acme/web:environment:prod'
  #2   denied[other-branch] web-deploy in {ACCOUNT}, AWS answered 'AccessDenied', 3 times from \
2026-11-19T10:00:00Z to 2026-11-20T11:00:00Z
       sub '{BRANCH}a/*' (2 different)"""
    )
    assert [block.split("\n")[0] for block in others] == [
        "#1, the only one:",
        "denied[environment-on-job]: web-deploy does not let this run in",
        "#2, the newest of 3:",
        "denied[other-branch]: web-deploy does not let this run in",
    ]
    assert "event e-3 2026-11-20T11:00:00Z (seen 2 times)" in others[2]


def test_all_let_in() -> None:
    """Where nothing is refused, two lines say so."""
    save(("2026-11-18T10:00:00Z", MAIN, None), ("2026-11-18T10:00:00Z", f"{MAIN}x", None))
    Path("role.json").write_text(
        json.dumps(role_answer(trusting(f"{MAIN}*", operator="StringLike"))), "utf-8"
    )

    result = explain()

    assert result.exit_code == 0
    assert result.stdout == (
        "2 sign-ins at 2026-11-18T10:00:00Z: AWS refused 0 and let 2 in\n"
        "  The policies let all of them in.\n"
    )


def test_json() -> None:
    """For machines every group is data, beside the run that explains it."""
    times = [f"2026-11-{day}T10:00:00Z" for day in (10, 11, 12)]
    save(*((time, f"{BRANCH}{time[9]}", "AccessDenied") for time in times))

    content = json.loads(explain("--format", "json").stdout)

    assert content["sign_ins"] == {
        "files": 1,
        "times": 3,
        "refused": 3,
        "first": times[0],
        "last": times[2],
        "of_other_roles": 0,
        "not_compared": 0,
        "notes": [],
    }
    (group,) = content["groups"]
    assert group == {
        "answer": "denied",
        "cause": "other-branch",
        "role": ROLE,
        "error": "AccessDenied",
        "sub": f"{BRANCH}*",
        "subs": 3,
        "times": 3,
        "first": times[0],
        "last": times[2],
    }
    assert [one["run"]["time"] for one in content["runs"]] == [times[2]]


def test_roles_that_were_not_read() -> None:
    """Runs that AWS let into other roles are one group; each role that refused one is its own."""
    others = [f"{OTHER}-{number}" for number in range(30)]
    let_in = [run_of("system:serviceaccount:a:b", role_arn=role) for role in others]
    refused = [run_of(role_arn=role, error="AccessDenied") for role in others[:2]]

    found = group_runs([*let_in, *refused], ESTATE)

    assert [(group.role, group.times) for group in found.groups] == [
        ("30 roles", 30),
        (others[0], 1),
        (others[1], 1),
    ]


def test_one_role() -> None:
    """`--role` leaves out those that asked for another one, unless all of them did."""
    mine, others = run_of(f"{BRANCH}a", role_arn=ROLE), [run_of(role_arn=OTHER)] * 3

    found = group_runs([mine, *others], ESTATE, "web-deploy")
    astray = group_runs(others, ESTATE, "web-deploy")

    assert (found.times, found.others, len(found.groups)) == (1, 3, 1)
    assert (astray.times, astray.others) == (3, 0)
    assert "asked for other roles are left out: 3." in render_sign_ins(found, 1, ())


def test_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of too many different runs the oldest are not compared, which counts as a refusal."""
    monkeypatch.setattr(sign_ins, "_MOST", 2)

    found = group_runs([run_of(times=5)] * 3, ESTATE)

    assert (found.times, found.more, found.groups, found.is_refused) == (15, 5, (), True)
    assert "the oldest 5 sign-ins were not compared" in render_sign_ins(found, 1, ())


def test_many_groups() -> None:
    """Every group is listed, and the newest twenty are explained."""
    runs = [run_of(f"repo:acme/web-{number}:pull_request", role_arn=ROLE) for number in range(150)]

    found = group_runs(runs, ESTATE)
    text = render_sign_ins(found, 1, ())

    changes = [one.explanation.findings[0].cause.changes for one in found.groups]
    assert [bool(one) for one in changes] == [True] * 100 + [False] * 50
    assert text.count("\n       sub '") == 100
    assert text.count("does not let this run in") == 20
    assert "  50 more groups; `--format json` has all of them." in text
    assert "The newest 20 of 150 groups are explained" in text


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["--since", "2026-11-20"], 1, "Sign-ins from before `--since` are left out: 2."),
        (["--since", "soon"], 2, "This is no time. Got 'soon'."),
        (["--event", "-", "--event", "-"], 2, "`--event -` stands once"),
    ],
)
def test_what_does_not_go(options: list[str], code: int, words: str) -> None:
    """A time after all events, no time, and the standard input twice are refused."""
    save(("2026-11-18T10:00:00Z", MAIN, None), ("2026-11-18T10:00:00Z", f"{MAIN}x", None))

    result = explain(*options)

    assert (result.exit_code, result.stdout) == (code, "")
    assert words in result.stderr


def test_since_without_events() -> None:
    """`--since` is about events alone."""
    options = ["explain", "--repo", "acme/web", "--branch", "main", "--since", "7d"]

    result = CliRunner().invoke(main, options)

    assert (result.exit_code, "`--since` goes with `--event`" in result.stderr) == (2, True)
