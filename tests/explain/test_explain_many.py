"""Of many roles the near ones are explained, and a glance at the others is never wrong."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from explain_cases import (
    ACCOUNT,
    HOST,
    MAIN,
    PROVIDER,
    Json,
    conditioned,
    estate_of,
    explain_all,
    policy,
    role_answer,
    run_of,
    statement,
    trusting,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from trust_policies import PLAIN_POLICIES, POLICIES, operators
from trust_policies import SUBJECTS as TOKEN_SUBJECTS

from deploy_access.explain.decide import explain_role
from deploy_access.explain.screen import Refusal, Screen
from deploy_access.report.explain_text import render_text

if TYPE_CHECKING:
    from deploy_access.github.run import Run

FORMS = run_of(ids_unknown=True)
SERVICE: Json = {"Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
SUBJECTS = st.sampled_from(
    [
        *(MAIN, f"{MAIN}x", MAIN.upper(), "repo:acme/web:*", "repo:acme/*", "repo:*", "*", "?*"),
        *("repo:acme@1/web@2:ref:refs/heads/main", "repo:acme@1/web@2:*", "repo:acme@*:*main"),
        *("repo:acme*main", "repo:acme*web*:ref:*", "repo:other/web:*", "*:ref:refs/heads/main"),
        *("repo:acme/web:ref:refs/heads/x", "${aws_x.y.z}", "repo:${aws:x}/web", "", "*x"),
        *("repo:acme*1*:ref:refs/heads/main", "repo:acme@1/other@2:ref:refs/heads/main"),
    ]
)
VALUES = st.one_of(SUBJECTS, st.lists(SUBJECTS, max_size=2), st.none(), st.just(1))
KEYS = st.sampled_from([f"{HOST}:sub", f"{HOST}:SUB", f"{HOST}:aud", "aws:x", "sub"])
OPERATORS = st.one_of(st.sampled_from(["StringEquals", "StringLike", "Nope"]), operators())
PRINCIPALS = st.sampled_from(
    [
        *({"Federated": PROVIDER}, {"Service": "x"}, {"AWS": "*"}, {"AWS": ["1", "*"]}, "*"),
        *({"AWS": "arn:aws:iam::1:root"}, {"service": "x"}, {"Service": "x", "Federated": "*"}),
        {},
    ]
)
STATEMENTS = st.fixed_dictionaries(
    {"Effect": st.sampled_from(["Allow", "Allow", "Allow", "Deny", "allow", None])},
    optional={
        "Principal": PRINCIPALS,
        "NotPrincipal": PRINCIPALS,
        "notprincipal": PRINCIPALS,
        "Action": st.sampled_from(["sts:AssumeRoleWithWebIdentity", "sts:AssumeRole", "*"]),
        "Condition": st.dictionaries(OPERATORS, st.dictionaries(KEYS, VALUES, max_size=2)),
        "condition": st.dictionaries(OPERATORS, st.dictionaries(KEYS, VALUES, max_size=2)),
        "Resource": st.just("*"),
    },
)


def roles(*trusts: Json) -> Json:
    """Write what `aws iam list-roles` prints."""
    answers = [role_answer(trust, f"role-{number}")["Role"] for number, trust in enumerate(trusts)]
    return {"Roles": answers}


TRUSTS = st.one_of(
    st.lists(STATEMENTS, max_size=3).map(lambda found: policy(*found)), PLAIN_POLICIES, POLICIES
)
RUNS = st.sampled_from(
    [FORMS, run_of(), run_of("repo:acme@1/web@2:ref:refs/heads/main"), *map(run_of, TOKEN_SUBJECTS)]
)


@settings(max_examples=300)
@given(trust=TRUSTS, run=RUNS, as_text=st.booleans())
def test_a_glance_is_never_wrong(trust: Json, run: Run, *, as_text: bool) -> None:
    """What is refused at a glance is what the evaluator denies, in every spelling."""
    refusal = Screen(run).refusal(json.dumps(trust) if as_text else trust)
    if refusal is not None:
        estate = estate_of(role_answer(trust))
        assert explain_role(run, estate.roles[0], estate).answer == "denied"


@pytest.mark.parametrize(
    ("trust", "expected"),
    [
        pytest.param(policy(statement(**SERVICE)), Refusal("no-statement", 0), id="a service"),
        pytest.param(trusting("repo:else/web:x"), Refusal("other-owner", 0), id="other owner"),
        pytest.param(trusting("repo:acme/api:x"), Refusal("other-repository", 1), id="same owner"),
        pytest.param(
            trusting("repo:acme/web:ref:refs/heads/x"), Refusal("other-branch", 2), id="same one"
        ),
        pytest.param(
            trusting("repo:acme/a*:*", operator="StringLike"),
            Refusal("other-repository", 0),
            id="pattern",
        ),
        pytest.param(trusting(MAIN), None, id="lets it in"),
        pytest.param(trusting("repo:acme@1/web@2:ref:refs/heads/main"), None, id="maybe with ids"),
        pytest.param(trusting("repo:acme*:*", operator="StringLike"), None, id="wide pattern"),
        pytest.param(conditioned({}), None, id="no condition"),
        pytest.param("[", None, id="no JSON"),
    ],
)
def test_a_glance(trust: Json | str, expected: Refusal | None) -> None:
    """What most roles are about is seen at a glance."""
    assert Screen(FORMS).refusal(trust) == expected


def test_a_glance_knows_a_repository_by_its_id() -> None:
    """One that was transferred is the same, and not far away."""
    moved = run_of("repo:newco@9/shop@2:ref:refs/heads/main")

    same, other = (trusting(f"repo:acme@1/web@{number}:pull_request") for number in (2, 3))

    assert Screen(moved).refusal(same) == Refusal("renamed-repository", 2)
    assert Screen(moved).refusal(other) == Refusal("other-owner", 0)


def test_the_nearest_are_explained() -> None:
    """Of many that refuse, those of the repository come first, and the rest is counted."""
    others = [trusting(f"repo:acme/api{number}:x") for number in range(90)]
    services = [policy(statement(**SERVICE))] * 50
    near = [trusting(f"repo:acme/web:ref:refs/heads/{number}") for number in range(3)]

    found = explain_all(run_of(), roles(*services, *others, *near, trusting(MAIN)))

    assert [one.answer for one in found.findings] == ["allowed", *["denied"] * 20]
    assert [one.cause.id for one in found.findings[1:4]] == ["other-branch"] * 3
    assert found.others == {"other-repository": 73, "no-statement": 50}
    assert "123 more roles do not let this run in (73 other-repository, 50 no-statement)" in (
        render_text(found)
    )


def test_all_that_let_it_in_are_there() -> None:
    """However many roles let the run in, each is named."""
    found = explain_all(run_of(), roles(*[trusting(MAIN)] * 150))

    assert [one.answer for one in found.findings] == ["allowed"] * 150
    assert {one.role for one in found.findings} == {f"role-{number}" for number in range(150)}
    text = render_text(found)
    assert (text.count("lets this run in"), text.count(f"({ACCOUNT}")) == (150, 0)
    assert text.count("  --> ") == 100


def test_denials_that_no_glance_sees() -> None:
    """Those that only the evaluator denies are counted too."""
    wrong = [conditioned({"StringEquals": {f"{HOST}:aud": f"x{number}"}}) for number in range(150)]

    found = explain_all(run_of(), roles(*wrong))

    assert len(found.findings) == 20
    assert found.others == {"audience": 130}


def test_few_are_all_explained() -> None:
    """A hundred roles are explained in full."""
    found = explain_all(run_of(), roles(*[trusting("repo:else/web:x")] * 100))

    assert (len(found.findings), found.others) == (100, {})
