"""The values of expressions: operators, functions, conditionals, splats and `for`."""

from __future__ import annotations

import json
import os
import random
import subprocess
from shutil import which

import pytest
from expression_samples import RESOLVED, UNRESOLVED
from reading_files import EMPTY_MODULE
from with_terraform import give_up

from deploy_access.terraform.expression_values import NO_NAMES
from deploy_access.terraform.scopes import scopes_of

# One value for each kind of operand; the functions take them in any mixture.
TEXTS = ('"a"', '"b-c"', '""', '"10"', '"true"', 'upper("x")', '"${1}-z"')
NUMBERS = ("0", "1", "7", "-2", '"3"', "length([1, 2])")
TRUTHS = ("true", "false", "1 < 2", '"true"', "null == null")
LISTS = ("[]", '["a", "b"]', "[1, 2]", 'toset(["b", "a"])', '["a", null]', '[["x"], []]')
MAPS = ("{}", '{a = "x"}', '{b = 1, a = "y"}', '{a = ["p"], c = {d = "q"}}')
FORMS = (
    "{T} ? {T} : {T}",
    "{T} ? {N} : {T}",
    "{B} ? {L} : {L}",
    "{B} ? {M} : {M}",
    "{N} + {N} * {N}",
    "{N} - {N} < {N}",
    "{B} && {B} || !{B}",
    "{T} == {T}",
    "{N} != {N}",
    "[for x in {L} : x]",
    "[for k, v in {M} : k if k != {T}]",
    "{{for i, x in {L} : i => x}}",
    "{L}[{N}]",
    "{M}[{T}]",
    "length({L})",
    "concat({L}, {L})",
    "merge({M}, {M})",
    "lookup({M}, {T}, {T})",
    "contains({L}, {T})",
    "join({T}, {L})",
    'format("%s:%d", {T}, {N})',
    "coalesce({T}, {T})",
    "element({L}, {N})",
    "flatten([{L}, {L}])",
    "distinct({L})",
    "compact({L})",
    "tolist({L})",
    "toset({L})",
    "keys({M})",
    "values({M})",
    "zipmap({L}, {L})",
    "replace({T}, {T}, {T})",
    "{L}[*]",
    "[{M}, {M}].*.a",
)


def value_of(expression: str) -> object:
    """Return the value of an expression, with `${…}` where it is not resolved."""
    (scope,) = scopes_of([EMPTY_MODULE])
    return scope.symbols.write_value(scope.value_for(f"${{[{expression}]}}", NO_NAMES))


@pytest.mark.parametrize(("expression", "value"), RESOLVED)
def test_an_expression_that_is_resolved(expression: str, value: object) -> None:
    """It has the value, and the type, that Terraform gives it."""
    assert json.dumps(value_of(expression), sort_keys=True) == json.dumps([value], sort_keys=True)


@pytest.mark.parametrize("expression", UNRESOLVED)
def test_an_expression_that_is_not_resolved(expression: str) -> None:
    """What is an error, or is not certain, stays as it is written."""
    assert value_of(expression) == [f"${{{expression}}}"]


@pytest.mark.terraform
def test_terraform_gives_the_listed_values() -> None:
    """The values of the list are those of Terraform."""
    expressions = [expression for expression, _ in RESOLVED]

    assert console(expressions) == [[value] for _, value in RESOLVED]


@pytest.mark.terraform
def test_terraform_gives_the_same_values_to_generated_expressions() -> None:
    """A generated expression is resolved to Terraform's value, or not resolved."""
    chosen = random.Random(10)  # noqa: S311 - the same expressions in every run
    expressions = [generated(chosen) for _ in range(250)]
    ours = [value_of(expression) for expression in expressions]
    wrong = [
        (expression, mine, its)
        for expression, mine, its in zip(expressions, ours, console(expressions), strict=True)
        if its != "error" and "${" not in json.dumps(mine) and mine != its
    ]

    assert wrong == []
    assert sum("${" not in json.dumps(mine) for mine in ours) > 100


def generated(chosen: random.Random) -> str:
    """Put operands into a form, one or two levels deep."""
    operands = {"T": TEXTS, "N": NUMBERS, "B": TRUTHS, "L": LISTS, "M": MAPS}
    form = chosen.choice(FORMS)
    for kind, values in operands.items():
        while f"{{{kind}}}" in form:
            form = form.replace(f"{{{kind}}}", f"({chosen.choice(values)})", 1)
    return form.replace("{{", "{").replace("}}", "}")


def console(expressions: list[str]) -> list[object]:
    """Ask Terraform for the values; `error` for an expression that it refuses."""
    if which("terraform") is None:
        give_up("Terraform is not installed.")
    tried = ",".join(f'try([{expression}], "error")' for expression in expressions)
    found = subprocess.run(
        ["terraform", "console", "-no-color"],
        input=f"jsonencode([{tried}])\n",
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "TF_CLI_CONFIG_FILE": os.devnull},
    )
    if found.returncode == 0:
        return json.loads(json.loads(found.stdout.replace("$${", "${")))
    # What `try` does not catch ends the whole run: look for it by halves.
    if len(expressions) == 1:
        return ["error"]
    middle = len(expressions) // 2
    return [*console(expressions[:middle]), *console(expressions[middle:])]
