"""The scripts of the infra workflows that talk to GitHub, in bash, with a `gh` that answers."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from infra_estate import ACCOUNTS, synthesize_infra
from machine import Machine

from deploy_access.workflow import infra_scripts as scripts

PAGE = (Path(__file__).parents[2] / "docs/infra.md").read_text("utf-8")
ISSUE = {
    "GH_TOKEN": "x",
    "ENVIRONMENTS": "dev prod",
    "TITLE": "Drift: AWS is not as the stacks say",
    "RUN": "https://github.com/acme/infra/actions/runs/1",
}
OURS = {"number": 7, "title": ISSUE["TITLE"], "author": {"is_bot": True}}
# `gh` filters its JSON by `--jq` itself, in jq's own words, with what is in the environment.
GH = (
    'echo "$1 $2 $3" >> calls.txt',
    'while [ "$#" -gt 0 ]; do',
    '  case "$1" in --jq) filter="$2" ;; --body-file) cp "$2" said.md ;; esac',
    "  shift",
    "done",
    'if [ -n "$filter" ]; then jq -r "$filter" answer.json; fi',
)


@pytest.fixture(name="machine")
def _machine(tmp_path: Path) -> Machine:
    """Return a machine with `gh` on it."""
    machine = Machine(folder=tmp_path)
    machine.program("gh", *GH)
    return machine


def _keep_issue(machine: Machine, open_: object, **found: str) -> list[str]:
    """Run the step with the reports of the accounts, and return what it asks GitHub to do."""
    (machine.folder / "answer.json").write_text(json.dumps(open_), "utf-8")
    (machine.folder / "drift").mkdir()
    for name, text in found.items():
        (machine.folder / f"drift/{name}.md").write_text(text, "utf-8")
    run = machine.run(scripts.ISSUE, **ISSUE)
    assert run.returncode == 0, run.stderr
    return machine.text("calls.txt").splitlines()[1:]


def test_drift_opens_an_issue(machine: Machine) -> None:
    """What differs is said below the name of its account."""
    assert _keep_issue(machine, [], dev="**web-dev**\n", prod="") == ["issue create --title"]
    assert "### dev\n\n**web-dev**\n" in machine.text("said.md")
    assert "prod" not in machine.text("said.md")


def test_drift_that_stays_is_one_issue(machine: Machine) -> None:
    """The issue of an earlier run is brought up to date."""
    assert _keep_issue(machine, [OURS], dev="**web-dev**\n", prod="") == ["issue edit 7"]


def test_the_issue_is_closed(machine: Machine) -> None:
    """When every account is as the stacks say, there is nothing to keep open."""
    assert _keep_issue(machine, [OURS], dev="", prod="") == ["issue close 7"]


def test_nothing_to_say(machine: Machine) -> None:
    """Without drift and without an issue nothing is written."""
    assert _keep_issue(machine, [], dev="", prod="") == []


def test_an_account_without_a_report_is_no_account_without_drift(machine: Machine) -> None:
    """A plan that failed keeps the issue open."""
    assert _keep_issue(machine, [OURS], dev="") == ["issue edit 7"]
    assert "### prod\n\nThe stacks could not be planned." in machine.text("said.md")


@pytest.mark.parametrize(
    "other",
    [
        {**OURS, "author": {"is_bot": False}},
        {**OURS, "title": f"Re: {ISSUE['TITLE']}"},
    ],
    ids=["of a person", "of another title"],
)
def test_an_issue_of_somebody_else_is_left_alone(machine: Machine, other: object) -> None:
    """Only the issue that this workflow has opened is written to."""
    assert _keep_issue(machine, [other], dev="**web-dev**\n", prod="") == ["issue create --title"]


def _runs(*conclusions: str) -> list[dict[str, object]]:
    """List runs from the oldest to the newest, each with the commit of its number."""
    return [
        {"databaseId": n, "headSha": f"sha{n}", "conclusion": text, "startedAt": f"2026-01-0{n}"}
        for n, text in enumerate(conclusions, 1)
    ]


@pytest.mark.parametrize(
    ("conclusions", "applied", "commit"),
    [
        pytest.param([], False, "none", id="never"),
        pytest.param(["success"], False, "sha1", id="once"),
        pytest.param(["success", "success"], False, "sha2", id="the newest"),
        pytest.param(["success", "failure"], False, "sha1", id="failed before it applied"),
        pytest.param(["success", "failure"], True, "none", id="failed in a wave"),
        pytest.param(["success", "cancelled"], False, "sha1", id="cancelled while it waited"),
        pytest.param(["success", "cancelled"], True, "none", id="cancelled at work"),
        pytest.param(["failure", "success", ""], False, "sha2", id="the run itself"),
    ],
)
def test_the_commit_that_is_deployed(
    machine: Machine, conclusions: list[str], applied: bool, commit: str
) -> None:
    """It is that of the last run which changed AWS, if that run succeeded."""
    steps = [{"name": "Apply"}] if applied else []
    jobs = {"jobs": [{"name": "Wave 1 / Apply web", "steps": steps}, {"name": "x", "steps": [1]}]}
    (machine.folder / "runs.json").write_text(json.dumps(_runs(*conclusions)), "utf-8")
    (machine.folder / "jobs.json").write_text(json.dumps(jobs), "utf-8")
    machine.program("gh", 'cp "$([ "$2" = list ] && echo runs || echo jobs).json" answer.json', *GH)

    run = machine.run(scripts.DEPLOYED, WORKFLOW="w.yml", GITHUB_REF_NAME="main", GITHUB_RUN_ID="3")

    assert run.returncode == 0, run.stderr
    assert machine.text("outputs") == f"commit={commit}\n"


def test_each_stack_gets_the_roles_of_its_account(machine: Machine) -> None:
    """The matrix of a wave has all that its jobs need."""
    synthesize_infra(machine.folder / "synthesized/head")
    roles = {account: {"plan_role": f"role-of-{account}"} for account in ACCOUNTS.values()}

    run = machine.run(scripts.WAVES, ROLES=json.dumps(roles), WAVES="2")

    assert run.returncode == 0, run.stderr
    outputs = dict(line.split("=", 1) for line in machine.text("outputs").splitlines())
    waves = [json.loads(outputs[f"wave_{number}"])["include"] for number in (1, 2)]
    assert {one["stack"]: one["plan_role"] for wave in waves for one in wave} == {
        f"{kind}-{name}": f"role-of-{account}"
        for name, account in ACCOUNTS.items()
        for kind in ("account", "web")
    }
    assert "deploy-access review" in machine.text("summary.md")


SYNTH = "mkdir -p cdktf.out/stacks/web && touch cdktf.out/manifest.json"


def test_a_lock_file_is_put_beside_each_stack(machine: Machine) -> None:
    """That of the repository, unless the stack has one of its own."""
    (machine.folder / "head").mkdir()
    (machine.folder / "head/.terraform.lock.hcl").write_text("all", "utf-8")
    own = "mkdir -p cdktf.out/stacks/own && echo own > cdktf.out/stacks/own/.terraform.lock.hcl"

    run = machine.run(scripts.SYNTHESIZE, SETUP="mkdir -p .venv/bin", SYNTH=f"{SYNTH} && {own}")

    assert run.returncode == 0, run.stderr
    stacks = "synthesized/head/stacks"
    assert machine.text(f"{stacks}/web/.terraform.lock.hcl") == "all"
    assert machine.text(f"{stacks}/own/.terraform.lock.hcl") == "own\n"
    assert (machine.folder / "synthesized/head/manifest.json").exists()


@pytest.mark.parametrize(
    ("setup", "synth", "said"),
    [
        pytest.param("true", SYNTH, "::error::There is no .terraform.lock.hcl", id="no lock file"),
        pytest.param("false", SYNTH, "", id="set-up fails"),
        pytest.param("true", "false; true", "", id="synthesis fails"),
    ],
)
def test_what_fails_ends_the_step(machine: Machine, setup: str, synth: str, said: str) -> None:
    """Nothing is handed over then."""
    (machine.folder / "head").mkdir()

    run = machine.run(scripts.SYNTHESIZE, SETUP=setup, SYNTH=synth)

    assert run.returncode != 0
    assert said in run.stdout
    assert not (machine.folder / "synthesized").exists()


def test_the_page_shows_a_lock(machine: Machine) -> None:
    """What is said of a lock that is 42 minutes old stands on the page, but for its day."""
    created = (datetime.now(UTC) - timedelta(minutes=42, seconds=5)).strftime("%Y-%m-%d %H:%M:%S")
    (machine.folder / "temp").mkdir()
    (machine.folder / "temp/terraform.log").write_text(
        "Error: Error acquiring the state lock\n"
        "  ID:        5b2a8a0e-6a0e-4b8e-9d0e-0e6a0e4b8e9d\n"
        "  Who:       runner@fv-az1\n"
        f"  Created:   {created}.012345678 +0000 UTC\n",
        "utf-8",
    )

    run = machine.run(scripts.LOCKED, STACK="web-prod", DIRECTORY="stacks/web-prod")

    said = run.stdout.replace(created, "2026-11-29 03:04:05")
    assert f"```text\n{said}```" in PAGE
