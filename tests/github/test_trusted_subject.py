"""The subjects of a trust policy are those that the evaluator lets in, no more and no less."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from trust_policies import (
    ANY_OPERATOR,
    BASES,
    DECIDED_POLICIES,
    HOST,
    OTHER_HOST,
    POLICIES,
    SUBJECTS,
    TOKENS,
    VALUES,
    Json,
    operators,
    provider,
)

from deploy_access.github.trusted_subject import (
    TrustedSubject,
    named_subjects,
    trusted_subjects,
)
from deploy_access.iam.decision import Verdict
from deploy_access.iam.documents import read_policy
from deploy_access.iam.trust import WebIdentity, evaluate_trust

if TYPE_CHECKING:
    from deploy_access.iam.policy import Policy

PROD = "repo:acme/web:environment:prod"


def token(**claims: str) -> WebIdentity:
    """Make a token of GitHub's with those claims."""
    return WebIdentity(provider_arn=provider(), condition_key_prefix=HOST, claims=claims)


def statement(**conditions: Json) -> Json:
    """Write a statement about GitHub's tokens, by operator and claim."""
    return {
        "Effect": "Allow",
        "Principal": {"Federated": provider()},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            operator: {f"{HOST}:{claim}": value for claim, value in claims.items()}
            for operator, claims in conditions.items()
        },
    }


def deny(**conditions: Json) -> Json:
    """Write such a statement that denies."""
    return statement(**conditions) | {"Effect": "Deny"}


def policy_of(*statements: Json) -> Policy:
    """Read a policy of those statements."""
    return read_policy({"Version": "2012-10-17", "Statement": list(statements)}).policy


def names(*statements: Json) -> list[tuple[str, str]]:
    """Name the subjects of a policy, each with how it is compared."""
    return [(one.kind, one.value) for one in trusted_subjects(policy_of(*statements))]


@settings(max_examples=250)
@given(document=POLICIES, shown=TOKENS)
def test_the_subjects_are_who_is_let_in(document: Json, shown: WebIdentity) -> None:
    """A token is let in only as a subject, and as one that hangs on claims alone for certain."""
    policy = read_policy(document).policy
    verdict = evaluate_trust(policy, shown).verdict
    covering = [subject for subject in trusted_subjects(policy) if subject.covers(shown)]

    assert covering or verdict not in {Verdict.ALLOWED, Verdict.UNKNOWN}
    if not all(subject.is_undecided for subject in covering):
        assert verdict is Verdict.ALLOWED


@given(document=DECIDED_POLICIES)
def test_nothing_is_undecided_for_no_reason(document: Json) -> None:
    """A policy about nothing but claims, without references, is decided."""
    assert not any(one.is_undecided for one in trusted_subjects(read_policy(document).policy))


def says(subject: TrustedSubject, shown: WebIdentity) -> bool:
    """Say by the kind and the value alone whether a token's `sub` is meant."""
    prefix, sub = subject.statement.prefix.lower(), shown.claims.get("sub")
    if shown.condition_key_prefix != prefix or not isinstance(sub, str):
        return subject.claim is None or subject.claim.is_optional or subject.claim.is_for_all
    if subject.kind == "anything but":
        return True
    if subject.kind == "exact":
        folded = subject.claim is not None and subject.claim.ignores_case
        return sub.lower() == subject.value.lower() if folded else sub == subject.value
    pieces = {"*": ".*", "?": "."}
    pattern = "".join(pieces.get(one) or re.escape(one) for one in subject.value)
    return re.fullmatch(pattern, sub, re.DOTALL) is not None


@settings(max_examples=150)
@given(document=DECIDED_POLICIES, shown=TOKENS)
def test_a_subject_is_what_it_says(document: Json, shown: WebIdentity) -> None:
    """No token is covered whose `sub` is another one than the kind and the value say."""
    for subject in trusted_subjects(read_policy(document).policy):
        assert says(subject, shown) or not subject.covers(shown)


@given(
    operator=operators(BASES[:3]),
    values=st.lists(st.sampled_from(VALUES).filter(bool), min_size=1, max_size=3, unique=True),
    sub=st.sampled_from(SUBJECTS),
)
def test_one_condition_is_the_subjects(operator: str, values: list[str], sub: str) -> None:
    """Where a statement asks for `sub` alone, kind and value say all, in every spelling."""
    subjects = list(trusted_subjects(policy_of(statement(**{operator: {"sub": values}}))))

    assert [one.value for one in subjects] == values
    assert all(one.covers(token(sub=sub)) == says(one, token(sub=sub)) for one in subjects)


@given(
    operator=operators(BASES[3:]),
    values=st.lists(st.sampled_from(SUBJECTS), min_size=1, max_size=3, unique=True),
    sub=st.sampled_from(SUBJECTS),
)
def test_a_negated_condition_is_anything_but(operator: str, values: list[str], sub: str) -> None:
    """A statement that says only whom it does not mean has a kind of its own."""
    (subject,) = trusted_subjects(policy_of(statement(**{operator: {"sub": values}})))
    is_excluded = sub.lower() in {one.lower() for one in values}

    assert (subject.kind, subject.value, list(subject.excluded)) == ("anything but", "*", values)
    assert subject.covers(token(sub=sub)) or is_excluded
    assert not subject.covers(token(sub=values[0]))


@given(operator=ANY_OPERATOR, value=st.sampled_from(VALUES))
def test_a_statement_is_read_in_every_spelling(operator: str, value: str) -> None:
    """The letter case of an operator and of a key changes nothing."""
    written = statement(**{operator: {"sub": value}})
    spelled = statement(**{operator.swapcase(): {"SUB": value}})

    assert names(written) == names(spelled)


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        pytest.param(
            [statement(StringEquals={"sub": [PROD, "x"]})],
            [("exact", PROD), ("exact", "x")],
            id="values in their order",
        ),
        pytest.param(
            [statement(StringLike={"sub": "repo:a/b:*"}), statement(StringEquals={"sub": PROD})],
            [("pattern", "repo:a/b:*"), ("exact", PROD)],
            id="two statements",
        ),
        pytest.param(
            [statement(StringEquals={"sub": [PROD, "x"]}, StringLike={"sub": "repo:*"})],
            [("exact", PROD)],
            id="both conditions must hold",
        ),
        pytest.param(
            [statement(StringLike={"sub": "repo:*"}, stringequals={"sub": [PROD]})],
            [("exact", PROD)],
            id="the strictest comes first",
        ),
        pytest.param(
            [statement(StringEquals={"sub": [PROD, "x"]}, StringNotLike={"sub": "x*"})],
            [("exact", PROD)],
            id="one is excluded",
        ),
        pytest.param(
            [
                statement(StringEquals={"sub": [PROD, "x"]}),
                deny(StringEquals={"sub": PROD}),
            ],
            [("exact", "x")],
            id="one is denied",
        ),
        pytest.param(
            [
                statement(StringEquals={"sub": PROD}),
                deny(StringNotEquals={"aud": "sts.amazonaws.com"}),
            ],
            [("exact", PROD)],
            id="denied without the audience",
        ),
        pytest.param(
            [
                statement(StringEquals={"sub": [PROD, "x"], "aud": "a"}),
                deny(StringEquals={"aud": "a"}, StringLike={"sub": "x*"}),
            ],
            [("exact", PROD)],
            id="one is denied with the audience that is asked for",
        ),
        pytest.param([statement(StringSame={"sub": PROD})], [], id="no operator of IAM's"),
        pytest.param([statement(StringEquals={"sub": []})], [], id="no value"),
        pytest.param([statement(Null={"sub": "false"})], [("anything but", "*")], id="any sub"),
        pytest.param([statement(StringEquals={"aud": "x"})], [("anything but", "*")], id="no sub"),
        pytest.param(
            [statement(StringEquals={"sub": PROD}) | {"Action": "sts:assumerolewith*"}],
            [("exact", PROD)],
            id="the action is matched",
        ),
        pytest.param(
            [statement(StringEquals={"sub": PROD}) | {"Action": "sts:AssumeRole"}],
            [],
            id="another action",
        ),
        pytest.param(
            [statement(StringEquals={"sub": PROD}) | {"Action": "${var.action}"}],
            [("exact", PROD)],
            id="an action that Terraform knows",
        ),
        pytest.param(
            [
                statement(StringEquals={"sub": PROD})
                | {"Principal": {"Federated": [provider(), provider(OTHER_HOST)], "AWS": "*"}}
            ],
            [("exact", PROD)],
            id="a principal beside it",
        ),
        pytest.param(
            [statement(StringEquals={"sub": PROD}) | {"Principal": {"Federated": HOST}}],
            [],
            id="no ARN",
        ),
        pytest.param(
            [
                statement(StringEquals={"sub": PROD})
                | {"Principal": {"Federated": "${data.aws_iam_openid_connect_provider.x.arn}"}}
            ],
            [("exact", PROD)],
            id="a provider that Terraform knows",
        ),
        pytest.param(
            [statement(ForAnyValueX={"sub": PROD}, StringEquals={"sub": PROD})],
            [],
            id="one condition never holds",
        ),
    ],
)
def test_subjects(statements: list[Json], expected: list[tuple[str, str]]) -> None:
    """Subjects are listed statement by statement, without those that no token can be."""
    assert names(*statements) == expected


def test_what_must_hold_besides() -> None:
    """The other conditions of a statement and what may deny it stand at each of its subjects."""
    allow = statement(StringEquals={"sub": ["x", "y"], "ref": "refs/heads/main"})
    denial = deny(StringEquals={"aud": "other"})
    other = denial | {"Action": "sts:AssumeRole"}
    policy = policy_of(allow, other, denial)

    for subject in trusted_subjects(policy):
        (condition,) = subject.conditions
        assert (condition.key, condition.values) == (f"{HOST}:ref", ("refs/heads/main",))
        assert [one.index for one in subject.denials] == [2]
        assert subject.covers(token(sub=subject.value, ref="refs/heads/main"))
        assert not subject.covers(token(sub=subject.value, ref="refs/heads/x"))
        assert not subject.covers(token(sub=subject.value, ref="refs/heads/main", aud="other"))


def test_what_is_named_in_vain_is_named() -> None:
    """A subject that no token can be is named all the same, for whoever says why not."""
    policy = policy_of(statement(StringEquals={"sub": PROD}) | {"Action": "sts:AssumeRole"})

    assert [one.value for one in named_subjects(policy)] == [PROD]
    assert list(trusted_subjects(policy)) == []


@pytest.mark.parametrize(
    ("operator", "shown"),
    [
        pytest.param("StringEqualsIgnoreCase", {"sub": PROD.upper()}, id="in another case"),
        pytest.param("StringEqualsIfExists", {}, id="without sub"),
        pytest.param("ForAllValues:StringEquals", {}, id="without values"),
    ],
)
def test_another_token_than_the_value(operator: str, shown: dict[str, str]) -> None:
    """A value that is excluded itself stays, where its operator lets other tokens in as well."""
    policy = policy_of(statement(**{operator: {"sub": PROD}, "StringNotEquals": {"sub": PROD}}))

    (subject,) = trusted_subjects(policy)
    assert (subject.value, subject.covers(token(**shown))) == (PROD, True)
    assert not subject.covers(token(sub=PROD))


@pytest.mark.parametrize(
    ("change", "condition"),
    [
        pytest.param({}, {"StringEquals": {f"{HOST}:sub": "repo:${var.x}:*"}}, id="reference"),
        pytest.param({}, {"StringLike": {f"{HOST}:sub": "${aws:username}*"}}, id="variable"),
        pytest.param({}, {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, id="another key"),
        pytest.param({"Resource": "arn:aws:iam::1:role/x"}, {}, id="resource"),
        pytest.param({"Principal": {"Federated": "${x.y.arn}"}}, {}, id="principal"),
        pytest.param({"Action": "${var.action}"}, {}, id="action"),
    ],
)
def test_what_is_undecided(change: Json, condition: Json) -> None:
    """What hangs on more than claims is marked, also where it only may be denied."""
    plain = statement(StringEquals={"aud": "x"})
    changed = plain | change | {"Condition": condition}

    assert [one.is_undecided for one in named_subjects(policy_of(plain))] == [False]
    assert [one.is_undecided for one in named_subjects(policy_of(changed))] == [True]
    denied = [plain, changed | {"Effect": "Deny"}]
    assert [one.is_undecided for one in named_subjects(policy_of(*denied))] == [True]
