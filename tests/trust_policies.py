"""Trust policies and tokens for Hypothesis: operators in every spelling, `Deny`, no `sub`, more."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from deploy_access.iam.trust import WebIdentity

HOST = "token.actions.githubusercontent.com"
OTHER_HOST = "gitlab.com"
ACCOUNT = "111122223333"
Json = dict[str, Any]


def provider(host: str = HOST, account: str = ACCOUNT) -> str:
    """Name a provider by its ARN."""
    return f"arn:aws:iam::{account}:oidc-provider/{host}"


SUBJECTS = (
    "repo:acme/web:environment:prod",
    "repo:acme/web:environment:Prod",
    "repo:acme/web:pull_request",
    "repo:acme/web:ref:refs/tags/v1",
    "repo:acme@1/web@2:ref:refs/heads/main:job_workflow_ref:acme/ci/f.yml",
    "repo:evil/web:environment:prod",
    "7",
)
VALUES = (
    *SUBJECTS,
    *(
        "repo:acme/web:*",
        "repo:acme/*",
        "*",
        "*:environment:prod",
        "repo:acme/web:ref:refs/tags/v?",
    ),
    *("repo:ACME/web:environment:PROD", "repo:acme/web:environment:prod*", "??po*", ""),
    "repo:*:*:*:*:*",
)
UNDECIDED = ("repo:${var.repository}:*", "repo:acme/web:${aws:username}", "${*}", "${aws_x.y.z}")
BASES = (
    *("StringEquals", "StringLike", "StringEqualsIgnoreCase"),
    *("StringNotEquals", "StringNotLike", "StringNotEqualsIgnoreCase"),
)
OTHER_BASES = (
    *("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "Null", "Bool", "BinaryEquals"),
    *("NumericEquals", "NumericNotEquals", "DateLessThan", "IpAddress", "StringSame"),
)


@st.composite
def operators(draw: st.DrawFn, bases: tuple[str, ...] = BASES) -> str:
    """Spell an operator in any way: letter case, a set operator before it, `IfExists` behind."""
    before = draw(st.sampled_from(["", "", "", "ForAnyValue:", "ForAllValues:"]))
    after = draw(st.sampled_from(["", "", "", "IfExists"]))
    spelled = f"{before}{draw(st.sampled_from(bases))}{after}"
    cases = (spelled, spelled, spelled, spelled.lower(), spelled.upper(), spelled.swapcase())
    return draw(st.sampled_from(cases))


ANY_OPERATOR = st.one_of(operators(), operators((*BASES, *OTHER_BASES)))
_CLAIMS = st.sampled_from([f"{HOST}:sub"] * 4 + [f"{HOST.upper()}:Sub", f"{HOST}:aud"])
_KEYS = st.one_of(
    _CLAIMS, st.sampled_from([f"{HOST}:ref", f"{OTHER_HOST}:sub", "aws:SourceIp", "sub"])
)


def _conditions(
    operator: st.SearchStrategy[str], key: st.SearchStrategy[str], values: tuple[str, ...]
) -> st.SearchStrategy[Json]:
    value = st.sampled_from(values)
    wanted = st.one_of(value, st.lists(value, min_size=1, max_size=3))
    return st.dictionaries(operator, st.dictionaries(key, wanted, max_size=2), max_size=3)


_ACTIONS = st.sampled_from(
    [
        *(["sts:AssumeRoleWithWebIdentity"] * 5),
        *(
            "sts:*",
            "*",
            "STS:assumerolewithweb*",
            "sts:AssumeRole",
            "sts:?ssumeRoleWithWebIdentity",
        ),
        ["sts:TagSession", "sts:AssumeRoleWithWebIdentity"],
    ]
)
_PRINCIPALS = st.sampled_from(
    [
        *([{"Federated": provider()}] * 5),
        *("*", {"AWS": "*"}, {"Federated": HOST}, {"Federated": "*"}, {"Service": "x"}),
        *({"Federated": provider(OTHER_HOST)}, {"Federated": provider(account="444455556666")}),
        {"Federated": [provider(OTHER_HOST), provider()]},
        {"Federated": provider(), "AWS": "*"},
    ]
)
_REFERENCES = st.sampled_from([{"Federated": "${aws_iam_openid_connect_provider.x.arn}"}])


def _statements(
    conditions: st.SearchStrategy[Json], principals: st.SearchStrategy[object]
) -> st.SearchStrategy[Json]:
    usual = st.fixed_dictionaries(
        {
            "Effect": st.sampled_from(["Allow", "Allow", "Allow", "Deny"]),
            "Principal": principals,
            "Action": _ACTIONS,
            "Condition": conditions,
        }
    )
    return st.one_of(
        usual,
        usual,
        usual.map(lambda one: _renamed(one, "Action")),
        usual.map(lambda one: _renamed(one, "Principal")),
    )


def _renamed(statement: Json, element: str) -> Json:
    """Say which are not meant instead of which are."""
    return {(f"Not{k}" if k == element else k): value for k, value in statement.items()}


@st.composite
def _policies(draw: st.DrawFn, statement: st.SearchStrategy[Json]) -> Json:
    version = draw(st.sampled_from(["2012-10-17", "2012-10-17", "2008-10-17", None]))
    found: Json = {"Statement": draw(st.lists(statement, min_size=1, max_size=3))}
    return {"Version": version, **found} if version else found


DECIDED_POLICIES = _policies(
    _statements(
        _conditions(
            ANY_OPERATOR, st.one_of(_CLAIMS, st.sampled_from([f"{OTHER_HOST}:sub"])), VALUES
        ),
        _PRINCIPALS,
    )
)
"""Policies about nothing but the claims of tokens, without references and variables."""
POLICIES = st.one_of(
    DECIDED_POLICIES,
    _policies(
        _statements(
            _conditions(ANY_OPERATOR, _KEYS, (*VALUES, *UNDECIDED)),
            st.one_of(_PRINCIPALS, _REFERENCES),
        )
    ),
)
"""Those, and policies that hang on what only Terraform or a request says."""


@st.composite
def _plain(draw: st.DrawFn) -> Json:
    """Write a statement for GitHub's tokens that compares `sub`, and mostly allows."""
    values = draw(st.lists(st.sampled_from(VALUES), min_size=1, max_size=3))
    return {
        "Effect": draw(st.sampled_from(["Allow", "Allow", "Allow", "Deny"])),
        "Principal": {"Federated": provider()},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {draw(operators()): {f"{HOST}:sub": values}},
    }


PLAIN_POLICIES = _policies(_plain())
"""Policies that compare nothing but `sub`, so that most tokens are let in by some."""
_CLAIMS_OF_TOKENS = st.fixed_dictionaries(
    {},
    optional={
        "sub": st.sampled_from(SUBJECTS),
        "aud": st.sampled_from(["sts.amazonaws.com", "7"]),
        "ref": st.sampled_from(["refs/heads/main", "refs/tags/v1"]),
    },
)


def _token(host: str, claims: dict[str, str]) -> WebIdentity:
    return WebIdentity(provider_arn=provider(host), condition_key_prefix=host, claims=claims)


TOKENS = st.builds(_token, st.sampled_from([HOST, HOST, HOST, OTHER_HOST]), _CLAIMS_OF_TOKENS)
"""Tokens of which every claim is known."""
