"""Policy documents as people write them, and every mistake that is found in them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy_access.errors import InvalidValue
from deploy_access.iam.documents import read_json, read_policy
from deploy_access.iam.policy import Condition, Policy, PolicyStatement, Principal
from deploy_access.iam.references import has_reference

STATEMENT: dict[str, Any] = {"Effect": "Allow", "Action": "ecr:*", "Resource": "*"}


def problems(document: object) -> list[tuple[str, tuple[str | int, ...]]]:
    """Name what is wrong, with the way to it."""
    found = read_policy(document if isinstance(document, str) else json.dumps(document)).problems
    return [(problem.kind, problem.path) for problem in found]


def wrong(**elements: object) -> list[tuple[str, tuple[str | int, ...]]]:
    """Name what is wrong with a statement."""
    return problems({"Version": "2012-10-17", "Statement": [{**STATEMENT, **elements}]})


def test_a_whole_document() -> None:
    """Every element is read; one value and a list of values are alike."""
    document = {
        "Version": "2012-10-17",
        "Id": "doc",
        "Statement": [
            {
                "Sid": "One",
                "Effect": "Allow",
                "Principal": {"AWS": ["1", "2"], "Federated": "f"},
                "Action": "a:b",
                "Resource": ["r"],
                "Condition": {
                    "Bool": {"k": True},
                    "NumericEquals": {"n": [1, 2.5], "m": "3"},
                },
            },
            {"Effect": "Deny", "NotPrincipal": "*", "NotAction": ["x"], "NotResource": "y"},
        ],
    }
    first = PolicyStatement(
        index=0,
        sid="One",
        effect="Allow",
        principals=(
            Principal(kind="AWS", value="1"),
            Principal(kind="AWS", value="2"),
            Principal(kind="Federated", value="f"),
        ),
        actions=("a:b",),
        resources=("r",),
        conditions=(
            Condition(operator="Bool", key="k", values=("true",)),
            Condition(operator="NumericEquals", key="n", values=("1", "2.5")),
            Condition(operator="NumericEquals", key="m", values=("3",)),
        ),
    )
    second = PolicyStatement(
        index=1,
        effect="Deny",
        not_principals=(Principal(kind="*", value="*"),),
        not_actions=("x",),
        not_resources=("y",),
    )

    read = read_policy(json.dumps(document), name="inline")

    assert read.policy == Policy(statements=(first, second), id="doc", name="inline")
    assert read.problems == ()


def test_duplicate_keys_are_found() -> None:
    """A key that is written twice is reported with the way to it, wherever it is."""
    text = (
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", '
        '"Condition": {"StringEquals": {"p:sub": "s"}, "StringEquals": {"p:aud": "a"}}}]}'
    )
    duplicate = ("duplicate-key", ("Statement", 0, "Condition", "StringEquals"))

    assert problems(text) == [duplicate]
    assert [p.kind for p in read_policy(_object(read_json(text))).problems] == ["duplicate-key"]


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        ({"effect": "Allow"}, [("spelling", "effect")]),
        ({"Effect": "allow"}, [("spelling", "Effect")]),
        ({"Effect": "Permit"}, [("value", "Effect")]),
        ({"Effect": None}, [("missing", "Effect")]),
        ({"Actions": "x"}, [("unknown", "Actions")]),
        ({"NotAction": "x"}, [("conflict", "NotAction")]),
        ({"Action": []}, [("value", "Action")]),
        ({"Action": {"a": 1}}, [("type", "Action")]),
        ({"Resource": None}, [("type", "Resource")]),
        ({"Principal": "1"}, [("type", "Principal")]),
        ({"Principal": {"Aws": "1"}}, [("spelling", "Principal", "Aws")]),
        ({"Principal": {"User": "1"}}, [("unknown", "Principal", "User")]),
        ({"Condition": []}, [("type", "Condition")]),
        ({"Condition": {"StringEquals": "x"}}, [("type", "Condition", "StringEquals")]),
        ({"Condition": {"Equals": {"k": "v"}}}, [("unknown", "Condition", "Equals")]),
        ({"Condition": {"Bool": {"k": [None]}}}, [("type", "Condition", "Bool", "k", 0)]),
    ],
)
def test_mistakes_in_a_statement(
    elements: dict[str, object], expected: list[tuple[str | int, ...]]
) -> None:
    """Each mistake is reported once, with the way to it."""
    assert wrong(**elements) == [(kind, ("Statement", 0, *path)) for kind, *path in expected]


def test_mistakes_in_the_document() -> None:
    """A missing or wrong version, and a document without statements, are reported."""
    assert problems({"Statement": STATEMENT}) == [("missing", ("Version",))]
    assert problems({"Version": 2012, "Statement": STATEMENT}) == [("value", ("Version",))]
    assert problems({"version": "2012-10-17", "Statement": STATEMENT}) == [
        ("spelling", ("version",))
    ]
    assert problems({"Version": "2012-10-17", "Statement": []}) == [("missing", ("Statement",))]
    assert problems({"Version": "2012-10-17", "Statement": ["x"]})[0] == (
        "type",
        ("Statement", 0),
    )


def test_a_misspelt_element_counts() -> None:
    """What is meant is read, so that it can be explained."""
    read = read_policy({"statement": {"EFFECT": "deny", "action": "x"}})
    [statement] = read.policy.statements

    assert (statement.effect, statement.actions) == ("Deny", ("x",))


@pytest.mark.parametrize(
    "document",
    ["", "{", "[]", "1", '"x"', "{}", '{"Statement": "x"}', b"\xff\xfe\x00", "[" * 100_000],
)
def test_what_is_no_policy(document: str | bytes) -> None:
    """Anything that is no policy document at all is refused."""
    with pytest.raises(InvalidValue):
        read_policy(document)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["Effect", "Action", "Principal", "Condition", "AWS", "Bool", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(JSON_VALUES)
def test_no_statement_is_too_strange(statement: object) -> None:
    """Any JSON value as a statement gives a policy and problems, and never a traceback."""
    read = read_policy({"Version": "2012-10-17", "Statement": [statement]})

    assert read.problems or read.policy.statements


def test_large_documents_take_no_longer() -> None:
    """Many keys, long texts and many openings of references are read in time."""
    keys = {f"k{number}": "${" * 10 for number in range(20_000)}
    text = json.dumps({"Statement": {**STATEMENT, "Condition": {"Bool": keys}}})
    twice = text[:-1] + ',"Version":1' * 20_000 + "}"

    assert read_policy(twice).problems
    assert not has_reference('${"' + '\\"' * 9_000)


def _object(value: object) -> dict[str, object]:
    assert isinstance(value, dict)
    return value  # pyright: ignore[reportUnknownVariableType]
