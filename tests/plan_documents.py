"""Plans in the JSON of Terraform, with the few keys that are read."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
ACCOUNT = "111122223333"
ROLE: Json = {"name": "web", "arn": f"arn:aws:iam::{ACCOUNT}:role/web", "assume_role_policy": "{}"}


def labels(address: str) -> Json:
    """Return the type and the name in an address."""
    kind, _, name = address.partition(".")
    return {"address": address, "mode": "managed", "type": kind, "name": name}


def resource(address: str, values: Json, **more: Any) -> Json:
    """Write a resource of a state or of the planned values."""
    return {**labels(address), "values": values, **more}


def change(address: str, *actions: str, before: Any = None, after: Any = None, **more: Any) -> Json:
    """Write what a plan does to a resource; *more* stands beside the change."""
    unknown = more.pop("unknown", {})
    inner = {"actions": [*actions], "before": before, "after": after, "after_unknown": unknown}
    return {**labels(address), "change": inner, **more}


def plan(prior: list[Json], *changes: Json, configured: Json | None = None, **more: Any) -> Json:
    """Write a plan: the state that it was made for, the changes, and what is configured."""
    after = [{**each, "values": values} for each in changes if (values := each["change"]["after"])]
    return {
        "format_version": "1.2",
        "prior_state": {"values": {"root_module": {"resources": prior}}},
        "planned_values": {"root_module": {"resources": after}},
        "resource_changes": [*changes],
        "configuration": {
            "provider_config": {"aws": {"name": "aws"}},
            "root_module": {
                "resources": [
                    {"address": address, "provider_config_key": "aws", "expressions": expressions}
                    for address, expressions in (configured or {}).items()
                ]
            },
        },
        **more,
    }
