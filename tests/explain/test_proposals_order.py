"""Which proposal comes first: what is trusted already, then what trusts more, with its risk."""

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
)

MOVED = "repo:acme@1/web@2:"
PROD = "repo:acme/web:environment:prod"
TAGS = "repo:acme/web:ref:refs/tags/v*"


def liking(*values: str, **equals: str) -> Json:
    """Write a policy with patterns of `sub`, and with exact values of other claims."""
    exact = {f"{HOST}:{claim}": value for claim, value in equals.items()}
    return conditioned(
        {"StringEquals": {**AUDIENCE, **exact}, "StringLike": {f"{HOST}:sub": list(values)}}
    )


@pytest.mark.parametrize(
    ("values", "run", "added"),
    [
        ((MAIN, PROD), f"{MOVED}ref:refs/heads/main", f"{MOVED}ref:refs/heads/main"),
        ((MAIN, PROD), f"{MOVED}environment:prod", f"{MOVED}environment:prod"),
        ((PROD, "repo:Acme/web:*"), f"{MOVED}pull_request", f"{MOVED}pull_request"),
        ((MAIN, TAGS), f"{MOVED}ref:refs/tags/v2.0", f"{MOVED}ref:refs/tags/v*"),
        (
            ("repo:acme/web:ref:refs/tags/*",),
            f"{MOVED}ref:refs/tags/v2",
            f"{MOVED}ref:refs/tags/v*",
        ),
        (("repo:acme/web:*",), f"{MOVED}ref:refs/heads/x", f"{MOVED}ref:refs/heads/x"),
    ],
)
def test_moved_repository(values: tuple[str, ...], run: str, added: str) -> None:
    """What the policy trusts by the legacy form is trusted by the immutable one, and only that."""
    (change,) = explain(run_of(run), liking(*values)).cause.changes

    assert change.policy == liking(*values, added)
    assert "the legacy value can go when no run has it any more" in change.text
    assert "Only if" not in change.text


def test_legacy_run_of_an_immutable_policy() -> None:
    """The repository is switched first; to trust the name, which can change hands, comes last."""
    trust = liking(f"{MOVED}ref:refs/heads/main")
    switch, last = explain(run_of(MAIN), trust).cause.changes

    assert (switch.side, switch.policy) == ("workflow", None)
    assert last.policy == liking(f"{MOVED}ref:refs/heads/main", MAIN)
    assert "only if nobody else can ever have the repository's name" in last.text


def test_other_ids_are_another_repository() -> None:
    """Where `repository_id` differs too, the run is not what the policy trusts."""
    trust = liking("repo:acme/web:*", repository_id="99")
    run = run_of(f"{MOVED}ref:refs/heads/main", claims={"repository_id": "2"})
    (change,) = explain(run, trust).cause.changes

    assert change.text.startswith("Only if ")


def test_claim_of_the_ref() -> None:
    """Another branch than the claim `ref` wants is changed first."""
    trust = liking("repo:acme/web:ref:refs/heads/*", ref="refs/heads/main")
    first, last = explain(run_of("repo:acme/web:ref:refs/heads/dev"), trust).cause.changes

    assert first.text == "Run the workflow on the branch 'main'."
    assert last.text.startswith("Or only if whoever may push to 'dev' may deploy: ")


def test_claim_of_the_reusable_workflow() -> None:
    """The job of another workflow is changed first, and its own comes last with the risk."""
    pin = "acme/ci/.github/workflows/a.yml@refs/heads/main"
    trust = liking("repo:acme/web:*", job_workflow_ref=pin)
    run = run_of(claims={"job_workflow_ref": "acme/web/.github/workflows/b.yml@refs/heads/main"})
    first, last = explain(run, trust).cause.changes

    assert first.forms == (("YAML", f"uses: {pin}"),)
    assert last.text.startswith("Or only if whoever may push to 'main' may deploy: ")


def test_other_repository() -> None:
    """To trust another repository has a risk of its own."""
    (change,) = explain(run_of("repo:acme/api:ref:refs/heads/main"), liking(MAIN)).cause.changes

    assert change.text.startswith("Only if 'acme/api' may deploy with this role: ")


def test_deny_that_an_environment_meets() -> None:
    """A run that the policy lets in comes before a narrower Deny."""
    deny = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sts:*",
        "Condition": {"StringNotLike": {f"{HOST}:sub": "repo:acme/web:environment:*"}},
    }
    allowed = {"StringEquals": AUDIENCE, "StringLike": {f"{HOST}:sub": [PROD, MAIN]}}
    first, last = explain(run_of(), policy(statement(Condition=allowed), deny)).cause.changes

    assert first.forms == (("YAML", "environment: prod"),)
    assert last.text == "Or in the policy, narrow the statement '2' so that it spares this run."


@pytest.mark.parametrize(
    ("value", "risk"),
    [
        ("repo:acme/web:*", "Every run that 'repo:acme/web:*' matches gets in then."),
        (MAIN, ""),
    ],
)
def test_condition_that_no_token_meets(value: str, risk: str) -> None:
    """What only an unknown key kept out is said."""
    trust = liking(value, repository_owner="acme")
    (change,) = explain(run_of(), trust).cause.changes

    key = f"{HOST}:repository_owner"
    taken = f"In the policy, take out the condition on `{key}`, which no token meets."
    assert change.text.startswith(f"{taken} {risk}".strip())
    assert ("gets in then" in change.text) == bool(risk)
    assert change.policy == liking(value)


def test_subject_and_environment_that_contradict() -> None:
    """A `sub` of a branch beside an environment: both conditions stay, and the job gets it."""
    wanted = {**AUDIENCE, f"{HOST}:sub": MAIN, f"{HOST}:environment": "prod"}
    trust = conditioned({"StringEquals": wanted})
    first, last = explain(run_of(absent=("environment",)), trust).cause.changes

    assert first.policy == conditioned({"StringEquals": {**wanted, f"{HOST}:sub": [MAIN, PROD]}})
    assert ("YAML", "environment: prod") in first.forms
    assert last.text.startswith("Or only if whoever may push to 'main' may deploy: ")


@pytest.mark.parametrize("run", [MAIN, "repo:acme/web:ref:refs/heads/dev", PROD])
def test_two_contexts_in_one_value(run: str) -> None:
    """To trust one of two contexts that a value asks for is wider, so its risk is said."""
    (change,) = explain(run_of(run), liking(f"{PROD}*ref:refs/heads/main")).cause.changes

    assert change.text.startswith("Only if ")


def test_spelling_is_proposed_once() -> None:
    """A change that two causes ask for is listed once."""
    changes = explain(run_of("repo:acme/web:environment:Prod"), liking(MAIN, PROD)).cause.changes

    assert [one.forms for one in changes].count((("YAML", "environment: prod"),)) == 1


@pytest.mark.parametrize(
    ("value", "run", "keys", "yaml"),
    [
        (f"{PROD}:ref:refs/heads/main", MAIN, "repo,context,ref", "environment: prod"),
        (f"{PROD}:ref:refs/heads/main", PROD, "repo,context,ref", None),
        ("repo:acme/web:ref:refs/heads/main:environment:prod", PROD, "repo,ref,context", None),
        (f"{PROD}:actor:alice", MAIN, "repo,context,actor", "environment: prod"),
        (f"{MAIN}:actor:alice", MAIN, "repo,context,actor", None),
    ],
)
def test_template_and_context(value: str, run: str, keys: str, yaml: str | None) -> None:
    """A template is named by its keys, with the context that it is met in."""
    (change,) = explain(run_of(run), liking(value)).cause.changes

    assert f"(`--claim-keys {keys} --" in change.text
    assert dict(change.forms).get("YAML") == yaml


def test_reusable_workflow_in_the_subject() -> None:
    """Where only the workflow in `sub` differs, the job of it comes before the trust in another."""
    wanted = f"{PROD}:job_workflow_ref:acme/ci/.github/workflows/a.yml@refs/heads/main"
    held = wanted.replace("a.yml", "b.yml")
    first, last = explain(run_of(held), liking(wanted)).cause.changes

    file = "acme/ci/.github/workflows/a.yml@refs/heads/main"
    assert first.forms == (("YAML", f"uses: {file}"),)
    assert last.policy == liking(wanted, held)
    assert last.text.startswith("Or only if jobs of the environment 'prod' are meant too: ")
