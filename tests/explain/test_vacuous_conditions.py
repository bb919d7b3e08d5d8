"""A condition that a token without its claim meets too is never kept in silence."""

from __future__ import annotations

import pytest
from explain_cases import (
    AUDIENCE,
    HOST,
    MAIN,
    Json,
    conditioned,
    explain,
    policy,
    run_of,
    statement,
    trusting,
)

ACTOR = f"{HOST}:actor"
LOOSE = [
    "ForAllValues:StringEquals",
    "forallvalues:StringLike",
    "StringEqualsIfExists",
    "StringLikeIfExists",
    "ForAllValues:StringEqualsIfExists",
]
STRICT = [
    "StringEquals",
    "StringLike",
    "ForAnyValue:StringEquals",
    "ForAnyValue:StringEqualsIfExists",
]


def asking(operator: str, sub: str = MAIN, key: str = ACTOR) -> Json:
    """Write a policy with one more condition."""
    exact = {"StringEquals": {**AUDIENCE, f"{HOST}:sub": sub}}
    if operator in exact:
        return conditioned({operator: {**exact["StringEquals"], key: "octocat"}})
    return conditioned({**exact, operator: {key: "octocat"}})


@pytest.mark.parametrize("operator", LOOSE)
def test_a_run_that_gets_in_without_the_claim(operator: str) -> None:
    """What lets the run in is said, with the operator that asks for the claim."""
    finding = explain(run_of(complete=True), asking(operator))

    strict = operator.rpartition(":")[2].removesuffix("IfExists")
    assert finding.answer == "allowed"
    text = f"`{operator}` on `{ACTOR}` is met only because the run has no such key; "
    assert finding.notes == (f"{text}`{strict}` asks for a value.",)


@pytest.mark.parametrize("operator", LOOSE)
def test_a_run_with_the_claim(operator: str) -> None:
    """A claim that is there is compared, so nothing is said."""
    run = run_of(complete=True, claims={"actor": "octocat"})

    assert explain(run, asking(operator)).notes == ()


@pytest.mark.parametrize("operator", STRICT)
def test_a_strict_operator(operator: str) -> None:
    """An operator that asks for a value lets no run in without it."""
    finding = explain(run_of(complete=True), asking(operator))

    assert finding.answer == "denied"
    assert not any("is met only because" in note for note in finding.notes)


@pytest.mark.parametrize("operator", LOOSE)
def test_a_proposal_that_keeps_it(operator: str) -> None:
    """A policy that is changed and keeps the condition says its risk."""
    finding = explain(run_of(complete=True), asking(operator, "repo:acme/web:environment:prod"))

    assert any(operator in str(change.policy) for change in finding.cause.changes)
    (note,) = finding.notes
    assert note.startswith(f"The policy keeps `{operator}` on `{ACTOR}`, which a token without it ")


@pytest.mark.parametrize("operator", ["StringNotEqualsIfExists", "ForAllValues:StringNotLike"])
def test_a_negated_operator(operator: str) -> None:
    """What keeps a value out is met without it by any operator, so there is nothing to say."""
    finding = explain(run_of(complete=True), asking(operator))

    assert (finding.answer, finding.notes) == ("allowed", ())


def test_the_subject_itself() -> None:
    """The same holds for a condition on `sub`, to which a value is added."""
    operator = "ForAllValues:StringEquals"
    finding = explain(run_of(), trusting("repo:acme/web:environment:prod", operator=operator))

    assert any(MAIN in str(change.policy) for change in finding.cause.changes)
    assert any(f"keeps `{operator}` on `{HOST}:sub`" in note for note in finding.notes)


@pytest.mark.parametrize("key", ["aws:SourceVpc", f"{HOST}:email"])
def test_other_keys(key: str) -> None:
    """Keys that no token of GitHub has are named as well, where they are known to be missing."""
    finding = explain(run_of(complete=True), asking("ForAllValues:StringEquals", key=key))

    is_known = not key.startswith("aws:")
    assert (finding.answer == "allowed") == is_known
    assert any("is met only because" in note for note in finding.notes) == is_known


def test_another_statement() -> None:
    """Where another statement lets the run in by what it has, there is nothing to say."""
    loose = asking("ForAllValues:StringEquals")["Statement"]

    assert explain(run_of(complete=True), policy(*loose, statement())).notes == ()


def test_a_deny() -> None:
    """A `Deny` that applies because a claim is missing is told the same way."""
    loose = asking("ForAllValues:StringEquals")["Statement"][0] | {"Effect": "Deny"}
    finding = explain(run_of(complete=True), policy(statement(), loose))

    assert finding.cause.id == "explicit-deny"
    assert any("is met only because the run has no such key" in note for note in finding.notes)


def test_a_run_proposal_alone() -> None:
    """Where no policy is changed, nothing is kept by a proposal."""
    pinned = "repo:acme/web:environment:prod:job_workflow_ref:acme/ci/d.yml@refs/heads/main"
    finding = explain(
        run_of("repo:acme/web:environment:prod", complete=True),
        asking("ForAllValues:StringEquals", pinned),
    )

    assert all(change.policy is None for change in finding.cause.changes)
    assert finding.notes == ()
