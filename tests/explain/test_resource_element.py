"""A `Resource` in a trust policy goes with every change that lets a run in."""

from __future__ import annotations

import json
from typing import Any, cast

import pytest
from explain_cases import MAIN, PROVIDER, Json, explain, policy, run_of, statement, trusting

ENVIRONMENT = "repo:acme/web:environment:prod"


def with_resource(trust: Json, element: str = "Resource") -> Json:
    """Write the element into every statement."""
    statements = [one | {element: "*"} for one in trust["Statement"]]
    return trust | {"Statement": statements}


@pytest.mark.parametrize("element", ["Resource", "NotResource"])
def test_the_element_alone(element: str) -> None:
    """The whole statement without it is shown, and lets the run in."""
    finding = explain(run_of(), with_resource(policy(statement()), element))

    assert (finding.cause.id, finding.besides) == ("resource-element", ())
    (change,) = finding.cause.changes
    assert change.policy == policy(statement())
    assert json.loads(dict(change.forms)["JSON"]) == statement()


@pytest.mark.parametrize(
    "trust",
    [
        pytest.param(trusting(ENVIRONMENT), id="another context"),
        pytest.param(policy(statement(Action="sts:AssumeRole")), id="another action"),
        pytest.param(
            policy(statement(Principal={"Federated": PROVIDER.replace("1111", "4444")})),
            id="another account",
        ),
        pytest.param(policy(statement(), statement(Condition={})), id="two statements"),
        pytest.param(trusting("repo:acme/web:ref:main"), id="a bad ref"),
    ],
)
def test_what_is_wrong_besides(trust: Json) -> None:
    """Each change takes the element out of every statement, and mends all else."""
    changes = explain(run_of(), with_resource(trust)).cause.changes

    assert changes
    for change in changes:
        statements = cast("list[Any]", (change.policy or {})["Statement"])
        assert not any("Resource" in one for one in statements)
        assert explain(change.run or run_of(), dict(change.policy or {})).answer == "allowed"
        assert "take out `Resource`" in change.text


def test_the_narrower_side_stays_first() -> None:
    """The order of the changes is that of a policy without the element."""
    first, last = explain(run_of(), with_resource(trusting(ENVIRONMENT))).cause.changes

    assert ("YAML", "environment: prod") in first.forms
    assert first.policy == trusting(ENVIRONMENT)
    assert last.text.startswith("Or in the policy, take out `Resource`; then only if whoever may ")
    assert last.policy == trusting(ENVIRONMENT, MAIN)


def test_each_help_is_enough() -> None:
    """A change that mends one of two causes alone is not listed."""
    trust = trusting(ENVIRONMENT)
    condition = trust["Statement"][0]["Condition"]["StringEquals"]
    condition["token.actions.githubusercontent.com:aud"] = "wrong"

    changes = explain(run_of(), trust).cause.changes

    assert not any("audience:" in text for change in changes for _, text in change.forms)
