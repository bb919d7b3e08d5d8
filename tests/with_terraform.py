"""What tests with real Terraform share: what to do without it, and what a plan shows."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

Json = dict[str, Any]

POLICIES = ("assume_role_policy", "policy")


def give_up(reason: str) -> NoReturn:
    """Skip for want of a tool, but fail where CI promises that it is there."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def planned_policies(plan: Json) -> Iterator[tuple[str, object, object]]:
    """List each policy of a plan: its address, what is known of it, and what is not."""
    for resource in plan["resource_changes"]:
        change = resource["change"]
        for key in POLICIES:
            unknown: object = change["after_unknown"].get(key, False)
            if key in change["after"] or unknown:
                yield f"{resource['address']}.{key}", change["after"].get(key), unknown
