"""AWS's published list of actions, as it is shipped."""

from __future__ import annotations

import json
import os
import runpy
from pathlib import Path

import pytest

from deploy_access.iam.action_list import list_date, listed_actions, listed_services, type_arns

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "deploy_access" / "iam" / "aws_actions.json"
SCRIPT = ROOT / "scripts" / "aws_actions.py"


def test_the_list_is_that_of_the_pinned_package() -> None:
    """The file is what the script makes of the data that npm installed."""
    script = runpy.run_path(str(SCRIPT))
    if not script["PACKAGE"].exists():
        message = "The data of AWS's actions are not installed: `make setup` installs them."
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)

    assert SHIPPED.read_text("utf-8") == script["compile_list"]()


def test_a_line_is_a_service() -> None:
    """Each service stands on a line of its own; lines read one by one say what the JSON says."""
    whole = json.loads(SHIPPED.read_text("utf-8"))

    assert list(listed_services()) == list(whole["services"])
    assert list_date() == whole["date"]
    for service, published in whole["services"].items():
        assert list(listed_actions(service)) == [
            (level, types, names.split())
            for level, by_types in published["levels"].items()
            for types, names in by_types.items()
        ]


def test_each_resource_type_has_an_arn() -> None:
    """Every resource type that an action takes has at least one pattern of an ARN."""
    without = [
        (service, one)
        for service in listed_services()
        for _, types, _ in listed_actions(service)
        for one in filter(None, types.split(","))
        if not type_arns(service, one)
        or not all(arn.startswith("arn:*:") for arn in type_arns(service, one))
    ]

    assert without == []


@pytest.mark.parametrize(
    ("service", "resource_type", "expected"),
    [
        pytest.param("ecs", "cluster", ("arn:*:ecs:*:*:cluster/*",), id="usual"),
        pytest.param("s3", "bucket", ("arn:*:s3:::*",), id="no region"),
        pytest.param(
            "codedeploy",
            "deploymentconfig",
            ("arn:*:codedeploy:*:*:deploymentconfig:*",),
            id="colon",
        ),
        pytest.param(
            "apigateway",
            "Authorizers",
            (
                "arn:*:apigateway:*::/apis/*/authorizers",
                "arn:*:apigateway:*::/restapis/*/authorizers",
            ),
            id="two",
        ),
        pytest.param("ecs", "bucket", (), id="not of the service"),
        pytest.param("none", "cluster", (), id="no service"),
    ],
)
def test_arns(service: str, resource_type: str, expected: tuple[str, ...]) -> None:
    """A resource type has its ARN with a `*` for each of AWS's placeholders."""
    assert type_arns(service, resource_type) == expected


def test_no_service() -> None:
    """A service that AWS does not publish has no actions."""
    assert list(listed_actions("none")) == []
