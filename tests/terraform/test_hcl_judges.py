"""
Modules in the styles that people write are read as other people's readers of HCL read them.

Where one of these loses something, the test says what.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import cast

import pytest
from judges.hcl_readers import Json, comparable, hcl2json, python_hcl2

from deploy_access.terraform.hcl_file import parse_hcl

MODULES = {
    path.stem: path.read_text("utf-8")
    for path in sorted((Path(__file__).parent / "hcl_modules").glob("*.tf"))
}
TWICE = """
locals {
  condition = {
    StringEquals = { first = 1 }
    StringEquals = { second = 2 }
  }
}
"""
# What `hcl2json` has otherwise, by the path of the value.
OF_HCL2JSON: dict[str, dict[str, str]] = {
    # It writes a choice between two texts as a directive, without the quotes of the texts.
    "conditional": {
        "resource.aws_iam_role.web.0.description": "a %{if var.is_on}b%{else}c%{endif} d"
    },
    # It writes a type as an expression, which Terraform's JSON does not.
    "types": {
        "variable.roles.0.type": "${map(object({\n    subjects = list(string)\n"
        "    max      = optional(number, 3600)\n  }))}"
    },
    "variables": {"variable.env.0.type": "${string}"},
}
# What `python-hcl2` has otherwise.
OF_PYTHON: dict[str, dict[str, str]] = {
    # It keeps the markers and the indentation of a heredoc.
    "heredoc": {"resource.aws_iam_role.web.0.assume_role_policy": "<<EOF"},
    "flush_heredoc": {"resource.aws_iam_policy.web.0.policy": "<<-POLICY"},
    # A number with an exponent is an expression to it.
    "numbers": {"resource.aws_iam_role.web.0.tags.c": "${1e3}"},
    # A type is an expression to it where it has brackets.
    "types": {"variable.roles.0.type": "${map(object({subjects=list(string)"},
}


@cache
def of_hcl2json() -> Json:
    """Read all modules at once, as the program takes a second to start."""
    return hcl2json({**MODULES, "twice": TWICE})


def ours(source: str) -> Json:
    """Read a module."""
    return parse_hcl(source.encode(), "main.tf").content


def differences(one: object, other: object, path: str = "") -> dict[str, tuple[object, object]]:
    """List the places where two results differ."""
    mine, theirs = members(one), members(other)
    if type(one) is not type(other) or not mine or mine.keys() != theirs.keys():
        return {} if one == other else {path: (one, other)}
    found: dict[str, tuple[object, object]] = {}
    for step, value in mine.items():
        found |= differences(value, theirs[step], f"{path}.{step}".removeprefix("."))
    return found


def members(value: object) -> Json:
    """Return the members of an object by their keys, and those of a list by their numbers."""
    if isinstance(value, list):
        return {str(at): one for at, one in enumerate(cast("list[object]", value))}
    return cast("Json", value) if isinstance(value, dict) else {}


def test_there_are_twenty() -> None:
    """Each style is a module."""
    assert len(MODULES) == 20


@pytest.mark.slow
@pytest.mark.parametrize("name", MODULES)
def test_hcl2json(name: str) -> None:
    """Every value is what `@cdktf/hcl2json` has, but for what is listed."""
    found = differences(ours(MODULES[name]), of_hcl2json()[name])

    assert {path: theirs for path, (_, theirs) in found.items()} == OF_HCL2JSON.get(name, {})


@pytest.mark.parametrize("name", MODULES)
def test_python_hcl2(name: str) -> None:
    """Every value is what `python-hcl2` has, but for what is listed."""
    mine, theirs = comparable(ours(MODULES[name])), comparable(python_hcl2(MODULES[name]))
    found = {path: str(other) for path, (_, other) in differences(mine, theirs).items()}
    known = OF_PYTHON.get(name, {})

    assert found.keys() == known.keys()
    assert all(found[path].startswith(text) for path, text in known.items()), found


@pytest.mark.slow
def test_both_lose_a_key_that_stands_twice() -> None:
    """They keep the last one and say nothing, which is what hides a condition."""
    last = {"locals": [{"condition": {"StringEquals": {"second": 2}}}]}

    assert (of_hcl2json()["twice"], python_hcl2(TWICE)) == (last, last)
    assert parse_hcl(TWICE.encode(), "x.tf").repeated == ("locals.condition.StringEquals",)
