"""Statements and documents: IAM's JSON, canonical, and its size in IAM's count."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy_access.errors import InvalidValue
from deploy_access.iam.statement import PolicyDocument, Statement, policy_size

if TYPE_CHECKING:
    from collections.abc import Callable

READ = Statement(sid="Read", actions=["s3:GetObject"], resources=["arn:aws:s3:::b/*"])


def test_a_statement_as_iam_has_it() -> None:
    """A single value stands alone, several are sorted and each stands once."""
    statement = Statement(
        sid="All",
        actions=["s3:PutObject", "s3:GetObject", "s3:PutObject"],
        resources=["arn:aws:s3:::b/*"],
        conditions={"StringEquals": {"z": ["2", "1"], "a": ["1"]}, "Bool": {"b": ["true"]}},
        principals={"AWS": ["arn:aws:iam::111122223333:root"]},
        effect="Deny",
    )

    assert statement.to_dict() == {
        "Sid": "All",
        "Effect": "Deny",
        "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
        "Action": ["s3:GetObject", "s3:PutObject"],
        "Resource": "arn:aws:s3:::b/*",
        "Condition": {"Bool": {"b": "true"}, "StringEquals": {"a": "1", "z": ["1", "2"]}},
    }


def test_nothing_empty_is_written() -> None:
    """A statement without principal and condition does not mention them."""
    assert READ.to_dict() == {
        "Sid": "Read",
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::b/*",
    }


def test_a_document_is_canonical_text() -> None:
    """The text of a document has sorted keys, no spaces and no escapes."""
    document = PolicyDocument(
        (Statement(sid="A", actions=["s3:GetObject"], resources=["arn:aws:s3:::ü b"]),)
    )

    assert document.to_json() == (
        '{"Statement":[{"Action":"s3:GetObject","Effect":"Allow",'
        '"Resource":"arn:aws:s3:::ü b","Sid":"A"}],'
        '"Version":"2012-10-17"}'
    )


def test_statements_stay_in_their_order() -> None:
    """The order of the statements is the reader's and is kept."""
    write = Statement(sid="Append", actions=["s3:PutObject"], resources=["*"])

    sids = [
        json.loads(PolicyDocument(order).to_json())["Statement"][0]["Sid"]
        for order in ((READ, write), (write, READ))
    ]

    assert sids == ["Read", "Append"]


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("", 0),
        ('{"a": "b c"}', 10),
        ("a\n\t b", 2),
        ("${aws_iam_role.x.arn}/a", 2),
        ("größe", 5),
    ],
)
def test_size_is_what_iam_counts(text: str, size: int) -> None:
    """IAM counts characters without white space; what Terraform fills in is not known yet."""
    assert policy_size(text) == size


@given(st.dictionaries(st.text(alphabet="abc é", min_size=1), st.lists(st.text(alphabet="xy z"))))
def test_size_does_not_depend_on_the_layout(document: dict[str, list[str]]) -> None:
    """However a policy is laid out, it counts the same."""
    dense = json.dumps(document, separators=(",", ":"), ensure_ascii=False)

    assert policy_size(json.dumps(document, indent=4, ensure_ascii=False)) == policy_size(dense)
    assert policy_size(dense) == len("".join(dense.split()))


def test_size_of_a_document() -> None:
    """A document's size is that of its text."""
    assert PolicyDocument((READ,)).size == 124


GIVEN_BAD: dict[str, tuple[Callable[[], object], list[tuple[object, str]]]] = {
    "sid": (
        lambda: Statement(sid="read it", actions=["s3:GetObject"], resources=["*"]),
        [("read it", "letters and digits")],
    ),
    "no action": (
        lambda: Statement(sid="A", actions=[], resources=["*"]),
        [([], "has no action")],
    ),
    "no resource": (
        lambda: Statement(sid="A", actions=["s3:GetObject"]),
        [((), "has no resource")],
    ),
    "an action that is a sentence": (
        lambda: Statement(sid="A", actions=["get objects", "S3:Get", "s3:"], resources=["*"]),
        [(action, "`service:Name`") for action in ("get objects", "S3:Get", "s3:")],
    ),
    "texts for lists": (
        lambda: Statement(sid="A", actions="s3:GetObject", resources="*"),
        [("s3:GetObject", "`actions` is a list"), ("*", "`resources` is a list")],
    ),
    "text for a condition": (
        lambda: Statement(
            sid="A", actions=["s3:GetObject"], resources=["*"], conditions={"Bool": {"a": "true"}}
        ),
        [("true", "`conditions['Bool']['a']` is a list")],
    ),
    "text for a principal": (
        lambda: Statement(sid="A", actions=["s3:GetObject"], principals={"AWS": "arn:aws:x"}),
        [("arn:aws:x", "`principals['AWS']` is a list")],
    ),
    "a condition without values": (
        lambda: Statement(
            sid="A", actions=["s3:GetObject"], resources=["*"], conditions={"Bool": {"a": []}}
        ),
        [([], "`conditions['Bool']['a']` of statement 'A' is empty")],
    ),
    "no statement": (lambda: PolicyDocument(()), [([], "at least one statement")]),
    "one name twice": (
        lambda: PolicyDocument((READ, READ)),
        [(["Read"], "a `sid` of its own")],
    ),
}


@pytest.mark.parametrize("case", GIVEN_BAD)
def test_bad_input_is_refused(case: str) -> None:
    """What IAM would refuse is refused where it is written, all of it at once."""
    make, expected = GIVEN_BAD[case]

    with pytest.raises(InvalidValue) as caught:
        make()

    problems = caught.value.problems
    assert [problem.given for problem in problems] == [given_ for given_, _ in expected]
    for problem, (_, what) in zip(problems, expected, strict=True):
        assert what in problem.what
        assert problem.why
        assert problem.fix
