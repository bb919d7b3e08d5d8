"""The systems that people built by hand show their traps; what the constructs make is clean."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from audit_policies import estate
from example_programs import APP, EXAMPLES, STACKS, TOKEN_EXCHANGE

from deploy_access.audit.estate_audit import audit_estate
from deploy_access.terraform.reader import read_estate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from example_programs import Program

SUB = "Statement[0].Condition.StringLike"

# Each trap with its place. `legacy-name` is a note: the names of all five systems can change hands.
# Of the last system its write-up names the issuer, the tags and the organization; that no audience
# is asked for, and that all of a repository is trusted, its policies show besides.
AS_WRITTEN: dict[str, set[tuple[str, str]]] = {
    "000-push-to-ecr/as-written/trust-policy.json": {
        ("bad-ref", "Statement[0].Condition.StringEquals"),
    },
    "000-push-to-ecr/as-written/push-policy.json": set(),
    "001-shared-role-separate-state/as-written/trust-policy.json": {
        ("no-aud", "Statement[0]"),
        ("repo-wide", SUB),
    },
    "001-shared-role-separate-state/as-written/common-policy.json": set(),
    "001-shared-role-separate-state/as-written/application-policy.json": {
        ("no-cluster", "Statement[1]"),
        ("pass-role-service", "Statement[2]"),
    },
    "002-stack-per-environment/as-written/trust-policy.json": {
        ("loose-aud", "Statement[0].Condition.StringLike"),
        ("repo-wide", SUB),
    },
    "002-stack-per-environment/as-written/push-policy.json": {("resource-star", "Statement[0]")},
    "003-deploy-with-composite-action/as-written/trust-policy.json": {
        ("no-aud", "Statement[0]"),
        ("repo-wide", SUB),
    },
    "004-token-exchange/as-written/trust-policy.json": {
        ("no-aud", "Statement[0]"),
        ("repo-wide", SUB),
        ("retired-issuer", "Statement[0].Principal"),
        ("tag-session", "Statement[0]"),
    },
    "004-token-exchange/as-written/organization-trust-policy.json": {
        ("no-aud", "Statement[0]"),
        ("org-wide", SUB),
        ("retired-issuer", "Statement[0].Principal"),
        ("tag-session", "Statement[0]"),
    },
}
ATTACHED: dict[str, set[tuple[str, str]]] = {
    "001-shared-role-separate-state": {
        ("role-arn", "arn:aws:iam::111122223333:role/sample-task"),
    },
    "002-stack-per-environment": {
        ("full-access-policy", "arn:aws:iam::aws:policy/AmazonECS_FullAccess"),
    },
    "003-deploy-with-composite-action": {
        ("full-access-policy", "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPowerUser"),
    },
}


def test_every_policy_is_here() -> None:
    """No policy of the five systems is left out."""
    written = {
        str(path.relative_to(EXAMPLES)) for path in EXAMPLES.glob("*/as-written/*-policy.json")
    }
    attached = {path.parents[1].name for path in EXAMPLES.glob("*/as-written/attachments.json")}

    assert (written, attached) == (set(AS_WRITTEN), set(ATTACHED))


@pytest.mark.parametrize("policy", AS_WRITTEN)
def test_as_written(policy: str) -> None:
    """Each policy shows its traps, and nothing else is made of it."""
    audit = audit_estate(read_estate(EXAMPLES / policy))

    assert {(p.finding.rule, p.path) for p in audit.findings} == AS_WRITTEN[policy]
    assert audit.problems == ()


@pytest.mark.parametrize("example", ATTACHED)
def test_attachments_as_written(example: str) -> None:
    """What was attached by hand, and to what, is found too."""
    text = (EXAMPLES / example / "as-written/attachments.json").read_text("utf-8")
    blocks = {f"A{index}": block for index, block in enumerate(json.loads(text))}

    audit = estate({"aws_iam_role_policy_attachment": blocks})

    assert {(p.finding.rule, p.finding.evidence) for p in audit.findings} == ATTACHED[example]


@pytest.mark.parametrize("program", [APP, *STACKS], ids=lambda program: program.example or "app")
def test_the_constructs_are_clean(synthesize: Callable[[Program], Path], program: Program) -> None:
    """Nothing of warning or above stays open, and no acceptance is for nothing."""
    audit = audit_estate(read_estate(synthesize(program)))

    open_: list[Any] = [p for p in audit.findings if p.finding.severity != "note"]
    assert (open_, audit.problems) == ([], ())
    by_design = {"assume-onwards", "env-unprotected", "legacy-name", "runs-as-task"}
    assert {p.finding.rule for p in audit.findings} <= by_design
    assert audit.roles > 0


def test_what_an_example_accepts_is_printed(synthesize: Callable[[Program], Path]) -> None:
    """The one wide subject of the examples is there with the reason."""
    audit = audit_estate(read_estate(synthesize(TOKEN_EXCHANGE)))

    assert [(p.finding.rule, p.accepted) for p in audit.accepted] == [
        ("org-wide", "only calls sts:GetCallerIdentity, which needs no permission")
    ]
