"""The causes outside of a policy that lets in a run that AWS refused."""

from __future__ import annotations

import re

import pytest
from explain_cases import (
    HOST,
    MAIN,
    ROLE,
    Json,
    conditioned,
    explain,
    explain_all,
    policy,
    role_answer,
    run_of,
    statement,
)


def test_a_cause_outside_of_the_policy() -> None:
    """Where the policy allows and AWS did not, what is known to matter comes first."""
    run = run_of(role_arn=ROLE.replace("web-deploy", "GitHubActions"), error="AccessDenied")
    answer = role_answer(policy(statement()), name="GitHubActions")

    finding = explain_all(run, answer).findings[0]

    assert (finding.answer, finding.cause.id) == ("allowed", "outside-policy")
    assert "named `GitHubActions`" in finding.cause.changes[0].text
    assert {change.side for change in finding.cause.changes} == {"account"}


def test_a_session_that_is_too_long() -> None:
    """A session longer than the role gives is a cause outside of the policy."""
    run = run_of(role_arn=ROLE, error="ValidationError", duration=7200)

    finding = explain_all(run, role_answer(policy(statement()), MaxSessionDuration=3600)).findings[
        0
    ]

    assert "7200 s" in finding.cause.changes[0].text


@pytest.mark.parametrize(
    ("error", "says", "says_not"),
    [
        ("AccessDenied", "RCP", "client ids"),
        ("InvalidIdentityTokenException", "client ids", "RCP"),
        ("ExpiredTokenException", "is fresh", "RCP"),
        ("IDPCommunicationError", "from the internet", "RCP"),
        ("RegionDisabledException", "active in the region", "RCP"),
        ("ValidationException", "`MaxSessionDuration`", "RCP"),
    ],
)
def test_the_answer_of_aws(error: str, says: str, says_not: str) -> None:
    """Where to look outside of the policy depends on what AWS answered."""
    text = str(explain(run_of(role_arn=ROLE, error=error), policy(statement())).cause.changes)

    assert says in text
    assert says_not not in text


def test_an_answer_of_aws_that_is_in_no_row() -> None:
    """Of an answer that is not known all places are listed, and no time stays without a word."""
    cause = explain(run_of(role_arn=ROLE, error="Odd"), policy(statement())).cause

    assert "after the event, run" in cause.text
    assert {"RCP", "is fresh"} == set(re.findall("RCP|is fresh", str(cause)))


@pytest.mark.parametrize(
    ("content", "more", "name"),
    [
        (role_answer(policy(statement())), {}, "web-deploy"),
        (policy(statement()), {}, "web-deploy"),
        (policy(statement()), {"role_arn": None}, "NAME"),
        (role_answer(policy(statement()), name="web-${var.stage}", Arn=ROLE), {}, "NAME"),
    ],
    ids=["a role", "a policy by itself", "of no role", "a reference"],
)
def test_the_command_that_prints_a_role(content: Json, more: Json, name: str) -> None:
    """The command names the role that was asked for, and never a text that AWS refuses."""
    run = run_of(**{"role_arn": ROLE, "error": "AccessDenied"} | more)

    changes = explain_all(run, content).findings[0].cause.changes

    assert changes[0].text.endswith(f"`aws iam get-role --role-name {name}`.")


def test_claims_that_aws_may_not_compare() -> None:
    """A condition that users report trouble with is named before the general causes."""
    trust = conditioned({"StringEquals": {f"{HOST}:sub": MAIN, f"{HOST}:ref": "refs/heads/main"}})

    finding = explain(run_of(error="AccessDenied", role_arn=ROLE), trust)

    assert finding.cause.id == "outside-policy"
    assert "`ref`" in finding.cause.changes[0].text
