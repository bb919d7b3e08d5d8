"""A statement of a trust policy: whose tokens it is about, and what it asks of them."""

from __future__ import annotations

import pytest
from trust_policies import HOST, OTHER_HOST, Json, provider

from deploy_access.github.oidc_trust import OidcStatement, oidc_statements
from deploy_access.iam.documents import read_policy

SUB = {"StringEquals": {f"{HOST}:sub": "repo:acme/web:environment:prod"}}


def statements(**changes: object) -> list[OidcStatement]:
    """Read a policy of one statement for GitHub's tokens, with *changes*."""
    statement: Json = {
        "Effect": "Allow",
        "Principal": {"Federated": provider()},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": SUB,
    }
    found = {key: value for key, value in {**statement, **changes}.items() if value is not None}
    return list(oidc_statements(read_policy({"Statement": found}).policy))


@pytest.mark.parametrize(
    ("changes", "prefixes"),
    [
        pytest.param({}, [HOST], id="a provider"),
        pytest.param({"Effect": "Deny"}, [], id="a denial"),
        pytest.param(
            {"Principal": {"Federated": [provider(), provider(OTHER_HOST)]}},
            [HOST, OTHER_HOST],
            id="two providers",
        ),
        pytest.param(
            {"Principal": {"Federated": "${aws_iam_openid_connect_provider.x.arn}"}},
            [HOST],
            id="a reference, by the keys",
        ),
        pytest.param(
            {
                "Principal": {"Federated": "arn:aws:iam::${local.a}:oidc-provider/x.y"},
                "Condition": {},
            },
            ["x.y"],
            id="a reference in an ARN",
        ),
        pytest.param(
            {"Principal": {"Federated": 'prefix-${split(":", local.a)[0]}'}, "Condition": {}},
            [HOST],
            id="a reference anywhere, without keys",
        ),
        pytest.param({"Principal": {"Federated": HOST}}, [HOST], id="a host"),
        pytest.param({"Principal": {"Service": "x"}}, [], id="a service"),
        pytest.param({"Principal": {"AWS": "*"}}, [HOST], id="everybody"),
        pytest.param({"Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}, [], id="all of AWS"),
        pytest.param(
            {"Principal": {"AWS": "*"}, "Action": None, "NotAction": "s3:*"},
            [HOST],
            id="everybody, all but some actions",
        ),
        pytest.param(
            {"Principal": None, "NotPrincipal": {"AWS": "1"}}, [HOST], id="everybody but some"
        ),
    ],
)
def test_whose_tokens(changes: Json, prefixes: list[str]) -> None:
    """A statement counts once for each provider whose tokens it lets in."""
    assert [one.prefix for one in statements(**changes)] == prefixes


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, True, id="the action"),
        pytest.param({"Action": "sts:*"}, True, id="every action of STS"),
        pytest.param({"Action": "STS:assumerolewith?ebidentity"}, True, id="a pattern"),
        pytest.param({"Action": "${var.action}"}, True, id="what only Terraform knows"),
        pytest.param({"Action": "sts:AssumeRole"}, False, id="another action"),
        pytest.param({"Action": None, "NotAction": "s3:*"}, True, id="all but others"),
        pytest.param({"Action": None, "NotAction": "sts:*"}, False, id="all but STS"),
    ],
)
def test_whether_the_role_can_be_assumed(changes: Json, *, expected: bool) -> None:
    """The actions are matched as AWS matches them."""
    assert [one.lets_assume for one in statements(**changes)] == [expected]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"Condition": {}}, True, id="by its principal"),
        pytest.param({"Principal": "*"}, True, id="by a key"),
        pytest.param({"Principal": "*", "Condition": {}}, False, id="everybody"),
        pytest.param(
            {"Principal": {"Federated": "${x.y.arn}"}, "Condition": {}}, False, id="a reference"
        ),
    ],
)
def test_whether_it_is_meant_for_tokens(changes: Json, *, expected: bool) -> None:
    """A statement is meant for tokens when it names a provider, or a key of one."""
    assert [one.names_provider for one in statements(**changes)] == [expected]


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        pytest.param("StringEquals", {"is_positive", "is_exact"}, id="equals"),
        pytest.param("stringlike", {"is_positive", "is_pattern"}, id="like"),
        pytest.param("ARNEQUALS", {"is_positive", "is_pattern"}, id="ARN"),
        pytest.param("StringEqualsIgnoreCase", {"is_positive", "ignores_case"}, id="ignore case"),
        pytest.param("StringNotEquals", {"is_negated"}, id="not equals"),
        pytest.param("StringEqualsIfExists", {"is_positive", "is_optional"}, id="if exists"),
        pytest.param(
            "ForAllValues:StringLike", {"is_positive", "is_pattern", "is_for_all"}, id="for all"
        ),
        pytest.param("ForAnyValue:StringEquals", {"is_positive", "is_exact"}, id="for any"),
        pytest.param("Null", set[str](), id="null"),
        pytest.param("NumericEquals", set[str](), id="a number"),
        pytest.param("StringSame", {"is_unknown"}, id="no operator"),
    ],
)
def test_what_an_operator_asks(operator: str, expected: set[str]) -> None:
    """A condition is what its operator means, in whatever letter case it is written."""
    (statement,) = statements(Condition={operator: {f"{HOST.upper()}:SUB": "x"}})
    (claim,) = statement.claims
    asked = (
        *("is_positive", "is_pattern", "is_negated", "is_optional"),
        *("is_for_all", "ignores_case", "is_exact", "is_unknown"),
    )

    assert claim.name == "sub"
    assert {name for name in asked if getattr(claim, name)} == expected
