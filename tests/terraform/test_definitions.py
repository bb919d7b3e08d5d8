"""What an expression is made of: two of one text differ when a definition behind them does."""

from __future__ import annotations

import json
from typing import Any

import pytest

from deploy_access.json_file import parse_json
from deploy_access.terraform.blocks import read_module
from deploy_access.terraform.definitions import made_of
from deploy_access.terraform.scopes import scopes_of

Json = dict[str, Any]


def resource(kind: str, **body: Any) -> Json:
    """Write a module with one resource."""
    return {"resource": {kind: {"x": body}}}


def data(**body: Any) -> Json:
    """Write a module with one data source."""
    return {"data": {"aws_ssm_parameter": {"x": body}}}


def digest(value: object, document: Json, stack: Json | None = None) -> str:
    """Return what *value* is made of in a module, beside another stack."""
    documents = [(document, "web"), (stack or {}, "other")]
    scope, _ = scopes_of(
        read_module(parse_json(json.dumps(content).encode(), f"{name}.tf.json"), name)
        for content, name in documents
    )
    return made_of(scope, value)


OTHER = {
    "local": ("${f(local.x)}", {"locals": {"x": "a"}}, {"locals": {"x": "b"}}),
    "local of a local": (
        "${f(local.y)}",
        {"locals": {"x": "a", "y": "${local.x}"}},
        {"locals": {"x": "b", "y": "${local.x}"}},
    ),
    "local by an index": (
        "${f(local.y[local.x])}",
        {"locals": {"x": "a", "y": {"a": 1}}},
        {"locals": {"x": "b", "y": {"a": 1}}},
    ),
    "variable": (
        "${f(var.x)}",
        {"variable": {"x": {"default": "a"}}},
        {"variable": {"x": {"default": "b"}}},
    ),
    "argument": (
        "${f(aws_ssm_parameter.x.value)}",
        resource("aws_ssm_parameter", value="a"),
        resource("aws_ssm_parameter", value="b"),
    ),
    "splat": (
        "${f(terraform_data.x[*].output)}",
        resource("terraform_data", count=1, input="a"),
        resource("terraform_data", count=1, input="b"),
    ),
    "older splat": (
        "${f(aws_ssm_parameter.x.*.value)}",
        resource("aws_ssm_parameter", count=1, value="a"),
        resource("aws_ssm_parameter", count=1, value="b"),
    ),
    "number of a splat": (
        "${f(aws_ssm_parameter.x[*].value)}",
        resource("aws_ssm_parameter", count=1, value="a"),
        resource("aws_ssm_parameter", count=2, value="a"),
    ),
    "values": (
        "${f(values(aws_ssm_parameter.x)[0].value)}",
        resource("aws_ssm_parameter", for_each={"a": "a"}, value="a"),
        resource("aws_ssm_parameter", for_each={"a": "a"}, value="b"),
    ),
    "for": (
        "${f([for p in aws_ssm_parameter.x : p.value])}",
        resource("aws_ssm_parameter", for_each={"a": "a"}, value="a"),
        resource("aws_ssm_parameter", for_each={"a": "a"}, value="b"),
    ),
    "each": (
        '${f(aws_ssm_parameter.x["a"].value)}',
        resource("aws_ssm_parameter", for_each={"a": "a"}, value="${each.value}"),
        resource("aws_ssm_parameter", for_each={"a": "b"}, value="${each.value}"),
    ),
    "nested index": (
        "${f(aws_ssm_parameter.x[local.k[0]].value)}",
        {**resource("aws_ssm_parameter", for_each={"a": 1}, value="a"), "locals": {"k": ["a"]}},
        {**resource("aws_ssm_parameter", for_each={"a": 1}, value="b"), "locals": {"k": ["a"]}},
    ),
    "module": (
        "${module.x.arn}",
        {"module": {"x": {"source": "./m", "name": "a"}}},
        {"module": {"x": {"source": "./m", "name": "b"}}},
    ),
    "input of a module": (
        "${module.x.arn}",
        {"module": {"x": {"source": "./m", "name": "${local.x}"}}, "locals": {"x": "a"}},
        {"module": {"x": {"source": "./m", "name": "${local.x}"}}, "locals": {"x": "b"}},
    ),
    "data": (
        "${data.aws_ssm_parameter.x.value}",
        data(name="${local.x}") | {"locals": {"x": "a"}},
        data(name="${local.x}") | {"locals": {"x": "b"}},
    ),
    "name of an ARN": (
        "${aws_sns_topic.x.arn}",
        resource("aws_sns_topic", name="a"),
        resource("aws_sns_topic", name="b"),
    ),
    "attribute of a type that is not known": (
        "${vault_secret.x.data}",
        resource("vault_secret", role="a"),
        resource("vault_secret", role="b"),
    ),
    "attribute that is no id": (
        "${aws_lambda_invocation.x.result}",
        resource("aws_lambda_invocation", input="a"),
        resource("aws_lambda_invocation", input="b"),
    ),
    "text that is not parsed": (
        "%{if true}${local.x}%{endif}",
        {"locals": {"x": "a"}},
        {"locals": {"x": "b"}},
    ),
    "expression that is not parsed": (
        "${provider::x::f(local.x)}",
        {"locals": {"x": "a"}},
        {"locals": {"x": "b"}},
    ),
}
SAME = {
    "a name that is not there": ("${f(local.y)}", {"locals": {"x": 1}}, {"locals": {"x": 2}}),
    "another member": (
        "${f(local.x.a)}",
        {"locals": {"x": {"a": 1, "b": 1}}},
        {"locals": {"x": {"a": 1, "b": 2}}},
    ),
    "another argument": (
        "${f(aws_ssm_parameter.x.value)}",
        resource("aws_ssm_parameter", value="a", tier="Standard"),
        resource("aws_ssm_parameter", value="a", tier="Advanced"),
    ),
    "another argument of a function": (
        "${aws_lambda_function.x.arn}",
        resource("aws_lambda_function", function_name="a", memory_size=128),
        resource("aws_lambda_function", function_name="a", memory_size=256),
    ),
    "tags": (
        "${vault_secret.x.data}",
        resource("vault_secret", role="a", tags={"a": "a"}),
        resource("vault_secret", role="a", tags={"a": "b"}),
    ),
    "another instance": (
        '${f(aws_ssm_parameter.x["a"].value)}',
        resource("aws_ssm_parameter", for_each={"a": "a"}, value="${each.value}"),
        resource("aws_ssm_parameter", for_each={"a": "a", "b": "b"}, value="${each.value}"),
    ),
    "another instance of data": (
        '${f(data.aws_ssm_parameter.x["a"].value)}',
        data(for_each={"a": "a"}, name="${each.value}"),
        data(for_each={"a": "a", "b": "b"}, name="${each.value}"),
    ),
    "the name of a `for`": (
        "${f([for local in [1] : local.x])}",
        {"locals": {"x": "a"}},
        {"locals": {"x": "b"}},
    ),
}


@pytest.mark.parametrize(("value", "base", "head"), OTHER.values(), ids=OTHER)
def test_what_decides_a_value(value: str, base: Json, head: Json) -> None:
    """Whatever can decide the value of an expression is a part of what it is made of."""
    assert digest(value, base) != digest(value, head)
    assert digest(value, base) == digest(value, dict(base))


@pytest.mark.parametrize(("value", "base", "head"), SAME.values(), ids=SAME)
def test_what_decides_nothing(value: str, base: Json, head: Json) -> None:
    """What an expression does not name, or no attribute is made of, changes nothing."""
    assert digest(value, base) == digest(value, head)


def test_the_output_of_another_stack() -> None:
    """What another stack puts out is made of what it is defined as there."""
    remote = "data.terraform_remote_state.cross-stack-reference-input-other.outputs"
    stacks = [
        {"output": {"arn": {"value": "${f(local.x)}"}}, "locals": {"x": name}} for name in "ab"
    ]
    one, other = (digest(f"${{{remote}.arn}}", {}, stack) for stack in stacks)

    assert one != other


def test_definitions_that_go_round_in_a_circle_end() -> None:
    """Names that are made of each other have a digest too."""
    circle = {"locals": {"x": "${local.y}", "y": "${local.x}"}}

    assert digest("${local.x}", circle) == digest("${local.x}", dict(circle))
