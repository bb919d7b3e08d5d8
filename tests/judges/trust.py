"""
cfn-lint reads trust policies: it holds AWS's grammar of policy documents.

It reads CloudFormation, so each policy becomes a role in a template; one run judges them all.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cfnlint.api import lint  # pyright: ignore[reportMissingTypeStubs]

if TYPE_CHECKING:
    from collections.abc import Mapping


def findings(policies: Mapping[str, Mapping[str, object]]) -> dict[str, list[str]]:
    """Say what cfn-lint finds in *policies*, by the policy's name; names are alphanumeric."""
    template = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Resources": {
            name: {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": policy}}
            for name, policy in policies.items()
        },
    }
    found: dict[str, list[str]] = {}
    matches: list[Any] = [*lint(json.dumps(template))]
    for match in matches:
        path = [str(part) for part in match.path or ()]
        name = path[1] if path[:1] == ["Resources"] else ""
        found.setdefault(name, []).append(f"{match.rule.id} {match.message}")
    return found
