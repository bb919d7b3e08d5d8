"""A policy document is found however people write it."""

from __future__ import annotations

import pytest
from reading_files import ACCOUNT, FILE, content_of, trust_of

from deploy_access.terraform.estate import Unread, Where

STATEMENT = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
DOCUMENT = {"Version": "2012-10-17", "Statement": [STATEMENT]}
TEXT = (
    '{"Version":"2012-10-17","Statement":'
    '[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}'
)
NATIVE = (
    '{Version = "2012-10-17", Statement = '
    '[{Effect = "Allow", Action = "s3:GetObject", Resource = "*"}]}'
)
LINES = """{
  # who reads
  "Version" : "2012-10-17"
  Statement = [
    {
      Effect   = "Allow" // narrow
      Action   = "s3:GetObject",
      Resource = "*"
    },
  ]
}"""
DATA = {"statement": {"actions": ["s3:GetObject"], "resources": ["*"]}}


@pytest.mark.parametrize(
    ("written", "more"),
    [
        pytest.param(TEXT, {}, id="text"),
        pytest.param(DOCUMENT, {}, id="object"),
        pytest.param(f"${{jsonencode({NATIVE})}}", {}, id="jsonencode"),
        pytest.param(f"${{ jsonencode({LINES}) }}", {}, id="jsonencode on several lines"),
        pytest.param(f"${{jsonencode({TEXT})}}", {}, id="jsonencode of JSON"),
        pytest.param("${local.x}", {"locals": {"x": TEXT}}, id="local"),
        pytest.param("${jsonencode(local.x)}", {"locals": {"x": DOCUMENT}}, id="local object"),
        pytest.param("${var.x}", {"variable": {"x": {"default": TEXT}}}, id="variable"),
        pytest.param("${var.x}", {"variable": [{"x": [{"default": TEXT}]}]}, id="lists of blocks"),
        pytest.param(
            "${data.aws_iam_policy_document.x.json}",
            {"data": {"aws_iam_policy_document": {"x": DATA}}},
            id="data source",
        ),
        pytest.param(
            "${data.aws_iam_policy_document.x.minified_json}",
            {"data": [{"aws_iam_policy_document": [{"x": [{"statement": [DATA["statement"]]}]}]}]},
            id="data source in lists",
        ),
    ],
)
def test_spelling(written: object, more: dict[str, object]) -> None:
    """Each spelling of one document gives the same document, with nothing left open."""
    estate, trust = trust_of(written, **more)

    assert content_of(trust) == DOCUMENT
    assert (trust.unresolved, estate.problems) == ((), ())


@pytest.mark.parametrize(
    ("written", "more", "resource", "unresolved"),
    [
        pytest.param("$${aws:username}", {}, "${aws:username}", (), id="variable of IAM"),
        pytest.param("a-${local.x}", {"locals": {"x": "b"}}, "a-b", (), id="inside of a text"),
        pytest.param("${local.x[0].y}", {"locals": {"x": [{"y": "b"}]}}, "b", (), id="traversal"),
        pytest.param(
            "${var.a}/${local.b}/*",
            {"variable": {"a": {}}, "locals": {"b": "b"}},
            "${var.a}/b/*",
            ("var.a",),
            id="no default",
        ),
        pytest.param(
            '${lookup(local.x, "k")}',
            {},
            '${lookup(local.x, "k")}',
            ('lookup(local.x, "k")',),
            id="function with quotes",
        ),
        pytest.param(
            "${local.a}",
            {"locals": {"a": "${local.b}", "b": "${local.a}"}},
            "${local.b}",
            ("local.b",),
            id="circle",
        ),
        pytest.param("${aws_iam_role.Web.name}", {}, "web", (), id="name of a role"),
        pytest.param(
            "${aws_iam_role.Web.arn}",
            {},
            f"arn:aws:iam::{ACCOUNT}:role/web",
            (),
            id="ARN of a role",
        ),
        pytest.param(
            "${data.aws_caller_identity.x.account_id}",
            {"data": {"aws_caller_identity": {"x": {}}}},
            ACCOUNT,
            (),
            id="account",
        ),
        pytest.param(
            "${data.aws_partition.x.partition}",
            {"data": {"aws_partition": {"x": {}}}},
            "aws",
            (),
            id="partition",
        ),
    ],
)
def test_expression(
    written: str, more: dict[str, object], resource: str, unresolved: tuple[str, ...]
) -> None:
    """An expression is replaced where the JSON says its value, and kept and named elsewhere."""
    estate, trust = trust_of(f'{{"Statement":[{{"Resource":"{written}"}}]}}', **more)

    assert content_of(trust) == {"Statement": [{"Resource": resource}]}
    assert trust.unresolved == unresolved
    assert tuple(problem.given for problem in estate.problems) == unresolved


def test_native_syntax_keeps_what_it_does_not_know() -> None:
    """One expression that is not understood hides nothing but its own value."""
    native = (
        '{ Action = concat(["a"], local.b), Resource = ["${local.x}/*", aws_s3_bucket.b.id], '
        'Effect = var.deny ? "Deny" : "Allow"\n (local.x) = -local.n, Null = null, N = 1.5 }'
    )
    _, trust = trust_of(f"${{jsonencode({native})}}", locals={"x": "y"})

    assert content_of(trust) == {
        "Action": ["a", "${local.b}"],
        "Resource": ["y/*", "${aws_s3_bucket.b.id}"],
        "Effect": '${var.deny ? "Deny" : "Allow"}',
        "y": "${-local.n}",
        "Null": None,
        "N": 1.5,
    }
    assert trust.unresolved == (
        "local.b",
        "aws_s3_bucket.b.id",
        'var.deny ? "Deny" : "Allow"',
        "-local.n",
    )


def test_statements_that_are_not_known_are_left_out() -> None:
    """Beside the statements of a list that is not resolved, those that are known are read."""
    known = '{Effect = "Allow", Action = "s3:Get*"}'
    _, trust = trust_of(f"${{jsonencode({{Statement = concat([{known}], var.x)}})}}")

    statement = {"Effect": "Allow", "Action": "s3:Get*"}
    assert content_of(trust) == {"Statement": [statement, "${var.x}"]}
    assert (trust.unresolved, trust.left_out) == (("var.x",), ("${var.x}",))


@pytest.mark.parametrize(
    "written",
    [
        '{"Statement":${var.statements}}',
        "${data.aws_iam_policy_document.elsewhere.json}",
        "${yamldecode(file(x))}",
        "%{ if var.x }{}%{ endif }",
        "${jsonencode({a = }",
        "${unfinished",
    ],
)
def test_nothing_known(written: str) -> None:
    """A document of which nothing is known has no content and is named as a problem."""
    estate, trust = trust_of(written)

    assert trust.content is None
    assert len(trust.unresolved) == len(estate.problems) == 1


@pytest.mark.parametrize(
    ("written", "shown"), [(None, "null"), (5, "5"), ([], "[]"), (True, "true")]
)
def test_no_document(written: object, shown: str) -> None:
    """What is no document at all is a problem with its address."""
    estate, trust = trust_of(written)

    where = Where(FILE, "aws_iam_role.Web.assume_role_policy")
    assert trust.content is None
    assert estate.problems == (
        Unread(
            kind="malformed",
            what="There is no policy document where one belongs.",
            given=shown,
            where=where,
        ),
    )
