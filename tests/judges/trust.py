"""
cfn-lint reads trust policies: it holds AWS's grammar of policy documents.

It reads CloudFormation, so each policy becomes a role in a template; one run judges them all.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def findings(policies: Mapping[str, Mapping[str, object]]) -> dict[str, list[str]]:
    """Say what cfn-lint finds in *policies*, by the policy's name; names are alphanumeric."""
    # Three seconds of CPU, which tests that only collect would pay in every worker.
    from cfnlint.api import lint  # noqa: PLC0415  # pyright: ignore[reportMissingTypeStubs]

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
