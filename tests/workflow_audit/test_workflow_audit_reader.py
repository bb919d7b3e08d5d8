"""Jobs with all that they run: local actions, called workflows, matrices, variables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from both_ends import MAIN, REPO, ROLE, SIGN_IN, flow, joined

if TYPE_CHECKING:
    from pathlib import Path

    from deploy_access.audit.report_model import Audit

FLOWS = ".github/workflows/"
INPUT = SIGN_IN.replace(ROLE, "'${{ inputs.role }}'")
CALLED = flow(INPUT, on="{workflow_call: {inputs: {role: {type: string}}}}", permissions="")
CALLS = f"""
on: {{push: {{branches: [main]}}}}
jobs:
  ship:
    permissions: {{id-token: write}}
    uses: ./.github/workflows/called.yml
    with: {{role: {ROLE}}}
"""
ACTION = f"""
name: Sign in
inputs: {{role: {{default: nobody}}}}
runs:
  using: composite
  steps:{INPUT}
"""
USES = f"\n      - uses: ./.github/actions/aws\n        with: {{role: {ROLE}}}\n"
MATRIX = SIGN_IN.replace(ROLE, "'arn:aws:iam::111122223333:role/${{ matrix.role }}'")
SCRIPT = f"""
      - run: |
          export AWS_WEB_IDENTITY_TOKEN_FILE=/tmp/token
          export AWS_ROLE_ARN={ROLE}
"""
BY_CLI = f"""
      - run: |
          aws sts assume-role-with-web-identity \\
            --role-arn {ROLE} --role-session-name x
"""
OF_ENV = f"env: {{AWS_ROLE_ARN: '{ROLE}', AWS_WEB_IDENTITY_TOKEN_FILE: /tmp/token}}"


def names(audit: Audit) -> set[str]:
    """Name the rules that find something."""
    return {placed.finding.rule for placed in audit.findings}


READ: dict[str, Any] = {
    "the action": flow(),
    "in small and large letters": flow(SIGN_IN.replace("aws-actions/c", "AWS-Actions/C")),
    "a called workflow": {f"{FLOWS}called.yml": CALLED, f"{FLOWS}main.yml": CALLS},
    "a called workflow of the same commit": {
        f"{FLOWS}called.yml": CALLED,
        f"{FLOWS}main.yml": CALLS.replace("./.github", "$/.github"),
    },
    "an action of the same commit": {
        f"{FLOWS}main.yml": flow(USES.replace("./.github", "$/.github")),
        ".github/actions/aws/action.yaml": ACTION,
    },
    "a local action": {f"{FLOWS}main.yml": flow(USES), ".github/actions/aws/action.yml": ACTION},
    "a local action of the other suffix": {
        f"{FLOWS}main.yml": flow(USES),
        ".github/actions/aws/action.yaml": ACTION,
    },
    "a matrix": flow(MATRIX, job="strategy: {matrix: {role: [web]}}"),
    "a row of a matrix": flow(MATRIX, job="strategy: {matrix: {include: [{role: web}]}}"),
    "a choice": flow(
        INPUT,
        on="{push: {branches: [main]}, workflow_dispatch: {inputs: {role: {type: choice, options: ["
        + ROLE
        + "]}}}}",
    ),
    "a variable of the job": flow(
        SIGN_IN.replace(ROLE, "'${{ env.ROLE }}'"), job=f"env: {{ROLE: '{ROLE}'}}"
    ),
    "a variable, or else a text": flow(
        SIGN_IN.replace(ROLE, "\"${{ vars.GIVEN || 'arn:aws:iam::1:role/x' }}\"")
    ),
    "a script": flow(SCRIPT),
    "the command": flow(BY_CLI),
    "variables of the job": flow("\n      - run: aws s3 ls\n", job=OF_ENV),
    "an anchor": flow().replace("    steps:", "    steps: &steps")
    + "  again:\n    runs-on: x\n    steps: *steps\n",
}


@pytest.mark.parametrize("name", READ)
def test_the_role_is_known(name: str, tmp_path: Path) -> None:
    """However it is written, the job asks for the role and gets in on a push to main."""
    found = joined(tmp_path, READ[name], variables={"GIVEN": ROLE})

    assert {one.role for one in found.sign_ins} == {ROLE}
    assert {r.answer for one in found.sign_ins for r in one.runs} == {"allowed"}
    assert names(found) <= {"env-unprotected", "legacy-name"}


NOT_BY_TOKEN = {
    "by keys": SIGN_IN.replace("{role", "{aws-access-key-id: '${{ steps.x.outputs.key }}', role"),
    "onwards from another role": SIGN_IN.replace("{role", "{role-chaining: true, role"),
    "another action": SIGN_IN.replace("aws-actions/configure-aws-credentials", "acme/sign-in"),
    "a role by itself": f"\n      - run: echo AWS_ROLE_ARN={ROLE}\n",
}


@pytest.mark.parametrize("name", NOT_BY_TOKEN)
def test_no_sign_in(name: str, tmp_path: Path) -> None:
    """What does not show the token of the job is no sign-in."""
    assert joined(tmp_path, flow(NOT_BY_TOKEN[name])).sign_ins == ()


def test_a_called_workflow_without_a_token(tmp_path: Path) -> None:
    """What it asks for is no more than its caller has."""
    asking = CALLED.replace("    steps:", "    permissions: {id-token: write}\n    steps:")
    files = {
        f"{FLOWS}called.yml": asking,
        f"{FLOWS}main.yml": CALLS.replace("id-token: write", "contents: read"),
    }

    assert "no-id-token" in names(joined(tmp_path, files))


def test_called_from_elsewhere(tmp_path: Path) -> None:
    """Of a workflow that no other here calls, the callers decide; nothing is made up."""
    found = joined(tmp_path, CALLED)

    assert [one.runs for one in found.sign_ins] == [()]
    assert "no-id-token" not in names(found)


CONDITIONS = [
    ("github.event_name == 'push'", {"push to main"}),
    ("github.event_name != 'push'", {"pull_request"}),
    ("always() && github.event_name=='push'", {"push to main"}),
    ("github.event_name == 'push' || inputs.now", {"pull_request", "push to main"}),
    ("${{ !(github.event_name == 'push') }}", {"pull_request", "push to main"}),
    ("github.ref_name == 'main'", {"pull_request", "push to main"}),
]


@pytest.mark.parametrize(("condition", "expected"), CONDITIONS)
def test_a_condition_that_names_an_event(
    condition: str, expected: set[str], tmp_path: Path
) -> None:
    """An `if:` rules an event out only where that is certain."""
    on = "{push: {branches: [main]}, pull_request: {}}"
    found = joined(tmp_path, flow(on=on, job=f'if: "{condition}"'))

    assert {run.label for one in found.sign_ins for run in one.runs} == expected


UNREAD = {
    "a workflow of another repository": (
        CALLS.replace("./.github/workflows/called.yml", "acme/ci/.github/workflows/x.yml@v1"),
        "acme/ci/.github/workflows/x.yml@v1",
    ),
    "a workflow that is not there": (CALLS, "./.github/workflows/called.yml"),
    "an action that is not there": (flow(USES), "./.github/actions/aws"),
    "a way out": (flow(USES.replace("./.github", "./../..")), "./../../actions/aws"),
}


def test_what_several_jobs_do_not_say_is_listed_once(tmp_path: Path) -> None:
    """A called workflow with a role that is not known is one line, however often it is called."""
    called = flow(SIGN_IN.replace(ROLE, "'${{ vars.ROLE }}'"), on="{workflow_call: {}}")
    first, _, job = CALLS.partition("jobs:\n")
    calls = f"{first}jobs:\n{job}{job.replace('  ship:', '  again:')}"
    found = joined(tmp_path, {f"{FLOWS}called.yml": called, f"{FLOWS}main.yml": calls})

    assert [one.job for one in found.sign_ins] == ["ship / deploy", "again / deploy"]
    assert [problem.given for problem in found.problems] == ["${{ vars.ROLE }}"]


@pytest.mark.parametrize("name", UNREAD)
def test_what_is_not_read(name: str, tmp_path: Path) -> None:
    """What is called and not read is listed."""
    text, called = UNREAD[name]

    assert [p.given for p in joined(tmp_path, text).problems] == [called]


def test_a_workflow_that_calls_itself(tmp_path: Path) -> None:
    """It ends."""
    text = CALLS.replace("on: {", "on: {workflow_call: {}, ")
    found = joined(tmp_path, {f"{FLOWS}called.yml": text})

    assert found.sign_ins == ()


def test_without_a_repository(tmp_path: Path) -> None:
    """Who gets in is not said, and what is missing is."""
    found = joined(tmp_path, flow(on="{push: {branches: [dev]}}"), repo=None)

    assert [one.runs for one in found.sign_ins] == [()]
    assert any("--repo OWNER/NAME" in p.what for p in found.problems)


def test_ids_that_are_not_known(tmp_path: Path) -> None:
    """Where the ids may be right nothing is refused for certain."""
    text, sub = flow(), [MAIN, f"repo:{REPO}:environment:prod"]

    assert "sign-in-refused" not in names(joined(tmp_path, text, sub=sub))
