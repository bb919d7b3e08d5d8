"""What the audit takes for granted about actions, against AWS's own list of them."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy_access.audit.actions import (
    WITH_RESOURCE,
    gives_permissions,
    is_reading,
    is_whole_service,
    matches_action,
)


@cache
def published() -> dict[str, Any]:
    """Read the actions that AWS publishes, as `parliament` ships them."""
    spec = find_spec("parliament")
    assert spec is not None
    assert spec.origin is not None
    text = Path(spec.origin).with_name("iam_definition.json").read_text("utf-8")
    services = cast("list[dict[str, Any]]", json.loads(text))
    return {
        f"{service['prefix']}:{action['privilege']}": action
        for service in services
        for action in service["privileges"]
    }


def test_actions_with_resources() -> None:
    """Each action that has to name a resource can do so."""
    known = published()

    without = [
        action
        for action in sorted(WITH_RESOURCE)
        if not any(resource["resource_type"] for resource in known[action]["resource_types"])
    ]
    assert without == []


def test_actions_that_give_permissions() -> None:
    """What AWS calls permissions management in IAM is found as such, but for passing a role."""
    missed = {
        name
        for name, action in published().items()
        if name.startswith("iam:")
        and action["access_level"] == "Permissions management"
        and not gives_permissions(name)
    }

    assert missed <= {"iam:PassRole"}


def test_reading_actions() -> None:
    """No action of ECR, ECS or IAM that changes something is taken for one that reads."""
    wrong = {
        name
        for name, action in published().items()
        if name.startswith(("ecr:", "ecs:", "iam:"))
        and is_reading(name)
        and action["access_level"] not in {"Read", "List"}
    }

    assert wrong == set()


@given(
    st.text(alphabet="ab*?:", max_size=8),
    st.text(alphabet="ab:", max_size=8),
)
def test_matching(pattern: str, action: str) -> None:
    """Wildcards match as the same regular expression does."""
    parts = {"*": ".*", "?": "."}
    expected = re.fullmatch("".join(parts.get(c, c) for c in pattern), action) is not None

    assert matches_action(pattern, action) is expected


@pytest.mark.parametrize(
    ("action", "whole"), [("*", True), ("ecs:*", True), ("ecs:**", True), ("ecs:U*", False)]
)
def test_whole_services(action: str, *, whole: bool) -> None:
    """Only a wildcard by itself is every action."""
    assert is_whole_service(action) is whole
