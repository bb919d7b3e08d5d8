"""Blocks and arguments in HCL are what Terraform's JSON has for them, with their lines."""

from __future__ import annotations

import pytest

from deploy_access.errors import InvalidValue
from deploy_access.terraform.hcl_body import HclBody
from deploy_access.terraform.hcl_file import LinedFile, parse_hcl


def read(source: str) -> dict[str, object]:
    """Read a file."""
    return HclBody(source).read()


@pytest.mark.parametrize(
    ("written", "value"),
    [
        pytest.param('"a"', "a", id="text"),
        pytest.param("1.50", 1.5, id="number"),
        pytest.param("-3", -3, id="negative"),
        pytest.param("true", True, id="boolean"),
        pytest.param("null", None, id="null"),
        pytest.param("[]", [], id="empty-list"),
        pytest.param("{}", {}, id="empty-object"),
        pytest.param('["a", 1,\n  # two\n  "b",\n]', ["a", 1, "b"], id="list"),
        pytest.param('[\n  "a"\n  , "b"\n]', ["a", "b"], id="comma-in-the-next-line"),
        pytest.param('{ a = 1, "b" : 2\n  c = "x" }', {"a": 1, "b": 2, "c": "x"}, id="object"),
        pytest.param("{ a =\n  1 }", {"a": 1}, id="value-in-the-next-line"),
        pytest.param("{ (var.a) = 1 }", {"${(var.a)}": 1}, id="computed-key"),
        pytest.param('{ "${var.a}-x" = 1 }', {"${var.a}-x": 1}, id="key-with-an-expression"),
        pytest.param("{ for = 1 }", {"for": 1}, id="key-called-for"),
        pytest.param("var.a", "${var.a}", id="name"),
        pytest.param("(\n  var.a\n)", "${(\n  var.a\n)}", id="brackets"),
        pytest.param('"a ${var.b} c"', "a ${var.b} c", id="template"),
        pytest.param(r'"a\t\"\\ \u00e9 \U0001F600"', 'a\t"\\ é 😀', id="escapes"),
        pytest.param(r'"\u0024{a} $${b}"', "$${a} $${b}", id="escaped-expression"),
        pytest.param(r'"${f("\"}")} \n"', '${f("\\"}")} \n', id="quotes-in-an-expression"),
        pytest.param('f({ a = "#" }) # }', '${f({ a = "#" })}', id="comment-behind"),
        pytest.param("[for a in b : a /* } */\n]", "${[for a in b : a \n]}", id="comment-inside"),
        pytest.param("<<EOT\na\n  ${b}\nEOT", "a\n  ${b}\n", id="heredoc"),
        pytest.param("<<-EOT\n    a\n\n      \\n\n  EOT", "a\n\n  \\n\n", id="flush-heredoc"),
        pytest.param("<<EOT\nEOT", "", id="empty-heredoc"),
        pytest.param('f(<<EOT\n"}"\nEOT\n)', '${f(<<EOT\n"}"\nEOT\n)}', id="heredoc-inside"),
        pytest.param('{ a = <<EOT\n"}\nEOT\n  b = 1 }', {"a": '"}\n', "b": 1}, id="heredoc-member"),
    ],
)
def test_values(written: str, value: object) -> None:
    """What is written out is a value; what needs Terraform is an expression without comments."""
    assert read(f"a = {written}") == {"a": value}
    assert read(f"b {{\r\n  a = {written}\r\n}}\r\n".replace("\r\n", "\n")) == {"b": [{"a": value}]}


def test_blocks() -> None:
    """A block is a member of a list, below its kind and its labels."""
    source = """
    resource "a_b" "c" { d = 1 }
    resource a_b "e" {
      nested {}
      nested { f = 1 }
      provisioner "local-exec" { command = "x" }
    }
    locals {
      g = 1
    }
    locals { h = 2 }
    """

    assert read(source) == {
        "resource": {
            "a_b": {
                "c": [{"d": 1}],
                "e": [
                    {
                        "nested": [{}, {"f": 1}],
                        "provisioner": {"local-exec": [{"command": "x"}]},
                    }
                ],
            }
        },
        "locals": [{"g": 1}, {"h": 2}],
    }


def test_names_stand_as_in_json() -> None:
    """JSON has a provider, a dependency or a type as plain text, and not as an expression."""
    source = """
    resource "a_b" "c" {
      provider   = aws.x
      depends_on = [a_b.d, module.e]
      lifecycle { ignore_changes = [tags["a"], name] }
      dynamic "f" {
        for_each = var.f
        iterator = one
        content { provider = var.g }
      }
    }
    module "h" {
      source    = "./h"
      providers = { aws = aws.x, aws.y = aws.z }
    }
    variable "i" { type = list(string) }
    moved {
      from = a_b.old
      to   = a_b.c
    }
    """
    found = HclBody(source).read()

    assert found == {
        "resource": {
            "a_b": {
                "c": [
                    {
                        "provider": "aws.x",
                        "depends_on": ["a_b.d", "module.e"],
                        "lifecycle": [{"ignore_changes": ['tags["a"]', "name"]}],
                        "dynamic": {
                            "f": [
                                {
                                    "for_each": "${var.f}",
                                    "iterator": "one",
                                    "content": [{"provider": "${var.g}"}],
                                }
                            ]
                        },
                    }
                ]
            }
        },
        "module": {
            "h": [{"source": "./h", "providers": {"aws": "aws.x", "aws.y": "aws.z"}}],
        },
        "variable": {"i": [{"type": "list(string)"}]},
        "moved": [{"from": "a_b.old", "to": "a_b.c"}],
    }


def test_lines() -> None:
    """Every block and argument has its line, behind comments and heredocs of any length."""
    source = (
        "/*\n*/ locals {\n  a = <<E\nx\nE\n  b = 1\n}\n"
        'resource "r" "n" {\n  x {\n    y = 1\n  }\n}\ndata "d" "m" {}'
    )
    body = HclBody(source)
    body.read()

    assert body.lines == {
        "locals": 2,
        "locals.a": 3,
        "locals.b": 6,
        "r.n": 8,
        "r.n.x[0]": 9,
        "r.n.x[0].y": 10,
        "data.d.m": 13,
    }


@pytest.mark.parametrize(
    ("source", "path", "line"),
    [
        pytest.param("a = 1\na = 2", "a", 2, id="argument"),
        pytest.param('locals {\n x = {\n a = 1\n "a" = 2 }\n}', "locals.x.a", 4, id="key"),
        pytest.param(
            'resource "r" "n" {\n p = jsonencode({ S = [{}, { C = { E = 1\n E : 2 } }] })\n}',
            "r.n.p.S[1].C.E",
            3,
            id="in-a-call",
        ),
        pytest.param('resource "r" "n" {}\nresource "r" "n" {}', "r.n", 1, id="block"),
    ],
)
def test_what_stands_twice(source: str, path: str, line: int) -> None:
    """A key that another of its name hides is told, wherever it stands."""
    body = HclBody(source)
    body.read()

    assert ([*body.repeated], body.lines[path]) == ([path], line)


@pytest.mark.parametrize(
    "source",
    [
        "a = f({ b = 1 }, { b = 2 })",
        "a = [{ b = 1 }, { b = 2 }]",
        "a = { b = { c = 1 }, d = { c = 2 } }",
        "a = { for k, v in x : k => v if k != v }",
        'a = { (x) = 1, (x) = 2, "${y}" = 1, "${y}" = 2 }',
        "a = c ? { b = 1 } : { b = 2 }",
        'provider "aws" {}\nprovider "aws" { alias = "x" }',
    ],
)
def test_what_only_looks_so(source: str) -> None:
    """Two objects may have one key, and two computed keys may differ."""
    body = HclBody(source)
    body.read()

    assert [*body.repeated] == []


@pytest.mark.parametrize(
    ("source", "line", "why"),
    [
        ("a = ", 1, "has no value"),
        ("a = 1, b = 2", 1, "ends with its line"),
        ("a = 1 }", 1, "closes nothing"),
        ("\n}", 2, "closes nothing"),
        ("a {\n", 2, "is not closed"),
        ("a = [\n1", 1, "is not closed"),
        ('a = "x\n', 1, "has no end"),
        ('a = "x\ny"', 1, "has no end"),
        ("a = 1\nb = <<E\nx\n", 2, "has no end"),
        ("a = 1\n/* x", 2, "is no name"),
        ("a = 1\nb = ~1", 2, "does not have the character '~'"),
        ('a = "\\q"', 1, "has an escape"),
        ('a = { "\\q" = 1 }', 1, "has an escape"),
        ('a = 1\nresource "\\q" "x" {}', 2, "A label of `resource` has an escape"),
        ("a b c", 1, "belongs a `=`"),
        ('resource "x" {}', 1, "has 2 labels"),
        ("a {" * 50, 1, "nested"),
    ],
)
def test_what_terraform_refuses(source: str, line: int, why: str) -> None:
    """One sentence says what is wrong, and in which line."""
    with pytest.raises(InvalidValue) as raised:
        parse_hcl(source.encode(), "x.tf")

    [problem] = raised.value.problems
    assert (problem.given, why in problem.why) == (f"x.tf, line {line}", True), problem.why


def test_bytes() -> None:
    """A mark of the byte order is skipped, and what is no UTF-8 is refused with its line."""
    assert parse_hcl(b"\xef\xbb\xbfa = 1", "x.tf") == LinedFile("x.tf", {"a": 1}, (), {"a": 1})
    with pytest.raises(InvalidValue, match=r"x.tf, line 2.*UTF-8"):
        parse_hcl(b"a = 1\nb = \xff", "x.tf")


def test_one_file_is_not_without_end() -> None:
    """What is longer than people write is refused before it takes all memory."""
    with pytest.raises(InvalidValue, match="more than 8 MiB of HCL"):
        parse_hcl(b" " * (8 * 1024 * 1024 + 1), "x.tf")


@pytest.mark.parametrize("opening", ["[", "(", "{ a = ", 'f("${'])
def test_depth(opening: str) -> None:
    """An expression that opens without end is refused in one sentence."""
    with pytest.raises(InvalidValue, match="The file is no HCL"):
        parse_hcl(f"a = {opening * 5000}".encode(), "x.tf")


@pytest.mark.parametrize(("opening", "closing"), ["[]", "()", "!~"])
def test_nesting(opening: str, closing: str) -> None:
    """An expression that nests deeper than people write stays as it is written."""
    deep = f"{opening * 5000}1{closing.strip('~') * 5000}"

    assert "1" in str(parse_hcl(f"a = {deep}".encode(), "x.tf").content["a"])
