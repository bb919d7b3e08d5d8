"""
The rules that join workflows and roles, each by examples.

A rule has what it finds, the same mended, which is clean, and three that look alike and are clean
too: no error, no warning, and nothing of the rule itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from both_ends import ACCOUNT, MAIN, READ, REPO, ROLE, SIGN_IN, flow, joined
from rule_rows import Row, names, wrong

if TYPE_CHECKING:
    from pathlib import Path

PROD = f"repo:{REPO}:environment:prod"
REVIEW = f"repo:{REPO}:pull_request"
LOGIN = "      - uses: aws-actions/amazon-ecr-login@v2\n"
BUILD = "      - run: docker build -t web .\n"
HEAD = (
    "\n      - uses: actions/checkout@v6\n        with: {ref: "
    "'${{ github.event.pull_request.head.sha }}'}"
)
TARGET = "{pull_request_target: {branches: [main]}}"
CLOSED = "{pull_request: {types: [closed]}}"
MERGED = "if: github.event.pull_request.merged == true"


def one(steps: str = SIGN_IN, /, **more: Any) -> dict[str, Any]:
    """Give a workflow, and what is said of its role."""
    of_role = {key: more.pop(key) for key in ("sub", "allows", "seconds", "repo") if key in more}
    return {"text": flow(steps, **more), **of_role}


def asks(role: str, more: str = "") -> str:
    """Sign in as a role."""
    return SIGN_IN.replace(ROLE, role).replace("aws-region:", f"{more} aws-region:")


def keys(value: str) -> str:
    """Use a key in place of a role."""
    return (
        "\n      - uses: aws-actions/configure-aws-credentials@v6\n"
        f"        with: {{aws-access-key-id: '{value}', aws-region: eu-central-1}}\n"
    )


TABLE: dict[str, Row] = {
    "build-not-pushed": Row(
        one(SIGN_IN + LOGIN + BUILD),
        one(SIGN_IN + LOGIN + BUILD + "      - run: docker push web\n"),
        (
            one(SIGN_IN + BUILD),
            one(SIGN_IN + LOGIN + BUILD.replace("build", "buildx build --push")),
            one(SIGN_IN + LOGIN + BUILD + "      - run: ./publish.sh\n"),
        ),
    ),
    "closed-unmerged": Row(
        one(on=CLOSED, sub=REVIEW, allows=READ),
        one(on=CLOSED, sub=REVIEW, allows=READ, job=MERGED),
        (
            one(on="{pull_request: {types: [opened]}}", sub=REVIEW, allows=READ),
            one("\n      - run: echo closed\n", on=CLOSED),
            one(on="{push: {branches: [main]}, pull_request: {types: [closed]}}",
                job="if: github.event_name == 'push'"),
        ),
    ),
    "missing-environment": Row(
        one(sub=PROD),
        one(sub=PROD, job="environment: prod"),
        (
            one(sub=PROD, job="environment: {name: prod, url: 'https://example.com'}"),
            one(sub=[MAIN, PROD]),
            one(sub=PROD, job="environment: '${{ vars.WHERE }}'"),
        ),
    ),
    "no-id-token": Row(
        one(permissions=""),
        one(),
        (
            one(permissions="write-all"),
            one(permissions="{}", job="permissions: {id-token: write}"),
            one("\n      - run: make test\n", permissions=""),
        ),
    ),
    "pull-request-code": Row(
        one(HEAD + SIGN_IN, on=TARGET),
        one(HEAD + SIGN_IN, on=TARGET, allows=READ),
        (
            one(HEAD.replace(".head.sha", ".base.sha") + SIGN_IN, on=TARGET),
            one(HEAD + "\n      - run: make test\n", on=TARGET),
            one(HEAD + SIGN_IN, on="{push: {branches: [main]}}"),
        ),
    ),
    "session-length": Row(
        one(asks(ROLE, "role-duration-seconds: 7200,")),
        one(asks(ROLE, "role-duration-seconds: 3600,")),
        (
            one(asks(ROLE, "role-duration-seconds: 7200,"), seconds=7200),
            one(asks(ROLE, "role-duration-seconds: '${{ vars.SECONDS }}',")),
            one(asks(ROLE, "role-duration-seconds: 900,")),
        ),
    ),
    "sign-in-refused": Row(
        one(on="{push: {branches: [develop]}}"),
        one(on="{push: {branches: [main]}}"),
        (
            one(on="push"),
            one(on="{push: {branches: [main]}, pull_request: {}}",
                job="if: github.ref_name == 'main'"),
            one(on="{push: {branches: ['ma*']}}"),
        ),
    ),
    "single-brace": Row(
        one(SIGN_IN + "      - run: echo ${ github.sha }\n"),
        one(SIGN_IN + "      - run: echo ${{ github.sha }}\n"),
        (
            one(SIGN_IN + "      - run: echo ${GITHUB_SHA} ${github}\n"),
            one(SIGN_IN + "      - run: echo '$${steps.x} {github.sha}'\n"),
            one("\n      - run: echo ${ github.sha }\n"),
        ),
    ),
    "stored-keys": Row(
        one(keys("${{ secrets.AWS_ACCESS_KEY_ID }}")),
        one(),
        (
            one(keys("${{ steps.session.outputs.key }}")),
            one(SIGN_IN + "        env: {AWS_ACCESS_KEY_ID: '${{ env.NONE }}'}\n"),
            one("\n      - run: echo aws-access-key-id ${{ secrets.X }}\n"),
        ),
    ),
    "unknown-role": Row(
        one(asks(ROLE.replace("role/web", "role/wbe"))),
        one(),
        (
            one(asks("'${{ secrets.ROLE }}'")),
            one(asks("'arn:aws:iam::${{ vars.ACCOUNT }}:role/web'")),
            one(asks("web")),
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("rule", TABLE)
def test_before(rule: str, tmp_path: Path) -> None:
    """Each rule finds what it is about."""
    assert rule in names(joined(tmp_path, **TABLE[rule].before))


@pytest.mark.parametrize("rule", TABLE)
def test_after(rule: str, tmp_path: Path) -> None:
    """What the page says to write is clean."""
    assert wrong(rule, joined(tmp_path, **TABLE[rule].after)) == set()


@pytest.mark.parametrize("number", range(3))
@pytest.mark.parametrize("rule", TABLE)
def test_near(rule: str, number: int, tmp_path: Path) -> None:
    """What looks alike is clean."""
    assert wrong(rule, joined(tmp_path, **TABLE[rule].near[number])) == set()


REVIEWS = [
    pytest.param(one(HEAD + SIGN_IN, on=TARGET), ["error"], id="the code of the head"),
    pytest.param(
        one("\n      - run: gh pr checkout 1\n" + SIGN_IN, on="issue_comment"),
        ["error"],
        id="fetched by a script",
    ),
    pytest.param(
        one(on="pull_request", sub=PROD, job="environment: prod"), ["warning"], id="an environment"
    ),
    pytest.param(
        one(on="pull_request", sub=PROD, job="environment: prod\n    if: inputs.x"),
        ["note"],
        id="an environment and a condition",
    ),
    pytest.param(
        one(on="pull_request", sub=PROD, job="environment: dev"), [], id="it does not get in"
    ),
    pytest.param(
        one(HEAD + asks("arn:aws:iam::111122223333:role/other-one"), on=TARGET),
        ["error"],
        id="a role that was not read",
    ),
]


@pytest.mark.parametrize(("example", "severities"), REVIEWS)
def test_code_of_a_pull_request(
    example: dict[str, Any], severities: list[str], tmp_path: Path
) -> None:
    """It is worse where whoever opens one runs code than where those who can push do."""
    found = joined(tmp_path, **example).findings

    assert [
        p.finding.severity for p in found if p.finding.rule == "pull-request-code"
    ] == severities


ROLES = [
    pytest.param(f"arn:aws:iam::{ACCOUNT}:role/wbe", "error", id="misspelt"),
    pytest.param("arn:aws:iam::444455556666:role/web", "error", id="other account"),
    pytest.param(f"arn:aws:iam::{ACCOUNT}:role/nightly-report", "note", id="nothing like it"),
]


@pytest.mark.parametrize(("role", "severity"), ROLES)
def test_how_sure_a_role_is_wrong(role: str, severity: str, tmp_path: Path) -> None:
    """A role that is like one that was read is an error; any other may be in a file elsewhere."""
    found = joined(tmp_path, **one(asks(role))).findings

    assert [p.finding.severity for p in found if p.finding.rule == "unknown-role"] == [severity]
