"""What `count`, `for_each` and `dynamic` make, resolved while a module is read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from reading_files import content_of, read, trust_of

from deploy_access.json_file import parse_json
from deploy_access.terraform.block_body import nested
from deploy_access.terraform.blocks import read_module
from deploy_access.terraform.presence import mark_of
from deploy_access.terraform.scopes import scopes_of

if TYPE_CHECKING:
    from deploy_access.terraform.scope import Scope

ROLE: dict[str, object] = {"name": "${each.key}", "assume_role_policy": "{}"}


def scope_of(**document: object) -> Scope:
    """Return the scope of a module."""
    (scope,) = scopes_of([read_module(parse_json(json.dumps(document).encode(), "web.tf.json"))])
    return scope


def made(body: object, **document: object) -> list[tuple[str, object, str, str]]:
    """Return the blocks that a role makes: address, name, and what they rest on."""
    scope = scope_of(resource={"aws_iam_role": {"r": body}}, **document)
    (block,) = scope.module.blocks
    return [
        (own.address, own.body.get("name"), own.perhaps, own.rests_on)
        for own in scope.instances(block)
    ]


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({"a": 1, "b": 2}, ["a", "b"]),
        ({}, []),
        ('${toset(["b", "a"])}', ["a", "b"]),
        ('${{for n in local.names : n => n if n != "b"}}', ["a"]),
        ("${local.on ? toset(local.names) : []}", ["a", "b"]),
        ("${local.on ? toset([]) : toset(local.names)}", []),
    ],
)
def test_each(given: object, names: list[str]) -> None:
    """A map and a set make one block for each key, in the order of the keys."""
    found = made({**ROLE, "for_each": given}, locals={"names": ["b", "a"], "on": True})

    assert found == [(f'aws_iam_role.r["{name}"]', name, "", "") for name in names]


@pytest.mark.parametrize(
    "given",
    [
        ["a", "b"],
        [],
        "${var.unknown}",
        "${toset([var.unknown])}",
        "${toset([1, 2])}",
        '${toset(concat(["a"], var.unknown))}',
        "${{for i in range(1001) : i => i}}",
        "${aws_iam_role.r}",
    ],
)
def test_each_that_is_not_known(given: object) -> None:
    """A list is an error of Terraform's; what is not known or too much is one block, perhaps."""
    (found,) = made({**ROLE, "for_each": given})
    written = given if isinstance(given, str) else json.dumps(given)

    assert found == ("aws_iam_role.r", "${each.key}", written, "")


@pytest.mark.parametrize(
    ("given", "number"), [(0, 0), (2, 2), ("2", 2), ("${length([])}", 0), ("${1 + 2}", 3)]
)
def test_count(given: object, number: int) -> None:
    """A number makes so many blocks, each with its own number."""
    found = made({"name": "r-${count.index}", "count": given})

    assert found == [(f"aws_iam_role.r[{at}]", f"r-{at}", "", "") for at in range(number)]


@pytest.mark.parametrize(
    "given", ["${length(concat([], var.x))}", "${var.unknown}", -1, 1.5, 1001, 10**9, "x", True]
)
def test_a_count_that_is_not_known(given: object) -> None:
    """What is no number of blocks, or more than a file may make, is one block, perhaps."""
    (found,) = made({"name": "r", "count": given})
    written = given if isinstance(given, str) else json.dumps(given)

    assert found == ("aws_iam_role.r", "r", written, "")


def test_what_rests_on_a_variable() -> None:
    """The default of a variable counts, and the blocks that it makes say that they rest on it."""
    given = "${var.on ? 1 : 0}"
    variables = {"on": {"default": True}, "off": {"default": False}}

    assert made({"name": "r", "count": given}, variable=variables) == [
        ("aws_iam_role.r[0]", "r", "", given)
    ]
    assert made({"name": "r", "count": "${var.off ? 1 : 0}"}, variable=variables) == []
    assert made({"name": "r", "count": "${true || var.on ? 1 : 0}"}, variable=variables) == [
        ("aws_iam_role.r[0]", "r", "", "")
    ]


def test_the_default_of_a_variable_has_its_type() -> None:
    """JSON has no sets, so the type of a variable says that its list is one."""
    variables = {"names": {"type": "${set(string)}", "default": ["b", "a"]}}
    found = made({**ROLE, "for_each": "${var.names}"}, variable=variables)

    assert [name for _, name, *_ in found] == ["a", "b"]


def test_values_of_each_instance() -> None:
    """The arguments of an instance are those of its key, and references find each instance."""
    estate = read(
        locals={"roles": {"a": {"arns": ["arn:aws:iam::aws:policy/A"]}, "b": {"arns": []}}},
        resource={
            "aws_iam_role": {
                "r": {
                    "for_each": "${local.roles}",
                    "name": "web-${upper(each.key)}",
                    "assume_role_policy": "{}",
                    "managed_policy_arns": "${each.value.arns}",
                }
            },
            "aws_iam_role_policy_attachment": {
                "x": {
                    "for_each": "${toset(values(aws_iam_role.r)[*].name)}",
                    "role": "${each.value}",
                    "policy_arn": "arn:aws:iam::aws:policy/X",
                },
                "b": {
                    "role": '${aws_iam_role.r["b"].name}',
                    "policy_arn": "arn:aws:iam::aws:policy/B",
                },
            },
        },
    )

    assert [(role.name, [policy.name for policy in role.policies]) for role in estate.roles] == [
        ("web-A", ["A", "X"]),
        ("web-B", ["B", "X"]),
    ]
    assert [p for p in estate.problems if p.kind != "unresolved"] == []


def test_what_is_not_resolved_differs_between_instances() -> None:
    """An expression of several instances is not one symbol: its values differ."""
    role = {
        "name": "${f(each.key, each.value.x)}",
        "for_each": {"a": {"x": 1}, "b": {"x": "${g()}"}},
    }
    found = made(role)

    assert [name for _, name, *_ in found] == ['${f("a", 1)}', '${f("b", (g()))}']


STATEMENT = {"actions": ["s3:Get*"], "resources": ["arn:aws:s3:::${s.value}"]}


def dynamic_trust(dynamic: object, **document: object) -> object:
    """Return the policy of a data source that has a `dynamic` block."""
    _, trust = trust_of(
        "${data.aws_iam_policy_document.x.json}",
        data={"aws_iam_policy_document": {"x": {"dynamic": dynamic}}},
        **document,
    )
    return content_of(trust)


def test_dynamic_blocks_are_expanded() -> None:
    """A `dynamic` block makes a statement for each member, at every level, with its iterator."""
    condition = {
        "condition": {
            "for_each": "${s.value.tags}",
            "content": {
                "test": "StringEquals",
                "variable": "aws:ResourceTag/${condition.key}",
                "values": ["${condition.value}"],
            },
        }
    }
    found = dynamic_trust(
        {
            "statement": {
                "for_each": [
                    {"bucket": "a", "tags": {"k": "v"}},
                    {"bucket": "b", "tags": dict[str, str]()},
                ],
                "iterator": "s",
                "content": {
                    "actions": ["s3:Get*"],
                    "resources": ["arn:aws:s3:::${s.value.bucket}"],
                    "dynamic": condition,
                },
            }
        }
    )

    assert found == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "s3:Get*",
                "Resource": "arn:aws:s3:::a",
                "Condition": {"StringEquals": {"aws:ResourceTag/k": "v"}},
            },
            {"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::b"},
        ],
    }


@pytest.mark.parametrize(
    ("given", "marks"),
    [
        (["a"], [None]),
        ([], []),
        ("${var.open}", [("${var.open}", "unknown")]),
        ("${range(201)}", [("${range(201)}", "unknown")]),
        ("${var.names}", [("${var.names}", "default"), ("${var.names}", "default")]),
        ("${var.none}", [("${var.none}", "default-absent")]),
    ],
)
def test_the_mark_of_dynamic_blocks(given: object, marks: list[object]) -> None:
    """A block that rests on what is not known, or on a default, is marked with it."""
    dynamic = {"statement": {"for_each": given, "iterator": "s", "content": STATEMENT}}
    scope = scope_of(
        data={"aws_iam_policy_document": {"x": {"dynamic": dynamic}}},
        variable={"names": {"default": ["a", "b"]}, "none": {"default": []}},
    )
    (block,) = scope.module.blocks

    assert [mark_of(one) for one in nested(scope, block, "statement")] == marks


def test_many_large_instances_end() -> None:
    """Instances that are too much for one file are one block each, perhaps."""
    body = {"name": "r", "count": 1000, "tags": {"a": "x" * 90_000}}
    scope = scope_of(resource={"aws_iam_role": {f"r{at}": body for at in range(20)}})
    found = [own for block in scope.module.blocks for own in scope.instances(block)]

    assert len(found) < 1100


@pytest.mark.parametrize(
    "expression",
    [
        "[for a in range(1000) : [for b in range(1000) : [for c in range(1000) : a]]]",
        'replace(join("", [for a in range(1000) : "aaaaaaaaaa"]), "a", "bbbbbbbbbbbbbbbbbbbb")',
        'join(format("%099d", 1), range(1024))',
        "[" * 39 + "1" + "]" * 39 + "[0]" * 39,
        " || ".join(["local.x"] * 5000),
        "1" + " + 1" * 5000,
        "-" * 30 + "local.x",
        "local.x" + " ? 1 : local.x" * 39 + " ? 1 : 2",
    ],
)
def test_an_expression_without_measure_ends(expression: str) -> None:
    """An expression that costs too much, or is nested too deep, is not resolved or is a value."""
    scope = scope_of(locals={"x": f"${{{expression}}}"})

    assert len(json.dumps(scope.reference("local.x"))) < 100_000


def test_a_list_that_is_not_known_as_a_whole_shows_what_is_known() -> None:
    """What is joined with a list that is not resolved is read, and nothing counts the whole."""
    scope = scope_of(locals={"x": '${concat(["a"], var.x)}'})

    assert scope.symbols.write_value(scope.reference("local.x")) == ["a", "${var.x}"]
    for expression in ("length(local.x)", "local.x[0]", "reverse(local.x)", "local.x[*].b"):
        assert scope.symbols.write_value(scope.reference(expression)) == f"${{{expression}}}"


def test_such_a_list_stays_one_for_each_instance() -> None:
    """An argument of an instance is not written out where a symbol stands for several members."""
    role = {"name": "r", "for_each": {"a": "a"}, "arns": "${concat([each.key], var.x)}"}
    scope = scope_of(resource={"aws_iam_role": {"r": role}})
    (own,) = scope.instances(scope.module.blocks[0])

    assert own.body["arns"] == '${concat(["a"], var.x)}'


def test_instances_of_instances() -> None:
    """A `for_each` over another block makes one block for each of its instances."""
    estate = read(
        data={
            "aws_iam_policy_document": {
                "d": {
                    "for_each": {"a": "s3:Get*", "b": "s3:Put*"},
                    "statement": {"actions": ["${each.value}"], "resources": ["*"]},
                }
            }
        },
        resource={
            "aws_iam_role": {
                "r": {**ROLE, "for_each": '${toset(["a", "b"])}'},
            },
            "aws_iam_role_policy": {
                "p": {
                    "for_each": "${aws_iam_role.r}",
                    "name": "p",
                    "role": "${each.value.name}",
                    "policy": "${data.aws_iam_policy_document.d[each.key].json}",
                }
            },
        },
    )
    found = {
        role.name: [content_of(policy.document) for policy in role.policies]
        for role in estate.roles
    }

    assert found == {
        name: [
            {
                "Version": "2012-10-17",
                "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}],
            }
        ]
        for name, action in (("a", "s3:Get*"), ("b", "s3:Put*"))
    }
    assert estate.problems == ()


@pytest.mark.parametrize("reference", ["r.arn", 'r["a"].arn', "s.arn"])
def test_a_block_that_refers_to_itself(reference: str) -> None:
    """A member that is made of its own block, also by way of another, is read as far as it goes."""
    other = {"for_each": {"b": "${aws_iam_role.r.arn}"}, **ROLE}
    roles = {"r": {"for_each": {"a": f"${{aws_iam_role.{reference}}}"}, **ROLE}, "s": other}
    document = json.dumps({"resource": {"aws_iam_role": roles}}).encode()
    (scope,) = scopes_of([read_module(parse_json(document, "web.tf.json"), "web")])

    found = [[own.address for own in scope.instances(block)] for block in scope.module.blocks]

    assert found == [['aws_iam_role.r["a"]'], ['aws_iam_role.s["b"]']]
